// The way to the receiver: outcomes and parts of bodies, one after the other.

internal import DequeModule

extension Dispatcher {
    /// Whether something is there for the receiver, and nobody hands it over.
    func mustDeliver(_ run: Run) -> Bool { !run.isDelivering && !run.deliveries.isEmpty }

    /// Hands what is finished to the receiver, one after the other. Whoever waits in here waits for the reader of the output alone: an
    /// outcome that must wait for its order is taken at once, so that the first unfinished index can always go on.
    func deliver(_ run: Run) async {
        guard mustDeliver(run) else { return }
        run.isDelivering = true
        // Places that have become free are for other runs meanwhile.
        if schedule.runCount > 1 { dispatch(run) }
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
    func flush() {
        for run in batchRuns { run.receiver!.flush() }
    }

    // MARK: Streaming

    /// The body of a worker's transfer has outgrown memory. Returns whether it may stream at once; if not, its turn is told to its loop.
    func requestTurn(_ worker: Int, of number: Int) -> Bool {
        let run = runs[number]!
        let request = run.workers[worker].request!
        return run.streams.mayStart(request.index, serial: request.serial, next: run.order.next)
    }

    func grantNextTurn(_ run: Run) {
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
}

extension OutcomeReceiver {
    fileprivate func take(_ item: consuming Run.Delivery.Item) async throws {
        switch item {
        case .outcome(let outcome): try await receive(outcome)
        case .begin(let outcome): try await beginBody(of: outcome)
        case .part(let part, let index): try await receivePart(part, ofBodyAt: index)
        case .end(let outcome): try await endBody(of: outcome)
        }
    }
}
