// Hosts, queues and runs of a fetcher in one actor on the first event loop. Requests come in, `dispatch` hands those that may
// start to workers, and what the workers bring back is settled: the next hop, another try, or the outcome.

internal import DequeModule

/// Decides what starts, and what becomes of what has finished, for all runs of a fetcher.
actor Dispatcher {
    nonisolated let loops: [Transfers]
    nonisolated let configuration: Configuration
    private let memory: BodyMemory
    private let monitor: RunMonitor?
    var schedule: Schedule<PendingRequest>
    var budget: RetryBudget
    var runs: [Run?] = []
    /// Those of them that have a receiver.
    var batchRuns: [Run] = []
    private var lastSerial = 0
    /// When something may start that only waits for time.
    var nextStart: Instant?
    /// Transfers that wait for room for their bodies, of all runs.
    var starved = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { loops[0].unownedExecutor }

    init(_ configuration: Configuration, loops: [Transfers], memory: BodyMemory, monitor: RunMonitor?, seed: UInt64? = nil) {
        self.configuration = configuration
        self.loops = loops
        self.memory = memory
        self.monitor = monitor
        schedule = seed.map { Schedule(ScheduleRules(configuration), seed: $0) } ?? Schedule(ScheduleRules(configuration))
        budget = RetryBudget(concurrency: configuration.limits.concurrency)
    }

    var loop: EventLoop { loops[0].loop }

    /// Has the loop tell of alarms, and that it is about to wait. To be called once; the loop drops its references when it ends.
    func connect() {
        loop.onAlarm = { self.assumeIsolated { $0.alarm() } }
        loop.beforeWaiting = { self.assumeIsolated { $0.flush() } }
    }

    // MARK: Runs

    /// Carries out a run. Throws what source and receiver throw.
    ///
    /// A task that prefers another executor would be enqueued anew at each `await` in here, so that it prefers the loop meanwhile; the
    /// source is read on the executor of the caller.
    nonisolated(nonsending) func run(_ source: any RequestSource, into receiver: any OutcomeReceiver, id: Int) async throws -> RunReport {
        let number = await addRun(receiver, id: id)
        do {
            // Cancelled, and waited for, at the end of this scope.
            async let _: Void = read(source, for: number)
            await withTaskExecutorPreference(loops[0].loop) { await execute(number) }
        }
        return try await removeRun(number)
    }

    /// The group of a run's workers.
    private func execute(_ number: Int) async {
        let run = runs[number]!
        await withDiscardingTaskGroup { group in
            if let deadline = run.deadline, deadline <= loop.now { stop(run, .deadline) }
            if Task.isCancelled { stop(run) }
            var hasCancelled = false
            while true {
                await deliver(run)
                if run.isStopping && !hasCancelled {
                    hasCancelled = true
                    group.cancelAll()
                    cancelAll(of: run)
                } else if let worker = run.toStart.popFirst() {
                    let transfers = loops[run.workers[worker].loop]
                    group.addTask(executorPreference: transfers.loop) { await transfers.work(worker, of: number, for: self) }
                } else if isOver(run) {
                    break
                } else {
                    await withUnsafeContinuation { run.awaitChange($0) }
                }
            }
            run.releaseAll()
        }
        run.receiver!.flush()
    }

    /// Fetches one request. The task that calls is its worker.
    nonisolated(nonsending) func fetch(_ request: Request, id: Int) async -> Outcome {
        await withTaskExecutorPreference(loops[0].loop) { await fetchHere(request, id) }
    }

    private func fetchHere(_ request: Request, _ id: Int) async -> Outcome {
        let run = makeRun(nil, id: id)
        run.workers = [Run.Worker(loop: 0)]
        run.hasInputEnded = true
        admit(.request(request), to: run)
        if Task.isCancelled { stop(run) }
        var finished: HopResult?
        while let hop = await advance(0, of: run.number, with: finished.take()) {
            finished = await loops[loopIndex(of: hop.url.origin)].perform(hop, worker: 0, of: run.number, for: self)
        }
        forget(run)
        return run.outcome!
    }

    /// Ends a run that is still there as cancelled. From any thread.
    nonisolated func cancel(id: Int) {
        loops[0].loop.send { _ in
            self.assumeIsolated { dispatcher in
                if let run = dispatcher.runs.lazy.compactMap(\.self).first(where: { $0.id == id }) { dispatcher.stop(run) }
            }
        }
    }

    private func addRun(_ receiver: any OutcomeReceiver, id: Int) -> Int {
        let run = makeRun(receiver, id: id)
        batchRuns.append(run)
        run.isReading = true
        run.processorTime = processorTime
        return run.number
    }

    private func makeRun(_ receiver: (any OutcomeReceiver)?, id: Int) -> Run {
        let number = schedule.addRun()
        let run = Run(
            number: number, id: id, receiver: receiver, configuration, loops: loops.count, monitor: receiver == nil ? nil : monitor,
            now: loop.now)
        if number == runs.count { runs.append(run) } else { runs[number] = run }
        return run
    }

    /// The run and its reading are over.
    private func removeRun(_ number: Int) throws -> RunReport {
        let run = runs[number]!
        run.report.held = run.watch.held(until: loop.now)
        run.report.processorTime = processorTime - run.processorTime
        forget(run)
        if let failure = run.failure { throw failure }
        return run.report
    }

    private func forget(_ run: Run) {
        runs[run.number] = nil
        if run.isBatch { batchRuns.removeAll { $0 === run } }
        schedule.removeRun(run.number)
        setAlarm()
    }

    private var processorTime: Duration { loops.reduce(.zero) { $0 + $1.loop.processorTime } }

    /// A host always goes to the same loop, because its connections live there.
    private func loopIndex(of origin: Origin) -> Int {
        loops.count == 1 ? 0 : Int(UInt(bitPattern: origin.hashValue) % UInt(loops.count))
    }

    func transfers(of request: PendingRequest) -> Transfers { loops[loopIndex(of: request.request.url.origin)] }

    // MARK: Out

    /// Settles the last hop of a worker and returns its next one; waits until there is one. Nil when there will be none.
    func advance(_ worker: Int, of number: Int, with finished: consuming HopResult?) async -> HopRequest? {
        let run = runs[number]!
        // Its body must not stay while the worker waits.
        if let result = finished.take() { settle(result, worker, run) }
        while true {
            // First of all: who waits for the receiver must not hold a place meanwhile.
            if mustDeliver(run) { await deliver(run) }
            if run.workers[worker].request == nil {
                run.asking = worker
                dispatch(run)
                run.asking = nil
            }
            if let request = run.workers[worker].request { return request.hopRequest(configuration, of: run) }
            if mustDeliver(run) { continue }
            if run.isStopping || isOver(run) { return nil }
            // Looked at once more: something may have happened on the way here.
            await withUnsafeContinuation { continuation in
                let mayWait = run.workers[worker].request == nil && !run.isStopping && !isOver(run) && !mustDeliver(run)
                if mayWait { run.park(worker, continuation) } else { continuation.resume() }
            }
        }
    }

    /// Starts what may start. Called after whatever may have changed that: an admission, a hop that was settled, an alarm, room.
    func dispatch(_ run: Run) {
        let now = run.watch.now(loop.now)
        updateRoom(of: run)
        var next: Instant?
        search: while true {
            switch schedule.next(now: now) {
            case .start(let request, let number, let ticket): start(request, ticket, runs[number]!)
            case .refuse(let request, let number, let refusal):
                let run = runs[number]!
                run.waitingBytes -= request.weight
                finish(request.outcome(refused: refusal), run)
                if isOver(run) { run.releaseAll() } else { run.wakeBody() }
            case .wait(let until):
                next = until
                break search
            case .nothing: break search
            }
        }
        if starved > 0, starved == schedule.active {
            for run in batchRuns { startFirstInLine(run, now) }
            next = schedule.nextAlarm
        }
        nextStart = next
        setAlarm()
        if run.reader != nil, wantsInput(run) { run.wakeReader() }
        if isOver(run) { run.releaseAll() }
        look(at: run)
    }

    private func start(_ request: PendingRequest, _ ticket: Hosts.Ticket, _ run: Run) {
        lastSerial += 1
        run.waitingBytes -= request.weight
        request.dispatch(ticket, serial: lastSerial)
        run.hand(request, on: loopIndex(of: request.request.url.origin))
        if run.active == 1 { updateRoom(of: run) }
    }

    /// All transfers wait for room: if the first request that has not ended waits for a place, one more starts, because nothing else can go
    /// on.
    private func startFirstInLine(_ run: Run, _ now: Instant) {
        guard schedule.waiting(of: run.number) > 0,
            !run.workers.contains(where: { $0.request?.index == run.order.next }),
            let (request, ticket) = schedule.startBeyondLimit(run: run.number, now: now, where: { $0.index == run.order.next })
        else { return }
        start(request, ticket, run)
    }

    /// Whether one more may start. Beyond its budget memory is for the bodies that are on their way; but the first in line must be one
    /// of them, because others may wait for it. As long as nothing runs, something may: nobody else would make room.
    func updateRoom(of run: Run) {
        guard run.isBatch else { return }
        run.hasRoom = run.receiver!.hasRoom
        let hasRoom =
            run.hasRoom
            && (memory.inUse < max(memory.limit / 2 * 3, 1 << 20) || !run.workers.contains { $0.request?.index == run.order.next })
        schedule.setBlocked(run.number, run.isStopping || run.isDelivering || (run.active > 0 && !hasRoom))
    }

    /// Whether nothing is left of a run.
    func isOver(_ run: Run) -> Bool {
        (run.isStopping || (run.hasInputEnded && !run.isReading)) && run.active == 0 && schedule.waiting(of: run.number) == 0
            && run.deliveries.isEmpty && !run.isDelivering && run.toStart.isEmpty
    }
}
