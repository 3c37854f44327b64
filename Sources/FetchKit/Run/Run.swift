// The task group: a sliding window of transfers over the schedule. Its body is the only place that decides, one event after
// the other, so that order and back-pressure need no lock.

/// One run of a `Fetcher`, from the first candidate to the last outcome.
struct Run {
    private enum Event: Sendable {
        case input([Candidate]?)
        case inputFailed(any Error)
        case transfer(TransferEvent, PendingRequest)
        /// It is that late, or the run was cancelled.
        case alarm(Instant)
    }

    private let configuration: Configuration
    private let source: any RequestSource
    private let receiver: any OutcomeReceiver
    private let loops: [EventLoop]
    private let memory: BodyMemory
    private var schedule: Schedule<PendingRequest>
    /// The indexes of the transfers that run.
    private var inFlight: Set<Int> = []
    private var order: OrderWindow
    private var streams: StreamingOrder
    private var report = RunReport()
    private var nextIndex = 0
    private var isReading = false
    private var hasInputEnded = false
    /// Bytes of all requests that wait: URLs may be long.
    private var waitingBytes = 0
    private var failure: (any Error)?
    private var budget: RetryBudget
    /// Fingerprints of the requests so far, when equal ones are fetched once.
    private var seen: Set<Int> = []
    private var alarms = Alarms()
    private let deadline: Instant?
    private let choosesRequests: Bool
    private var watch: RunWatch

    init(
        _ configuration: Configuration, source: any RequestSource, receiver: any OutcomeReceiver, loops: [EventLoop], memory: BodyMemory,
        monitor: RunMonitor?
    ) {
        self.memory = memory
        watch = RunWatch(monitor)
        choosesRequests = receiver.choosesRequests
        self.configuration = configuration
        self.source = source
        self.receiver = receiver
        self.loops = loops
        budget = RetryBudget(concurrency: configuration.limits.concurrency)
        deadline = configuration.limits.deadline.map { .now + $0 }
        schedule = Schedule(ScheduleRules(configuration))
        order = OrderWindow(budget: configuration.limits.orderWindow)
        streams = StreamingOrder(configuration.bodies.streaming)
    }

    mutating func carryOut() async throws -> RunReport {
        await withTaskGroup(of: Event.self) { group in
            if let deadline { setAlarm(deadline, &group) }
            while true {
                if isStopping { await giveUp(&group) }
                await startTransfers(&group)
                readInput(&group)
                if isDone { group.cancelAll() }
                lookOn()
                guard let event = await group.next() else { break }
                do { try await handle(event, &group) } catch { failure = failure ?? error }
            }
        }
        report.held = watch.held(until: .now)
        if let failure { throw failure }
        return report
    }

    private mutating func lookOn() {
        let hold = hold
        watch.turn(to: hold, admitted: nextIndex, isInputRead: hasInputEnded, inFlight: schedule.active, waiting: schedule.waiting)
        // Numbers only, but for ten times a second: to hand the schedule over would be to copy it.
        guard watch.isTimeToTell(isIdle: schedule.active == 0) else { return }
        if watch.isTimeToSearch { watch.found(schedule.busiest) }
        watch.tell(of: hold, isNetworkDown: schedule.isNetworkDown, alarm: alarms.next)
    }

    /// Why nothing more starts at the moment.
    private var hold: Hold? {
        if schedule.active > 0 && !hasRoom { return .output }
        if schedule.waiting > 0 { return schedule.hold }
        return isReading && schedule.active < configuration.limits.concurrency ? .input : nil
    }

    /// Whether one more may start. Beyond its budget memory is for the bodies that are on their way; but the first in line must be one
    /// of them, because others may wait for it.
    private var hasRoom: Bool {
        receiver.hasRoom && (memory.inUse < max(memory.limit / 2 * 3, 1 << 20) || !inFlight.contains(order.next))
    }

    /// Nothing is left but alarms.
    private var isDone: Bool { hasInputEnded && !isReading && schedule.active == 0 && schedule.waiting == 0 }

    // MARK: Starting

