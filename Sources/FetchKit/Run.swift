// The task group: a sliding window of transfers over the schedule. Its body is the only place that decides, one event after
// the other, so that order and back-pressure need no lock.

/// One run of a `Fetcher`, from the first candidate to the last outcome.
struct Run {
    private enum Event: Sendable {
        case input([Candidate]?)
        case inputFailed(any Error)
        case transfer(TransferEvent, Flight)
    }

    private let configuration: Configuration
    private let source: any RequestSource
    private let receiver: any OutcomeReceiver
    private let loops: [EventLoop]
    private var schedule: Schedule<Flight>
    private var order: OrderWindow
    private var streams: StreamTurns
    private var report = RunReport()
    private var nextIndex = 0
    private var isReading = false
    private var hasInputEnded = false
    /// Bytes of all requests that wait: URLs may be long.
    private var waitingBytes = 0
    private var failure: (any Error)?

    init(_ configuration: Configuration, source: any RequestSource, receiver: any OutcomeReceiver, loops: [EventLoop]) {
        self.configuration = configuration
        self.source = source
        self.receiver = receiver
        self.loops = loops
        schedule = Schedule(concurrency: configuration.concurrency, perHost: configuration.perHost)
        order = OrderWindow(budget: configuration.orderBudget)
        streams = StreamTurns(configuration.streaming)
    }

    mutating func carryOut() async throws -> RunReport {
        await withTaskGroup(of: Event.self) { group in
            while true {
                if Task.isCancelled || failure != nil { await giveUp(&group) }
                startTransfers(&group)
                readInput(&group)
                guard let event = await group.next() else { break }
                do { try await handle(event, &group) } catch { failure = failure ?? error }
            }
        }
        if let failure { throw failure }
        return report
    }

    // MARK: Starting

    private mutating func startTransfers(_ group: inout TaskGroup<Event>) {
        while schedule.active == 0 || receiver.hasRoom, let (flight, host) = schedule.next() {
            waitingBytes -= flight.weight
            flight.dispatch(host, loop: loop(for: flight.request.url.origin))
            let request = flight.hopRequest(configuration)
            group.addTask(executorPreference: flight.loop) {
                .transfer(await flight.loop!.perform(request), flight)
            }
        }
    }

    private mutating func readInput(_ group: inout TaskGroup<Event>) {
        guard !isReading, !hasInputEnded, schedule.waiting < configuration.effectiveLookAhead, waitingBytes < 8 << 20,
            order.admits(nextIndex), streams.heldBack < configuration.orderBudget
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
        case .inputFailed(let error):
            isReading = false
            hasInputEnded = true
            throw error
        case .input(nil):
            isReading = false
            hasInputEnded = true
            report.isInputRead = true
        case .input(let candidates?):
            isReading = false
            for candidate in candidates { try await admit(candidate) }
        case .transfer(.finished(let result), let flight):
            try await finish(flight, result)
        case .transfer(.outgrew(let id, let hop), let flight):
            if streams.mayStart(flight.index, next: order.next) {
                try await begin(flight, id, hop, &group)
            } else {
                streams.wait(flight.index, for: StreamTurns.Waiting(id: id, loop: flight.loop!, hop: hop))
                group.addTask(executorPreference: flight.loop) { .transfer(await flight.loop!.awaitTurn(of: id), flight) }
            }
        case .transfer(.promoted(let id), let flight):
            try await begin(flight, id, streams.hopOfPromoted(flight.index), &group)
        case .transfer(.part(let id, let part), let flight):
            if failure == nil { try await receiver.part(part) }
            readOn(id, flight, &group)
        }
    }

    private mutating func admit(_ candidate: Candidate) async throws {
        let index = nextIndex
        nextIndex += 1
        switch candidate {
        case .rejected(let input): try await deliver(Outcome(index: index, rejected: input))
        case .request(let request): enqueue(Flight(index: index, request: request))
        }
    }

    private mutating func enqueue(_ flight: Flight, goesFirst: Bool = false) {
        waitingBytes += flight.weight
        schedule.add(flight, for: flight.request.url.origin, goesFirst: goesFirst)
    }

    /// A hop is over: the next one, or the end.
    private mutating func finish(_ flight: Flight, _ result: HopResult) async throws {
        schedule.finished(flight.host!)
        flight.hops.append(result.hop)
        if let location = result.location, result.error == nil {
            do {
                try flight.follow(location, configuration)
                return enqueue(flight, goesFirst: true)
            } catch {
                return try await deliver(flight.outcome(error: error))
            }
        }
        try await deliver(flight.outcome(error: result.error, body: result.body))
    }

    private mutating func deliver(_ outcome: Outcome) async throws {
        report.outcomes += 1
        if !outcome.isOK { report.failures += 1 }
        order.finish(outcome.index)
        let wasStreaming = streams.finish(outcome.index)
        defer { streams.promoteNext(next: order.next) }
        guard failure == nil else { return }
        if wasStreaming { try await receiver.end(outcome) } else { try await receiver.receive(outcome) }
    }

    // MARK: Streaming

    private mutating func begin(
        _ flight: Flight, _ id: TransferID, _ hop: Hop, _ group: inout TaskGroup<Event>
    ) async throws {
        streams.start(flight.index)
        if failure == nil {
            do { try await receiver.begin(flight.outcome(soFar: hop)) } catch { failure = error }
        }
        readOn(id, flight, &group)
    }

    private func readOn(_ id: TransferID, _ flight: Flight, _ group: inout TaskGroup<Event>) {
        group.addTask(executorPreference: flight.loop) { .transfer(await flight.loop!.nextPart(of: id), flight) }
    }

    // MARK: The end before the end

    /// Nothing new starts, what is in flight is cancelled, what waits ends as `cancelled`.
    private mutating func giveUp(_ group: inout TaskGroup<Event>) async {
        group.cancelAll()
        hasInputEnded = true
        for flight in schedule.removeAllWaiting() {
            waitingBytes -= flight.weight
            do { try await deliver(flight.outcome(error: .cancelledUnread)) } catch { failure = failure ?? error }
        }
    }
}
