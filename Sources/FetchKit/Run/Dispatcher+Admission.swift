// The way in: candidates are read a batch at a time, as far as there is room, and each becomes a request that waits or an outcome.

extension Dispatcher {
    /// Reads the source to its end, a batch at a time, on the executor of whoever called the fetcher.
    nonisolated func read(_ source: any RequestSource, for number: Int) async {
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
        if run.isStopping {
            // The body of the group may have ended.
            await deliver(run)
        } else if mustDeliver(run) {
            // Not here: the reader prefers another executor, and each outcome would go there and back.
            run.wakeBody()
        }
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

    func wantsInput(_ run: Run) -> Bool {
        schedule.waiting(of: run.number) < configuration.limits.lookAhead(whileBusy: schedule.active >= configuration.limits.concurrency)
            && run.waitingBytes < 8 << 20
            && run.order.admits(run.nextIndex) && run.streams.heldBack < configuration.limits.orderWindow
            // Not none: the reader is on another thread, and would find one whenever it comes.
            && run.deliveries.count < 256
    }

    func admit(_ candidate: consuming Candidate, to run: Run) {
        if let limit = configuration.limits.requests, run.isBatch, run.nextIndex >= limit {
            run.hasInputEnded = true
            return run.report.stop(.limit)
        }
        if configuration.limits.fetchesEqualRequestsOnce, run.isBatch, case .request(let request) = candidate,
            !run.seen.insert(request.fingerprint).inserted
        {
            run.report.duplicateCount += 1
            return
        }
        let index = run.nextIndex
        run.nextIndex += 1
        switch consume candidate {
        case .rejected(let input): finish(Outcome(index: index, rejected: input), run)
        case .request(var request):
            if let defect = request.defect {
                return finish(Outcome(index: index, request: request, error: FetchError(.input, defect)), run)
            }
            let admission = run.choosesRequests ? run.receiver!.admit(&request, at: index) : .fetch
            switch admission {
            case .fetch: enqueue(PendingRequest(index: index, request: consume request, now: loop.now), run)
            case .skip: finish(Outcome(index: index, request: request), run)
            case .refuse(let error): finish(Outcome(index: index, request: request, error: error), run)
            }
        }
    }

    func enqueue(_ request: PendingRequest, _ run: Run, goesFirst: Bool = false, notBefore: Instant? = nil) {
        run.waitingBytes += request.weight
        schedule.add(request, run: run.number, for: request.request.url.origin, goesFirst: goesFirst, notBefore: notBefore, now: loop.now)
    }
}
