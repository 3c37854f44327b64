// From what was typed to what the run needs. Everything that can be wrong with the command line is found here, before the
// first request.

import FetchFormats
import ArgumentParser
import FetchKit
import Glibc

/// One run, as the rest of the program sees it.
struct Settings: Sendable {
    var configuration = Configuration()
    var template = RequestTemplate(readFile: contents(ofFileToSend:))
    var output = OutputSettings()
    var globbing = URLList.Globbing.ofArguments
    var report = Reporter.Style()
    /// Something a person should know before the run.
    var notice: String?

    /// Whether anything is written, shown or counted of outcomes that went well, besides their number.
    var needsSuccesses: Bool {
        output.format.needs.writes || output.directory != nil || output.manifest != nil || output.statistics != nil || report.attempts
            || report.timings
            || report.progress != .off || (report.summary ?? (report.hosts || isatty(STDERR_FILENO) == 1))
    }

    /// Throws `ValidationError` for what the user must type differently, `UnreadableFile` for a file that cannot be read.
    /// `configFiles` are those that the options come from.
    init(_ command: Fetch, configFiles: [String] = []) throws {
        let urls = command.input.urls + command.input.url
        output.isOneOfSeveral =
            urls.count != 1 || urls == ["-"] || !command.input.lists.isEmpty || (!command.input.globoff && Glob.isPattern(urls[0]))
        set(command.concurrency, savingBodies: command.files.outputDir != nil || command.files.remoteName)
        try set(command.request, readsList: command.readsStandardInput)
        try set(command.authentication, readsList: command.readsStandardInput)
        if command.input.glob && command.input.globoff { throw ValidationError("--glob and --globoff exclude each other.") }
        globbing = command.input.globoff ? .off : command.input.glob ? .everywhere : .ofArguments
        try set(command.limits)
        try set(command.connection)
        // After the connection: where nobody chose, a format may have a wish about HTTP's version.
        try set(command.output, command.files)
        try set(command.tls)
        try set(command.manners)
        try set(command.whole)
        try set(command.names)
        try set(command.addressGuard)
        set(command.report)
        try refuseSameFiles(command, configFiles)
    }

    private mutating func set(_ options: LimitOptions) throws {
        configuration.timeouts.total = options.maxTime?.duration == .zero ? nil : options.maxTime?.duration
        configuration.timeouts.connect = options.connectTimeout.duration == .zero ? .seconds(300) : options.connectTimeout.duration
        // libcurl counts in whole seconds, and 0 means never.
        let stall = options.speedTime.duration
        configuration.timeouts.stall = stall == .zero ? .zero : .seconds((stall.microseconds + 999_999) / 1_000_000)
        configuration.timeouts.stallSpeed = options.speedLimit.value
        configuration.bodies.maxCompressionRatio = options.maxRatio == 0 ? nil : options.maxRatio
        configuration.bodies.maxSize = options.maxFilesize.map { Int64($0.bytes) }
        configuration.bodies.memory = options.bodyMemory.bytes
        configuration.bodies.spillDirectory = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }

    private mutating func set(_ options: ConcurrencyOptions, savingBodies: Bool) {
        let wanted = options.concurrency?.value ?? configuration.limits.concurrency
        configuration.limits.concurrency = Startup.transfersThatFit(wanted, savingBodies: savingBodies)
        if configuration.limits.concurrency < wanted && options.concurrency != nil || configuration.limits.concurrency < min(wanted, 64) {
            notice = "only \(configuration.limits.concurrency) transfers at once instead of \(wanted): too few file descriptors (ulimit -n)"
        }
        // Who asks for so many at once means it, also when there is only one host.
        configuration.limits.perHost = options.perHost?.value ?? options.concurrency.map { _ in wanted } ?? configuration.limits.perHost
        configuration.limits.threads = options.threads.value
        configuration.limits.lookAhead = options.lookAhead?.value
    }

    private mutating func set(_ options: ReportOptions) {
        report.failures = !options.isSilent
        report.timings = options.timings
        report.attempts = options.isVerbose
        report.summary = options.summary ?? (options.isQuiet || options.isSilent ? false : nil)
        report.hosts = options.hosts
        output.statistics = options.stats
        report.progress = progressStyle(options)
        if options.isQuiet || options.isSilent { notice = nil }
    }

    /// By itself on a terminal, but not where results go to the same one.
    private func progressStyle(_ options: ReportOptions) -> Progress.Style {
        let isQuiet = options.isQuiet || options.isSilent || options.timings || options.isVerbose
        let isShared = output.isTerminal && output.format.needs.writes
        guard options.progress ?? (canRedraw(STDERR_FILENO) && !isShared && !isQuiet) else { return .off }
        return canRedraw(STDERR_FILENO) ? .line : .lines
    }
}
