// The whole program in one page: options, inputs, fetcher, output, exit status.

import ArgumentParser
import FetchKit
import Glibc
import Synchronization

@main
struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch many URLs at once: bodies, timings and errors, in order, none lost.",
        usage: """
            fetch [options] <url> ...
            producer | fetch [options]
            fetch [options] -i list.txt
            """,
        discussion: """
            Redirects are followed, bodies decompressed, certificates verified. Bodies go to standard output in input \
            order, one line for each failure to standard error.

            EXAMPLES:
              fetch https://example.com                          one body
              fetch -j 200 -i urls.txt > bodies                  many, in order
              seq -f 'http://localhost/%g' 1000 | fetch --format none --summary
              fetch -i urls.txt --output-dir pages --skip-existing
              fetch -C - -o image.iso https://example.com/image.iso
              fetch --format warc -o site.warc.gz -i urls.txt
              fetch --format jsonl < urls.txt | jq -r 'select(.ok|not) | [.error, .url] | @tsv'

            EXIT STATUS:
              0 all fetched; 1 some failed; 64 usage; 66 a file cannot be read; 70 a fault of fetch; 73 an output \
            cannot be created; 74 an output cannot be written; 75 stopped by a limit of yours; 130 and 143 interrupted; 141 the reader of the output has left.
            """)

    @OptionGroup(title: "Input") var input: InputOptions
    @OptionGroup(title: "How much at once") var concurrency: ConcurrencyOptions
    @OptionGroup(title: "Manners") var manners: MannersOptions
    @OptionGroup(title: "The whole run") var whole: RunOptions
    @OptionGroup(title: "Requests") var request: RequestOptions
    @OptionGroup(title: "Authentication and cookies") var authentication: AuthenticationOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions
    @OptionGroup(title: "Connections") var connection: ConnectionOptions
    @OptionGroup(title: "TLS") var tls: TLSOptions
    @OptionGroup(title: "Names and addresses") var names: NameOptions
    @OptionGroup(title: "Guard") var addressGuard: GuardOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "A file for each body") var files: FileOptions
    @OptionGroup(title: "Messages") var report: ReportOptions
    @OptionGroup var compatibility: CompatibilityOptions

    static func main() {
        let arguments = Arguments.takeFromProcess()
        let signals = SignalWatch()
        Startup.prepare()
        do {
            let executor = try RunExecutor.start()
            Task.detached(executorPreference: executor) { await perform(arguments, signals, executor).exit() }
        } catch {
            Message.tell(error.description)
            ExitStatus.internalError.exit()
        }
        signals.watch()
    }

    private static func perform(_ arguments: [String], _ signals: SignalWatch, _ executor: RunExecutor) async -> ExitStatus {
        do {
            let arguments = try Arguments(arguments)
            if let option = arguments.swallowedURL(certainly: true) { throw ValidationError(option.swallowed) }
            let command = try parse(arguments.parsed)
            return try await command.run(arguments, signals, executor)
        } catch let error as UnreadableFile {
            Message.tell(error.description)
            return .noInput
        } catch let error as OutputTarget.Uncreatable {
            Message.tell(error.description)
            return .cannotCreate
        } catch let error as ThreadUnavailable {
            Message.tell(error.description)
            return .internalError
        } catch let error as DescriptorUnavailable {
            Message.tell(error.description)
            return .internalError
        } catch {
            return Usage.show(error)
        }
    }

    private func run(_ arguments: Arguments, _ signals: SignalWatch, _ executor: RunExecutor) async throws -> ExitStatus {
        if report.showsVersion { return Usage.print(Version.text) }
        let urls = input.urls + input.url
        let reads = urls.isEmpty && input.lists.isEmpty
        let swallowed = arguments.swallowedURL(certainly: false)?.swallowed
        if reads && isatty(STDIN_FILENO) == 1 {
            throw ValidationError(swallowed ?? "No URL. Give URLs, -i FILE, or a list on standard input.")
        }
        if let file = input.config.first { throw UnreadableFile("cannot read \(file): no such file") }
        let inputs = try Input.open(urls: reads ? ["-"] : urls, lists: input.lists)
        let settings = try Settings(self, configFiles: arguments.configFiles)
        if let notice = settings.notice { Message.tell(notice) }
        return try await Self.run(inputs, settings, signals, executor, complaint: swallowed)
    }

    /// Whether standard input is a list of URLs.
    var readsStandardInput: Bool {
        let urls = input.urls + input.url
        return urls.contains("-") || input.lists.contains("-") || (urls.isEmpty && input.lists.isEmpty)
    }

    /// `complaint` is what is wrong with the options if the input turns out to be empty.
    private static func run(
        _ inputs: [Input], _ settings: Settings, _ signals: SignalWatch, _ executor: RunExecutor, complaint: String?
    ) async throws -> ExitStatus {
        let monitor = RunMonitor()
        let memory = BodyMemory(limit: settings.configuration.bodies.memory)
        let list = try URLList(inputs, template: settings.template, globbing: settings.globbing)
        let cancellation = Cancellation()
        let outputs = try OpenOutputs(settings.output)
        var configuration = settings.configuration
        configuration.cookies?.receive = { [jar = outputs.jar] in jar?.take($0) }
        let progress = Progress(settings.report.progress, monitor)
        let store = SpillStore(directory: settings.configuration.bodies.spillDirectory) { reason in
            guard settings.report.failures else { return }
            progress.write("fetch: \(reason); transfers wait for memory")
            progress.flush()
        }
        signals.onQuestion { progress.tell() }
        let output = try Output(
            files: outputs.files, takesSuccesses: settings.needsSuccesses, progress: progress,
            {
                outputs.makeStream(
                    settings.output, settings.report, settings.configuration, memory: memory, store: store, progress: progress)
            },
            onFailure: { cancellation.cancel() })

        try Startup.requireDescriptors(threads: configuration.limits.threads, savingBodies: outputs.files != nil)
        let fetcher = Fetcher(configuration, memory: memory, store: store, monitor: monitor)
        let fetching = Task(executorPreference: executor) { try await fetcher.run(list, into: output) }
        cancellation.onCancel { fetching.cancel() }
        signals.onSignal { cancellation.cancel() }
        let fetched = await fetching.result
        await fetcher.close()
        let written: Result<Int, any Error>
        let report = (try? fetched.get()) ?? RunReport()
        do { written = .success(try await output.finish(report)) } catch { written = .failure(error) }
        list.close()
        var ended = status(fetched, written, signals.received)
        do {
            try outputs.jar?.write()
        } catch {
            Message.tell("\(error)")
            if [.success, .someFailed, .stoppedByLimit].contains(ended) { ended = .outputFailed }
        }
        // An empty list is fine, but not where its URL is the value of an option.
        if ended == .success, report.outcomes == 0, report.isInputRead, let complaint {
            return Usage.show(ValidationError(complaint))
        }
        return ended
    }

    private static func status(
        _ fetched: Result<RunReport, any Error>, _ written: Result<Int, any Error>, _ signal: Int32?
    ) -> ExitStatus {
        if let signal { return .signal(signal) }
        switch (written, fetched) {
        case (.failure(OutputError.readerLeft), _): return .signal(SIGPIPE)
        case (.failure(let error), _):
            Message.tell("\(error)")
            return .outputFailed
        case (.success, .failure(let error)):
            Message.tell("\(error)")
            return .internalError
        case (.success(let laterFailures), .success(let report)):
            if report.stop == .deadline || report.stop == .failures { return .stoppedByLimit }
            return report.failures + laterFailures == 0 ? .success : .someFailed
        }
    }
}

/// Cancels a task that may not have been made yet.
private final class Cancellation: Sendable {
    private let state = Mutex<(isCancelled: Bool, cancel: (@Sendable () -> Void)?)>((false, nil))

    func onCancel(_ cancel: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.cancel = cancel
            return state.isCancelled
        }
        if isLate { cancel() }
    }

    func cancel() {
        let cancel = state.withLock { state in
            state.isCancelled = true
            return state.cancel
        }
        cancel?()
    }
}
