// The whole program in one page: options, inputs, fetcher, output, exit status.

import FetchFormats
import FetchKit
import Glibc
import Synchronization

@main
enum Fetch {
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
            let surroundings = Surroundings()
            let arguments = try Arguments(arguments, in: surroundings)
            switch try arguments.information(width: terminalWidth(STDOUT_FILENO), in: surroundings) {
            case .text(let text)?: return try print { try $0.write(text) }
            case .requests(let requests)?: return try print(requests)
            case nil: return try await run(try Settings(arguments, in: surroundings), signals, executor)
            }
        } catch let error as UsageError {
            return refuse(error)
        } catch {
            Message.tell("\(error)")
            return switch error {
            case is UnreadableFile: .noInput
            case is OutputTarget.Uncreatable: .cannotCreate
            default: .internalError
            }
        }
    }

    private static func run(_ wanted: Settings, _ signals: SignalWatch, _ executor: RunExecutor) async throws -> ExitStatus {
        let inputs = try Input.open(urls: wanted.urls, lists: wanted.lists)
        if let objection = Input.objection(inputs, template: wanted.template) {
            Message.tell(objection)
            return .notAList
        }
        let settings = wanted.fitting(
            transfers: Startup.transfersThatFit(
                wanted.configuration.limits.concurrency, throughProxy: wanted.configuration.goesThroughProxy(Surroundings().variable),
                savingBodies: wanted.output.directory != nil))
        if settings.showsNotice, let notice = settings.notice { Message.tell(notice) }
        let monitor = RunMonitor()
        let memory = BodyMemory(limit: settings.configuration.bodies.memory)
        let list = try URLList(
            inputs, template: settings.template, globbing: settings.globbing, keepsLines: settings.output.failedLines != nil)
        let cancellation = Cancellation()
        let outputs = try OpenOutputs(settings.output)
        var configuration = settings.configuration
        configuration.cookies?.receive = { [jar = outputs.jar] in jar?.take($0) }
        let progress = Progress(
            settings.report.progress, monitor, RunFacts.Limits(settings.configuration, isOrdered: settings.output.isOrdered))
        let store = SpillStore(directory: settings.configuration.bodies.spillDirectory) { reason in
            guard settings.report.failures != nil else { return }
            progress.write("fetch: \(reason); transfers wait for memory")
            progress.flush()
        }
        signals.onQuestion { progress.tell() }
        let output = try Output(
            files: outputs.files, plan: settings.output.plan, takesSuccesses: settings.needsSuccesses, progress: progress,
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
        // Only now whoever writes to it has had the time.
        if settings.ignoresInput, Input.hasUnreadBytes {
            Message.tell("standard input was not read, because there are URLs on the command line: add - to read it as well")
        }
        var ended = status(fetched, written, signals.received)
        do {
            try outputs.jar?.write()
        } catch {
            Message.tell("\(error)")
            if [.success, .someFailed, .stoppedByLimit].contains(ended) { ended = .outputFailed }
        }
        if ended == .success || ended == .someFailed, let objection = list.objection {
            Message.tell(objection)
            return .notAList
        }
        // An empty list is fine, but not where its URL is the value of an option.
        if ended == .success, report.outcomeCount == 0, report.isInputRead, let complaint = settings.complaint {
            return refuse(complaint)
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
            return report.failureCount + laterFailures == 0 ? .success : .someFailed
        }
    }

    private static func refuse(_ error: UsageError) -> ExitStatus {
        Message.tell(redacted: error.description, usage: error.showsUsage ? "\(Help.usage)\n" : "")
        return .usage
    }

    /// The lines of curl commands, and what they do not say.
    private static func print(_ requests: CurlRequests) throws -> ExitStatus {
        var isWhole = requests.omissions.isEmpty
        for omission in requests.omissions { Message.tell(omission) }
        let status = try print { writer in
            try requests.forEachLine {
                try writer.write(jsonLine: $0 + [UInt8(ascii: "\n")])
            } omitting: {
                isWhole = false
                Message.tell($0)
            }
        }
        return status == .success && !isWhole ? .someFailed : status
    }

    /// What was asked for and cannot be written is a failure like that of any other output.
    private static func print(_ write: (DescriptorWriter) throws -> Void) throws -> ExitStatus {
        let writer = DescriptorWriter(.standardOutput)
        do {
            try write(writer)
            try writer.flush()
            return .success
        } catch OutputError.readerLeft {
            return .signal(SIGPIPE)
        } catch let error as OutputError {
            Message.tell("\(error)")
            return .outputFailed
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