    private mutating func startTransfers(_ group: inout TaskGroup<Event>) async {
        while schedule.waiting > 0, schedule.active == 0 || hasRoom {
            let now = watch.now()
            switch schedule.next(now: now) {
            case .start(let flight, let ticket):
                waitingBytes -= flight.weight
                inFlight.insert(flight.index)
                flight.dispatch(ticket, loop: loop(for: flight.request.url.origin))
                let request = flight.hopRequest(configuration)
                group.addTask(executorPreference: flight.loop) {
                    .transfer(await flight.loop!.perform(request), flight)
                }
            case .refuse(let flight, let refusal):
                waitingBytes -= flight.weight
                do { try await deliver(flight.outcome(refused: refusal)) } catch { failure = failure ?? error }
            case .wait(let moment): return setAlarm(moment, &group)
            case .nothing: return
            }
        }
    }

    /// Makes the group wake up at that moment, if nothing else does before.
    private mutating func setAlarm(_ moment: Instant, _ group: inout TaskGroup<Event>) {
        guard alarms.needs(moment) else { return }
        let loop = loops[0]
        group.addTask(executorPreference: loop) {
            await loop.sleep(until: moment)
            return .alarm(moment)
        }
    }

    private mutating func readInput(_ group: inout TaskGroup<Event>) {
        guard !isReading, !hasInputEnded, schedule.waiting < configuration.limits.effectiveLookAhead, waitingBytes < 8 << 20,
            order.admits(nextIndex), streams.heldBack < configuration.limits.orderWindow
        else { return }
        isReading = true
        group.addTask { [source] in
            do { return .input(try await source.next()) } catch { return .inputFailed(error) }
        }
    }

    /// A host always goes to the same loop, because its connections live there.
    private func loop(for origin: Origin) -> EventLoop {
        loops.count == 1 ? loops[0] : loops[Int(UInt(bitPattern: origin.hashValue) % UInt(loops.count))]
    }

    // MARK: Events

    private mutating func handle(_ event: Event, _ group: inout TaskGroup<Event>) async throws {
        switch event {
        case .alarm(let moment):
            alarms.rang(moment)
            if let deadline, !isDone, Instant.now >= deadline { report.stop(.deadline) }
        case .inputFailed(let error):
            isReading = false
            hasInputEnded = true
            throw error
        case .input(nil):
            isReading = false
            hasInputEnded = true
            report.isInputRead = !isStopping
        case .input(let candidates?):
            isReading = false
            for candidate in candidates { try await admit(candidate) }
        case .transfer(.finished(let result), let flight):
            try await finish(flight, result)
        case .transfer(.outgrew(let id, let hop), let flight):
            if streams.mayStart(flight.index, next: order.next) {
                try await begin(flight, id, hop, &group)
            } else {
                streams.wait(flight.index, for: StreamingOrder.Waiting(id: id, loop: flight.loop!, hop: hop))
                group.addTask(executorPreference: flight.loop) { .transfer(await flight.loop!.awaitTurn(of: id), flight) }
            }
        case .transfer(.granted(let id), let flight):
            try await begin(flight, id, streams.hopOfGranted(flight.index), &group)
        case .transfer(.part(let id, let part), let flight):
            flight.streamed += Int64(part.count)
            if failure == nil { try await receiver.part(part, of: flight.index) }
            readOn(id, flight, &group)
        }
    }

    private mutating func admit(_ candidate: Candidate) async throws {
        if let limit = configuration.limits.requests, nextIndex >= limit {
            hasInputEnded = true
            report.stop(.limit)
            return
        }
        if configuration.limits.fetchesEqualOnce, case .request(let request) = candidate, !seen.insert(request.fingerprint).inserted {
            report.duplicates += 1
            return
        }
        let index = nextIndex
        nextIndex += 1
        switch candidate {
        case .rejected(let input): try await deliver(Outcome(index: index, rejected: input))
        case .request(let request):
            if let defect = request.defect {
                return try await deliver(Outcome(index: index, request: request, error: FetchError(.input, defect)))
            }
            if choosesRequests { return try await admit(request, index) }
            enqueue(PendingRequest(index: index, request: request))
        }
    }

    /// Asks the receiver what it makes of the request.
    private mutating func admit(_ request: Request, _ index: Int) async throws {
        var request = request
        switch receiver.admit(&request, index: index) {
        case .fetch: enqueue(PendingRequest(index: index, request: request))
        case .skip: try await deliver(Outcome(index: index, request: request))
        case .refuse(let error): try await deliver(Outcome(index: index, request: request, error: error))
        }
    }

    private mutating func enqueue(_ flight: PendingRequest, goesFirst: Bool = false, notBefore: Instant? = nil) {
        waitingBytes += flight.weight
        schedule.add(flight, for: flight.request.url.origin, goesFirst: goesFirst, notBefore: notBefore)
    }

