// The public door: a fetcher with its event loops, which live until it is closed.

internal import Synchronization

/// Fetches many URLs at once on few threads.
///
///     let fetcher = Fetcher()
///     for outcome in try await fetcher.gather(requests) { print(outcome.text, outcome.response?.statusCode ?? 0) }
///     await fetcher.close()
///
/// Connections, TLS sessions, cookies, known names and what is known of hosts stay between calls; limits hold over all calls together.
/// Cancelling the calling task cancels what is in flight; what was read and not fetched ends as `cancelled`.
///
/// Every call throws `UnavailableLoop` when the machine has no descriptors or threads for an event loop, and `ClosedFetcher` after
/// `close`. A failed request is never thrown: it is an `Outcome` with an `error`.
public final class Fetcher: Sendable {
    /// What the fetcher was told; it does not change.
    public let configuration: Configuration
    private let memory: BodyMemory
    private let store: SpillStore
    private let monitor: RunMonitor?
    private let makeEngine: (@Sendable () -> any Engine)?
    private let state = Mutex(State())
    private let lastID = Atomic(0)

    private struct State {
        var dispatcher: Dispatcher?
        var calls = 0
        var isClosed = false
        /// Who waits for the last call to end.
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    /// Starts nothing: the first call starts the event loops.
    public convenience init(_ configuration: Configuration = Configuration()) {
        self.init(configuration, memory: BodyMemory(limit: configuration.bodies.memory))
    }

    /// Shares a budget of body bytes with the one who receives the outcomes.
    package convenience init(_ configuration: Configuration, memory: BodyMemory, store: SpillStore? = nil, monitor: RunMonitor? = nil) {
        self.init(configuration, memory: memory, store: store, monitor: monitor, makeEngine: nil)
    }

    /// `makeEngine` makes what its event loops drive; nil is libcurl.
    init(
        _ configuration: Configuration, memory: BodyMemory? = nil, store: SpillStore? = nil, monitor: RunMonitor? = nil,
        makeEngine: (@Sendable () -> any Engine)?
    ) {
        self.configuration = configuration
        self.memory = memory ?? BodyMemory(limit: configuration.bodies.memory)
        self.store = store ?? SpillStore(directory: configuration.bodies.spillDirectory)
        self.monitor = monitor
        self.makeEngine = makeEngine
    }

    deinit { state.withLock { $0.dispatcher?.loops.forEach { $0.loop.abandon() } } }

    // MARK: Fetching

    /// Fetches one request.
    ///
    /// - Throws: `ClosedFetcher`, `UnavailableLoop`.
    public func fetch(_ request: Request) async throws -> Outcome {
        try await call { dispatcher, id in await dispatcher.fetch(request, id: id) }
    }

    /// Fetches all requests and returns the outcomes in input order. No outcome is lost: a failed request is an outcome with
    /// an error.
    ///
    /// - Throws: `ClosedFetcher`, `UnavailableLoop`.
    public func gather(_ requests: [Request]) async throws -> [Outcome] {
        var outcomes = requests.enumerated().map { Outcome(index: $0, request: $1, error: .cancelledUnread) }
        guard configuration.limits.fetchesEqualRequestsOnce else {
            try await run(RequestList(requests)) { outcomes[$0.index] = $0 }
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
        try await run(RequestList(places.map { requests[$0[0]] })) { outcome in
            for place in places[outcome.index] { outcomes[place] = outcome.repeated(at: place, for: requests[place]) }
        }
        return outcomes
    }

    /// The outcomes of what the source yields, as they finish. Dropping the iterator cancels the run.
    public func outcomes(of source: some RequestSource) -> Outcomes { Outcomes(fetcher: self, source: source) }

    /// Fetches what the source yields and calls `receive` with each outcome as it finishes, in the task of the caller.
    ///
    /// - Throws: What the source and `receive` throw, `ClosedFetcher`, `UnavailableLoop`.
    @discardableResult
    public func run(_ source: some RequestSource, receive: (Outcome) async throws -> Void) async throws -> RunReport {
        let channel = OutcomeChannel()
        async let report = finishing(channel, source)
        do {
            while let outcomes = await channel.next() {
                for outcome in outcomes { try await receive(outcome) }
            }
        } catch {
            channel.finish()
            throw error
        }
        return try await report
    }

    /// Fetches what the source yields and hands everything to the receiver.
    ///
    /// - Throws: What source and receiver throw, `ClosedFetcher`, `UnavailableLoop`.
    @discardableResult
    public func run(_ source: some RequestSource, into receiver: some OutcomeReceiver) async throws -> RunReport {
        try await call { dispatcher, id in try await dispatcher.run(source, into: receiver, id: id) }
    }

    fileprivate func finishing(_ channel: OutcomeChannel, _ source: some RequestSource) async throws -> RunReport {
        defer { channel.finish() }
        return try await run(source, into: channel)
    }

    private func call<Result>(_ body: (Dispatcher, _ id: Int) async throws -> Result) async throws -> Result {
        let dispatcher = try enter()
        defer { leave() }
        let id = lastID.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await body(dispatcher, id)
        } onCancel: {
            dispatcher.cancel(id: id)
        }
    }

