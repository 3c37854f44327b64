// What a command line means. Everything that can be wrong with it is found here, before the first request.

import FetchFormats
import FetchKit

/// One run, as the rest of the program sees it.
struct Settings: Sendable {
    var urls: [String] = []
    /// Files of URLs; `-` is standard input.
    var lists: [String] = []
    var globbing = URLList.Globbing.ofArguments
    var configuration = Configuration()
    var template = RequestTemplate(readFile: bodyOfFile(named:))
    var output = OutputSettings()
    var report = Reporter.Style()
    /// Whether anything is written, shown or counted of outcomes that went well, besides their number.
    var needsSuccesses = true
    /// Whether the user has said how many transfers there are at once.
    var isConcurrencyChosen = false
    /// Something a person should know before the run, unless they want to know little.
    var notice: String?
    var showsNotice = true
    /// Whether a person should know when there is something on standard input, which nothing reads.
    var ignoresInput = false
    /// What is wrong with the options if the input turns out to be empty.
    var complaint: UsageError?

    init() {}

    /// Depends on nothing but the arguments and their surroundings. Throws `UsageError` for what the user must type differently,
    /// `UnreadableFile` for a file that cannot be read.
    init(_ arguments: Arguments, in surroundings: Surroundings) throws {
        if let error = arguments.swallowedURL(certainly: true) { throw error }
        try OptionTable.checkAlternatives(arguments.occurrences)
        var draft = Draft(surroundings: surroundings, readsStandardInput: arguments.readsStandardInput)
        for occurrence in arguments.occurrences { try draft.apply(occurrence) }
        for file in arguments.configFiles { draft.read(file, by: "-K") }
        if let notice = arguments.wordNotice { draft.settings.tell(notice) }
        draft.settings.complaint = arguments.swallowedURL(certainly: false)
        self = try draft.settle()
    }

    /// The same with as many transfers at once as the system has descriptors for.
    func fitting(transfers: Int) -> Settings {
        let wanted = configuration.limits.concurrency
        guard transfers < wanted else { return self }
        var settings = self
        settings.configuration.limits.concurrency = transfers
        if isConcurrencyChosen || transfers < Configuration().limits.concurrency {
            settings.tell("only \(transfers) transfers at once instead of \(wanted): too few file descriptors (ulimit -n)")
        }
        return settings
    }

    mutating func tell(_ text: String) { notice = (notice.map { $0 + "; " } ?? "") + text }
}

extension Draft {
    /// The settings, once all options are applied.
    mutating func settle() throws -> Settings {
        if settings.urls.isEmpty && settings.lists.isEmpty {
            if surroundings.isTerminal(0) {
                throw settings.complaint ?? UsageError("no URL: give URLs, -i FILE, or a list on standard input", showsUsage: true)
            }
            settings.urls = ["-"]
        }
        if let folder = surroundings.variable("TMPDIR"), !folder.isEmpty { configuration.bodies.spillDirectory = folder }
        settleConcurrency()
        output.isOneOfSeveral =
            settings.urls.count != 1 || settings.urls == ["-"] || !settings.lists.isEmpty
            || (settings.globbing != .off && Glob.isPattern(settings.urls[0]))
        try settleRequests()
        try settleAuthentication()
        try settleConnections()
        // After the connections: where nobody chose, a format prefers a version of HTTP.
        try settleOutput()
        try settleTLS()
        try settleGuard()
        settleReport()
        try refuseSameFiles()
        if isDryRun { settlePlan() }
        return settings
    }

    private mutating func settleConcurrency() {
        settings.isConcurrencyChosen = concurrency != nil
        if let concurrency { configuration.limits.concurrency = concurrency }
        // Who asks for so many at once means it, also when there is only one host.
        if let perHost = perHost ?? concurrency { configuration.limits.perHost = perHost }
    }

    /// No output is opened, because a file would be emptied for nothing.
    private mutating func settlePlan() {
        let files = output.directory
        output = OutputSettings()
        output.plan = Plan(files: files)
        report.summary = false
        (report.hosts, report.timings, report.progress) = (false, false, .off)
        settings.needsSuccesses = true
    }

    private mutating func settleReport() {
        report.failures = isSilent && !showsErrors ? nil : failures ?? (surroundings.isTerminal(2) ? .few : .all)
        if report.summary == nil && (isQuiet || isSilent) { report.summary = false }
        // By itself on a terminal, but not where results go to the same one.
        let isBusy = isQuiet || isSilent || report.timings || report.attempts
        let isShared = output.isTerminal && (output.format.needs.writes || output.heads == "-")
        if progress ?? (surroundings.canRedraw && !isShared && !isBusy) {
            report.progress = surroundings.canRedraw ? .line : .lines
        }
        settings.showsNotice = !isQuiet && !isSilent
        report.newNames = settings.showsNotice && isRemoteName && surroundings.isTerminal(2)
        settings.ignoresInput =
            settings.showsNotice && surroundings.isTerminal(2) && !surroundings.isTerminal(0)
            && !(settings.urls + settings.lists + filesRead.map(\.file)).contains("-")
        settings.needsSuccesses =
            output.format.needs.writes || output.directory != nil || output.manifest != nil || output.heads != nil
            || output.statistics != nil || report.attempts
            || report.timings || report.progress != .off || (report.summary ?? (report.hosts || surroundings.isTerminal(2)))
    }
}

extension OptionTable {
    /// Throws `UsageError` where two options are given of which one excludes the other.
    static func checkAlternatives(_ occurrences: [Occurrence]) throws(UsageError) {
        for names in alternatives {
            var first: Occurrence?
            for occurrence in occurrences where occurrence.isOn && names.contains(occurrence.option.name) {
                if let first, first.option.name != occurrence.option.name {
                    throw UsageError("\(first.typed) and \(occurrence.typed) exclude each other")
                }
                first = occurrence
            }
        }
    }
}