    /// A hop is over: the next one, the same once more, or the end.
    private mutating func finish(_ flight: PendingRequest, _ result: HopResult) async throws {
        inFlight.remove(flight.index)
        let now = Instant.now
        let counts = schedule.finished(flight.ticket!, result.hostReport, now: now)
        guard let error = result.confirmsEnd(of: flight.resumption) ? nil : result.failure else {
            budget.succeeded(cost: flight.retryCost)
            return try await succeed(flight, result, now)
        }
        if !isStopping, result.refusesToContinue(flight.resumption) {
            streams.withdraw(flight.index)
            flight.startOver()
            return enqueue(flight, goesFirst: true)
        }
        if !isStopping, let notBefore = moment(ofRetry: flight, result, error, counts, now) {
            streams.withdraw(flight.index)
            if configuration.bodies.areContinued { flight.resume(result) }
            return enqueue(flight, goesFirst: true, notBefore: notBefore)
        }
        flight.hops.append(result.hop)
        try await deliver(flight.outcome(error: error.kind == .cancelled ? report.explain(error) : error, body: result.body))
    }

    private mutating func succeed(_ flight: PendingRequest, _ result: HopResult, _ now: Instant) async throws {
        flight.hops.append(result.hop)
        guard let location = result.location else { return try await deliver(flight.outcome(whole: result)) }
        do {
            try flight.follow(location, configuration)
            // RFC 9110 section 10.2.3: on a redirect it is the least time before the next hop.
            let wait = result.retryAfter.map { min($0, configuration.retry.longestRetryAfter) } ?? .zero
            enqueue(flight, goesFirst: true, notBefore: wait == .zero ? nil : now + wait)
        } catch {
            try await deliver(flight.outcome(error: error))
        }
    }

    /// When a failed try is repeated; nil is never.
    private mutating func moment(
        ofRetry flight: PendingRequest, _ result: HopResult, _ error: FetchError, _ counts: Bool, _ now: Instant
    ) -> Instant? {
        if !counts, flight.mayBePutBack(result, error, configuration.retry, now: now) {
            flight.putBack(result)
            return now
        }
        if flight.mayTakeFreshConnection(result, error, now) {
            flight.putBack(result, takingFreshConnection: true)
            return now
        }
        if result.isLocalShortage, flight.mayBeSentAgain(result, error, now) {
            return flight.putBackForShortage(result).map { now + $0 }
        }
        guard let retry = flight.retry(result, error, configuration.retry, now: now), budget.pay(retry.cost) else { return nil }
        flight.fail(result, retry)
        return now + retry.delay
    }

    private mutating func deliver(_ outcome: Outcome) async throws {
        report.count(outcome, configuration.limits.failures)
        order.finish(outcome.index)
        memory.firstInLine = order.next
        let wasStreaming = streams.finish(outcome.index)
        defer { streams.grantNextTurn(next: order.next) }
        guard failure == nil else { return }
        if wasStreaming { try await receiver.end(outcome) } else { try await receiver.receive(outcome) }
    }

    // MARK: Streaming

    private mutating func begin(
        _ flight: PendingRequest, _ id: TransferID, _ hop: Hop, _ group: inout TaskGroup<Event>
    ) async throws {
        streams.start(flight.index)
        flight.streamed = 0
        flight.hasStreamed = configuration.bodies.streaming != .independently
        if failure == nil {
            do { try await receiver.begin(flight.outcome(soFar: hop)) } catch { failure = error }
        }
        readOn(id, flight, &group)
    }

    private func readOn(_ id: TransferID, _ flight: PendingRequest, _ group: inout TaskGroup<Event>) {
        group.addTask(executorPreference: flight.loop) { .transfer(await flight.loop!.nextPart(of: id), flight) }
    }

    // MARK: The end before the end

    private var isStopping: Bool { Task.isCancelled || failure != nil || report.endsEarly }

    /// Nothing new starts, what is in flight is cancelled, what waits ends as `cancelled`.
    private mutating func giveUp(_ group: inout TaskGroup<Event>) async {
        group.cancelAll()
        hasInputEnded = true
        for flight in schedule.removeAllWaiting() {
            waitingBytes -= flight.weight
            do { try await deliver(flight.outcome(cancelled: report.explain(flight.cancellation))) } catch { failure = failure ?? error }
        }
    }
}