    // MARK: Life

    /// Waits for the calls that are under way, ends the event loops and closes all connections. Later calls throw `ClosedFetcher`.
    ///
    /// Not to be awaited by a receiver, or by a source, of this fetcher: its own run would wait for itself.
    public func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.calls > 0 { state.closers.append(continuation) }
                return state.calls == 0
            }
            if isIdle { continuation.resume() }
        }
        let dispatcher = state.withLock { state in
            defer { state.dispatcher = nil }
            return state.dispatcher
        }
        for transfers in dispatcher?.loops ?? [] { transfers.loop.stop() }
    }

    private func enter() throws -> Dispatcher {
        try state.withLock { state in
            let dispatcher = try dispatcher(&state)
            state.calls += 1
            return dispatcher
        }
    }

    /// The dispatcher on its event loops, which the first call starts.
    var dispatcher: Dispatcher { get throws { try state.withLock { try dispatcher(&$0) } } }

    private func dispatcher(_ state: inout sending State) throws -> Dispatcher {
        if state.isClosed { throw ClosedFetcher() }
        let dispatcher = try state.dispatcher ?? start()
        state.dispatcher = dispatcher
        return dispatcher
    }

    private func leave() {
        let closers = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.calls -= 1
            guard state.calls == 0 else { return [] }
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }

    /// Starts the event loops.
    private func start() throws(UnavailableLoop) -> Dispatcher {
        let resolver = Resolver(configuration)
        var loops: [Transfers] = []
        do {
            for number in 0..<max(1, configuration.limits.threads) {
                let loop = try makeLoop(resolver)
                try loop.start(name: "fetch-loop-\(number)")
                loops.append(Transfers(on: loop))
            }
        } catch {
            for transfers in loops { transfers.loop.stop() }
            throw UnavailableLoop(reason: error is PollerError ? "too few file descriptors (see ulimit -n)" : "\(error)")
        }
        let dispatcher = Dispatcher(configuration, loops: loops, memory: memory, monitor: monitor)
        loops[0].loop.send { _ in dispatcher.assumeIsolated { $0.connect() } }
        return dispatcher
    }

    private func makeLoop(_ resolver: Resolver) throws(PollerError) -> EventLoop {
        let poller = try Poller()
        if let makeEngine { return EventLoop(makeEngine(), poller: poller) }
        let engine = try CurlEngine(
            configuration, resolver: resolver, memory: memory, store: store, poller: poller, counts: monitor?.counts ?? ByteCounts())
        let loop = EventLoop(engine, poller: poller)
        engine.loop = loop
        return loop
    }
}

/// The outcomes of a run, as they finish.
public struct Outcomes: AsyncSequence {
    public typealias Element = Outcome

    let fetcher: Fetcher
    let source: any RequestSource

    public func makeAsyncIterator() -> Iterator { Iterator(fetcher, source) }

    /// Starts the run; the last copy that goes cancels it.
    public struct Iterator: AsyncIteratorProtocol {
        private final class Running: Sendable {
            let channel = OutcomeChannel()
            let task: Task<RunReport, any Error>

            init(_ fetcher: Fetcher, _ source: any RequestSource) {
                task = Task { [channel] in try await fetcher.finishing(channel, source) }
            }

            deinit {
                task.cancel()
                channel.finish()
            }
        }

        private let running: Running
        private var outcomes: [Outcome] = []
        private var position = 0

        fileprivate init(_ fetcher: Fetcher, _ source: any RequestSource) { running = Running(fetcher, source) }

        /// The next outcome; nil at the end. Throws what the source throws, and what the fetcher throws.
        public mutating func next() async throws -> Outcome? {
            while position == outcomes.count {
                let next = await withTaskCancellationHandler {
                    await running.channel.next()
                } onCancel: { [running] in
                    running.task.cancel()
                }
                guard let batch = next else {
                    _ = try await running.task.value
                    return nil
                }
                (outcomes, position) = (batch, 0)
            }
            defer { position += 1 }
            return outcomes[position]
        }

        /// How the run went, once `next` has returned nil.
        public var report: RunReport { get async throws { try await running.task.value } }
    }
}

/// A call of a fetcher that was closed before.
public struct ClosedFetcher: Error, CustomStringConvertible {
    public var description: String { "the fetcher is closed" }
}

/// No event loop could be made, because descriptors or threads have run out.
public struct UnavailableLoop: Error, CustomStringConvertible {
    let reason: String

    public var description: String { "cannot start: \(reason)" }
}
