// Hosts, queues and runs of a fetcher in one actor on the first event loop. Requests come in, `dispatch` hands those that may
// start to workers, and what the workers bring back is settled: the next hop, another try, or the outcome.

internal import DequeModule

/// Decides what starts, and what becomes of what has finished, for all runs of a fetcher.
actor Dispatcher {
    nonisolated let loops: [Transfers]
    nonisolated let configuration: Configuration
    private let memory: BodyMemory
    private let monitor: RunMonitor?
    private var schedule: Schedule<PendingRequest>
    private var budget: RetryBudget
    private var runs: [Run?] = []
    /// Those of them that have a receiver.
    private var batchRuns: [Run] = []
    private var lastSerial = 0
    /// Transfers that wait for room for their bodies, of all runs.
    private var starved = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { loops[0].unownedExecutor }

    init(_ configuration: Configuration, loops: [Transfers], memory: BodyMemory, monitor: RunMonitor?, seed: UInt64? = nil) {
        self.configuration = configuration
        self.loops = loops
        self.memory = memory
        self.monitor = monitor
        schedule = seed.map { Schedule(ScheduleRules(configuration), seed: $0) } ?? Schedule(ScheduleRules(configuration))
        budget = RetryBudget(concurrency: configuration.limits.concurrency)
    }

    private var loop: EventLoop { loops[0].loop }

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
        var finished: FinishedHop?
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
        if run.receiver != nil { batchRuns.removeAll { $0 === run } }
        schedule.removeRun(run.number)
        setAlarm()
    }

    private var processorTime: Duration { loops.reduce(.zero) { $0 + $1.loop.processorTime } }

    /// A host always goes to the same loop, because its connections live there.
    private func loopIndex(of origin: Origin) -> Int {
        loops.count == 1 ? 0 : Int(UInt(bitPattern: origin.hashValue) % UInt(loops.count))
    }

    private func transfers(of request: PendingRequest) -> Transfers { loops[loopIndex(of: request.request.url.origin)] }

    // MARK: In

    /// Reads the source to its end, a batch at a time, on the executor of whoever called the fetcher.
    private nonisolated func read(_ source: any RequestSource, for number: Int) async {
        do {
            var isWanted = true
            while isWanted, let batch = try await source.next() { isWanted = await admit(batch, to: number) }
            await endInput(of: number, nil, isWhole: isWanted && !Task.isCancelled)
        } catch {
            await endInput(of: number, error, isWhole: false)
        }
    }

    /// Takes a batch in and waits until there is room for another one. Returns whether more is wanted.
    private func admit(_ batch: consuming [Candidate], to number: Int) async -> Bool {
        let run = runs[number]!
        run.isReading = false
        // From the end of an array an element is moved out, not copied.
        var rest = batch
        rest.reverse()
        while !run.hasInputEnded, let candidate = rest.popLast() { admit(candidate, to: run) }
        // What was read has its outcome, also when the run has ended meanwhile.
        if run.isStopping { cancelAll(of: run) }
        dispatch(run)
        await deliver(run)
        while !wantsInput(run) && !run.isStopping && !run.hasInputEnded {
            await withUnsafeContinuation {
                if wantsInput(run) || run.isStopping || run.hasInputEnded { $0.resume() } else { run.reader = $0 }
            }
        }
        run.isReading = !run.isStopping && !run.hasInputEnded
        return run.isReading
    }

    private func endInput(of number: Int, _ error: (any Error)?, isWhole: Bool) {
        let run = runs[number]!
        run.isReading = false
        run.report.isInputRead = isWhole && !run.isStopping
        run.hasInputEnded = true
        if let error, !run.isStopping { stop(run, error) }
        dispatch(run)
    }

    private func wantsInput(_ run: Run) -> Bool {
        schedule.waiting(of: run.number) < configuration.limits.effectiveLookAhead && run.waitingBytes < 8 << 20
            && run.order.admits(run.nextIndex) && run.streams.heldBack < configuration.limits.orderWindow && run.deliveries.isEmpty
    }

    private func admit(_ candidate: consuming Candidate, to run: Run) {
        if let limit = configuration.limits.requests, run.receiver != nil, run.nextIndex >= limit {
            run.hasInputEnded = true
            return run.report.stop(.limit)
        }
        if configuration.limits.fetchesEqualOnce, run.receiver != nil, case .request(let request) = candidate,
            !run.seen.insert(request.fingerprint).inserted
        {
            run.report.duplicates += 1
            return
        }
        let index = run.nextIndex
        run.nextIndex += 1
        switch candidate {
        case .rejected(let input): finish(Outcome(index: index, rejected: input), run)
        case .request(var request):
            if let defect = request.defect {
                return finish(Outcome(index: index, request: request, error: FetchError(.input, defect)), run)
            }
            let admission = run.choosesRequests ? run.receiver!.admit(&request, index: index) : .fetch
            switch admission {
            case .fetch: enqueue(PendingRequest(index: index, request: request, now: loop.now), run)
            case .skip: finish(Outcome(index: index, request: request), run)
            case .refuse(let error): finish(Outcome(index: index, request: request, error: error), run)
            }
        }
    }

    private func enqueue(_ request: PendingRequest, _ run: Run, goesFirst: Bool = false, notBefore: Instant? = nil) {
        run.waitingBytes += request.weight
        schedule.add(request, run: run.number, for: request.request.url.origin, goesFirst: goesFirst, notBefore: notBefore, now: loop.now)
    }

    // MARK: Out

    /// Settles the last hop of a worker and returns its next one; waits until there is one. Nil when there will be none.
    func advance(_ worker: Int, of number: Int, with finished: consuming FinishedHop?) async -> HopRequest? {
        let run = runs[number]!
        // Its body must not stay while the worker waits.
        if let hop = finished.take() { settle(hop.result, worker, run) }
        while true {
            // First of all: who waits for the receiver must not hold a place meanwhile.
            await deliver(run)
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
    private func dispatch(_ run: Run) {
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
    private func updateRoom(of run: Run) {
        guard let receiver = run.receiver else { return }
        run.hasRoom = receiver.hasRoom
        let hasRoom =
            run.hasRoom
            && (memory.inUse < max(memory.limit / 2 * 3, 1 << 20) || !run.workers.contains { $0.request?.index == run.order.next })
        schedule.setBlocked(run.number, run.isStopping || run.isDelivering || (run.active > 0 && !hasRoom))
    }

    /// Whether nothing is left of a run.
    private func isOver(_ run: Run) -> Bool {
        (run.isStopping || (run.hasInputEnded && !run.isReading)) && run.active == 0 && schedule.waiting(of: run.number) == 0
            && run.deliveries.isEmpty && !run.isDelivering && run.toStart.isEmpty
    }

    // MARK: Back

    /// A hop is over: the next one, the same once more, or the end.
    private func settle(_ result: HopResult, _ worker: Int, _ run: Run) {
        let request = run.workers[worker].request!
        run.workers[worker].request = nil
        run.active -= 1
        if run.workers[worker].isStarved {
            run.workers[worker].isStarved = false
            starved -= 1
        }
        let now = run.watch.now(loop.now)
        let counts = schedule.finished(request.ticket!, result.hostReport, now: now)
        guard let error = result.confirmsEnd(of: request.resumption) ? nil : result.failure else {
            budget.succeeded(cost: request.retryCost)
            return succeed(request, result, run, now)
        }
        if !run.isStopping, result.refusesToContinue(request.resumption) {
            run.streams.withdraw(request.index)
            grantNextTurn(run)
            request.startOver(now: now)
            return enqueue(request, run, goesFirst: true)
        }
        if !run.isStopping, let time = timeOfRetry(request, result, error, counts, now) {
            run.streams.withdraw(request.index)
            grantNextTurn(run)
            if configuration.bodies.areContinued { request.resume(result) }
            return enqueue(request, run, goesFirst: true, notBefore: time)
        }
        request.hops.append(result.hop)
        finish(request.outcome(error: error.kind == .cancelled ? run.report.explain(error) : error, body: result.body), run)
    }

    private func succeed(_ request: PendingRequest, _ result: HopResult, _ run: Run, _ now: Instant) {
        if !run.takesSuccesses, result.location == nil, request.request.sha256 == nil { return countSuccess(of: request.index, run) }
        request.hops.append(result.hop)
        guard let location = result.location else { return finish(request.outcome(whole: result), run) }
        do {
            try request.follow(location, configuration, now: now)
            if run.isStopping { return finish(request.outcome(cancelled: run.report.explain(.cancelledInFlight)), run) }
            // RFC 9110 section 10.2.3: on a redirect it is the least time before the next hop.
            let wait = result.retryAfter.map { min($0, configuration.retry.longestRetryAfter) } ?? .zero
            enqueue(request, run, goesFirst: true, notBefore: wait == .zero ? nil : now + wait)
        } catch {
            finish(request.outcome(error: error), run)
        }
    }

    /// When a failed try is repeated; nil is never.
    private func timeOfRetry(
        _ request: PendingRequest, _ result: HopResult, _ error: FetchError, _ counts: Bool, _ now: Instant
    ) -> Instant? {
        if !counts, request.mayBePutBack(result, error, configuration.retry, now: now) {
            request.putBack(result, now: now)
            return now
        }
        if request.mayTakeFreshConnection(result, error, now) {
            request.putBack(result, takingFreshConnection: true, now: now)
            return now
        }
        if result.isLocalShortage, request.mayBeSentAgain(result, error, now) {
            return request.putBackForShortage(result, now: now).map { now + $0 }
        }
        guard let retry = request.retry(result, error, configuration.retry, now: now), budget.pay(retry.cost) else { return nil }
        request.fail(result, retry, now: now)
        return now + retry.delay
    }

    /// A request went well, and nobody wants to know more.
    private func countSuccess(of index: Int, _ run: Run) {
        run.report.outcomes += 1
        run.order.finish(index)
        run.firstInLine.index = run.order.next
        _ = run.streams.finish(index)
        grantNextTurn(run)
    }

    /// A request has its outcome, which goes to the receiver at the next `deliver`.
    private func finish(_ outcome: consuming Outcome, _ run: Run) {
        guard run.receiver != nil else { return run.outcome = outcome }
        run.report.count(outcome, configuration.limits.failures)
        if run.report.endsEarly && !run.isStopping { run.stop() }
        run.order.finish(outcome.index)
        run.firstInLine.index = run.order.next
        let wasStreaming = run.streams.finish(outcome.index)
        run.deliveries.append(Run.Delivery(item: wasStreaming ? .end(outcome) : .outcome(outcome)))
        grantNextTurn(run)
    }

    /// Whether something is there for the receiver, and nobody hands it over.
    private func mustDeliver(_ run: Run) -> Bool { !run.isDelivering && !run.deliveries.isEmpty }

    /// Hands what is finished to the receiver, one after the other. Whoever waits in here waits for the reader of the output alone: an
    /// outcome that must wait for its order is taken at once, so that the first unfinished index can always go on.
    private func deliver(_ run: Run) async {
        guard mustDeliver(run) else { return }
        run.isDelivering = true
        // Places that have become free are for other runs meanwhile.
        if runs.count > 1 { dispatch(run) }
        while let delivery = run.deliveries.popFirst() {
            // After a failure nobody wants the rest.
            if run.failure == nil {
                do { try await run.receiver!.take(delivery.item) } catch { stop(run, error) }
            }
            delivery.taken?.resume()
        }
        run.isDelivering = false
        if schedule.isBlocked(run.number) { dispatch(run) }
        if run.reader != nil, wantsInput(run) { run.wakeReader() }
        if isOver(run) { run.releaseAll() }
    }

    /// The loop is about to wait: receivers hand on what they have collected.
    private func flush() {
        for run in batchRuns { run.receiver!.flush() }
    }

    // MARK: Streaming

    /// The body of a worker's transfer has outgrown memory. Returns whether it may stream at once; if not, its turn is told to its loop.
    func requestTurn(_ worker: Int, of number: Int) -> Bool {
        let run = runs[number]!
        let request = run.workers[worker].request!
        return run.streams.mayStart(request.index, serial: request.serial, next: run.order.next)
    }

    private func grantNextTurn(_ run: Run) {
        guard let serial = run.streams.grantNextTurn(next: run.order.next),
            let request = run.workers.lazy.compactMap(\.request).first(where: { $0.serial == serial })
        else { return }
        transfers(of: request).loop.send { $0.grantTurn(to: serial) }
    }

    /// The body begins to stream; `hop` is as far as it got. Returns when the receiver has taken that.
    func begin(_ hop: Hop, _ worker: Int, of number: Int) async {
        let run = runs[number]!
        let request = run.workers[worker].request!
        run.streams.start(request.index)
        request.streamed = 0
        request.hasStreamed = run.streams.mode != .independently
        await deliver(.begin(request.outcome(soFar: hop)), run)
    }

    /// The next part of a body that streams. Returns when the receiver has taken it.
    func part(_ body: Body, _ worker: Int, of number: Int) async {
        let run = runs[number]!
        let request = run.workers[worker].request!
        request.streamed += Int64(body.count)
        await deliver(.part(body, of: request.index), run)
    }

    private func deliver(_ item: Run.Delivery.Item, _ run: Run) async {
        await withUnsafeContinuation { continuation in
            run.deliveries.append(Run.Delivery(item: item, taken: run.isDelivering ? continuation : nil))
            if !run.isDelivering { continuation.resume() }
        }
        await deliver(run)
    }

    /// The transfer of a worker waits for room for its body.
    func starve(_ worker: Int, of number: Int) {
        let run = runs[number]!
        run.workers[worker].isStarved = true
        starved += 1
        dispatch(run)
    }

    // MARK: Time

    /// When something may start that only waits for time.
    private var nextStart: Instant?

    /// One alarm for everything: the next start, and the deadlines.
    private func setAlarm() {
        var alarm = nextStart
        for run in batchRuns {
            guard let deadline = run.deadline, !run.isStopping else { continue }
            alarm = min(alarm ?? deadline, deadline)
        }
        loop.alarm = alarm
    }

    private func alarm() {
        nextStart = nil
        let now = loop.now
        for run in batchRuns {
            if let deadline = run.deadline, deadline <= now, !run.isStopping, !isOver(run) { stop(run, .deadline) }
            dispatch(run)
        }
        // What may start of calls for one request is started by whatever run looks.
        if batchRuns.isEmpty, let run = runs.lazy.compactMap(\.self).first { dispatch(run) }
    }

    private func look(at run: Run) {
        guard run.receiver != nil else { return run.watch.endTurn() }
        let hold = hold(run)
        let waiting = schedule.waiting(of: run.number)
        run.watch.turn(
            to: hold, admitted: run.nextIndex, isInputRead: run.hasInputEnded, inFlight: run.active, waiting: waiting,
            counted: run.takesSuccesses ? 0 : run.report.outcomes - run.report.failures)
        // Numbers only, but for ten times a second.
        guard run.watch.isTimeToTell(isIdle: run.active == 0) else { return }
        if run.watch.isTimeToSearch { run.watch.found(schedule.busiest(of: run.number)) }
        run.watch.tell(of: hold, isNetworkDown: schedule.isNetworkDown, alarm: loop.alarm)
    }

    /// Why nothing more starts at the moment.
    private func hold(_ run: Run) -> Hold? {
        if run.active > 0 && (run.isDelivering || !run.hasRoom) { return .output }
        if schedule.waiting(of: run.number) > 0 { return schedule.hold }
        return run.isReading && run.active < configuration.limits.concurrency ? .input : nil
    }

    // MARK: The end before the end

    private func stop(_ run: Run, _ reason: RunReport.Stop) {
        run.report.stop(reason)
        stop(run)
    }

    private func stop(_ run: Run, _ error: (any Error)? = nil) {
        run.stop(error)
        cancelTransfers(of: run)
        // A run of one request has no body that would do it.
        if run.receiver == nil { cancelAll(of: run) }
    }

    private func cancelTransfers(of run: Run) {
        for worker in run.workers {
            guard let request = worker.request else { continue }
            transfers(of: request).loop.send { [serial = request.serial] in $0.cancel(serial) }
        }
    }

    /// What is in flight is cancelled, what waits ends as `cancelled`. The workers' tasks are cancelled by now: a transfer that they are
    /// about to start ends at once.
    private func cancelAll(of run: Run) {
        cancelTransfers(of: run)
        for request in schedule.removeAllWaiting(of: run.number, now: loop.now) {
            run.waitingBytes -= request.weight
            finish(request.outcome(cancelled: run.report.explain(request.cancellation)), run)
        }
        updateRoom(of: run)
        run.wakeBody()
    }
}

extension OutcomeReceiver {
    fileprivate func take(_ item: consuming Run.Delivery.Item) async throws {
        switch item {
        case .outcome(let outcome): try await receive(outcome)
        case .begin(let outcome): try await begin(outcome)
        case .part(let body, let index): try await part(body, of: index)
        case .end(let outcome): try await end(outcome)
        }
    }
}
