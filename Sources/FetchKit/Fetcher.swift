// The public door, and the shape of a run: start the loops, carry everything out inside one task group, join the loops.

internal import Synchronization

/// Fetches many URLs at once on few threads.
///
///     let fetcher = Fetcher()
///     for outcome in try await fetcher.gather(urls) { print(outcome.text, outcome.response?.statusCode ?? 0) }
///
/// Cancelling the calling task cancels what is in flight; what was read and not fetched ends as `cancelled`.
public struct Fetcher: Sendable {
    public let configuration: Configuration
    private let memory: BodyMemory
    private let monitor: RunMonitor?
    private let store: SpillStore

    public init(_ configuration: Configuration = Configuration()) {
        self.init(configuration, memory: BodyMemory(limit: configuration.bodies.memory))
    }

    /// Shares a budget of body bytes with the one who receives the outcomes.
    package init(_ configuration: Configuration, memory: BodyMemory, store: SpillStore? = nil, monitor: RunMonitor? = nil) {
        self.configuration = configuration
        self.store = store ?? SpillStore(directory: configuration.bodies.spillDirectory)
        self.monitor = monitor
        self.memory = memory
    }

    /// Fetches all requests and returns the outcomes in input order. No outcome is lost: a failed request is an outcome with
    /// an error.
    public func gather(_ requests: [Request]) async throws -> [Outcome] {
        var outcomes = requests.enumerated().map { Outcome(index: $0, request: $1, error: .cancelledUnread) }
        guard configuration.limits.fetchesEqualOnce else {
            try await fetch(RequestList(requests)) { outcomes[$0.index] = $0 }
            return outcomes
        }
        // Every place has an outcome, also where an equal request stands before it.
        var places: [[Int]] = []
        var known: [Int: Int] = [:]
        for (place, request) in requests.enumerated() {
            if let first = known[request.fingerprint] {
                places[first].append(place)
            } else {
                known[request.fingerprint] = places.count
                places.append([place])
            }
        }
        try await fetch(RequestList(places.map { requests[$0[0]] })) { outcome in
            for place in places[outcome.index] { outcomes[place] = outcome.repeated(at: place, for: requests[place]) }
        }
        return outcomes
    }

    /// Fetches what the source yields and hands over each outcome as it finishes.
    @discardableResult
    public func fetch(
        _ source: some RequestSource, _ receive: @escaping (Outcome) async throws -> Void
    ) async throws -> RunReport {
        var whole = configuration
        whole.bodies.streaming = .off
        return try await Fetcher(whole, memory: memory, store: store).fetch(source, into: ClosureReceiver(closure: receive))
    }

    /// Fetches what the source yields and hands everything to the receiver.
    ///
    /// Throws what source and receiver throw, and `LoopUnavailable` when the machine has no descriptors or threads for an event loop.
    @discardableResult
    public func fetch(_ source: some RequestSource, into receiver: some OutcomeReceiver) async throws -> RunReport {
        let resolver = Resolver(configuration)
        var loops: [RunningLoop] = []
        do {
            for number in 0..<max(1, configuration.limits.threads) {
                loops.append(try RunningLoop(number, configuration, resolver: resolver, memory: memory, store: store, monitor: monitor))
            }
        } catch {
            for loop in loops { _ = await loop.stop() }
            throw error
        }
        let result: Result<RunReport, any Error>
        do {
            var run = Run(configuration, source: source, receiver: receiver, loops: loops.map(\.loop), memory: memory, monitor: monitor)
            result = .success(try await run.carryOut())
        } catch {
            result = .failure(error)
        }
        var processorTime = Duration.zero
        for loop in loops { processorTime += await loop.stop() }
        var report = try result.get()
        report.processorTime = processorTime
        return report
    }
}

/// No event loop could be made, because descriptors or threads have run out.
public struct LoopUnavailable: Error, CustomStringConvertible {
    let reason: String

    public var description: String { "cannot start: \(reason)" }
}

/// An event loop and its thread.
private struct RunningLoop {
    let loop: EventLoop
    private let thread: Thread
    private let processorTime = NanosecondCount()

    init(
        _ number: Int, _ configuration: Configuration, resolver: Resolver, memory: BodyMemory, store: SpillStore, monitor: RunMonitor?
    ) throws(LoopUnavailable) {
        do {
            loop = try EventLoop(configuration, resolver: resolver, memory: memory, store: store, monitor: monitor)
        } catch {
            throw LoopUnavailable(reason: "too few file descriptors (see ulimit -n)")
        }
        do throws(ThreadUnavailable) {
            thread = try Thread(name: "fetch-loop-\(number)") { [loop, processorTime] in
                loop.run()
                processorTime.set(Instant.processorTimeOfThread)
            }
        } catch {
            throw LoopUnavailable(reason: error.description)
        }
    }

    /// The thread has nothing left to do when `loop.stop` returns, so that joining it does not block. Returns what it has used of a
    /// processor.
    func stop() async -> Duration {
        await loop.stop()
        thread.join()
        return .nanoseconds(processorTime.get())
    }
}

/// A number that a thread leaves behind.
private final class NanosecondCount: Sendable {
    private let value = Atomic<Int64>(0)

    func set(_ count: Int64) { value.store(count, ordering: .relaxed) }
    func get() -> Int64 { value.load(ordering: .relaxed) }
}

private struct ClosureReceiver: OutcomeReceiver {
    let closure: (Outcome) async throws -> Void

    func receive(_ outcome: Outcome) async throws { try await closure(outcome) }
    func begin(_ outcome: Outcome) async throws { preconditionFailure("streaming is off") }
    func part(_ body: Body, of index: Int) async throws { preconditionFailure("streaming is off") }
    func end(_ outcome: Outcome) async throws { preconditionFailure("streaming is off") }
}
