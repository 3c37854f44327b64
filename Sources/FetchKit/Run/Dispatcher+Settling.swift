// What becomes of a hop that has finished: the next one, the same once more, or the outcome of its request.

extension Dispatcher {
    /// A hop is over: the next one, the same once more, or the end.
    func settle(_ result: HopResult, _ worker: Int, _ run: Run) {
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
        run.report.outcomeCount += 1
        _ = end(index, run)
    }

    /// A request has its outcome, which goes to the receiver at the next `deliver`.
    func finish(_ outcome: consuming Outcome, _ run: Run) {
        guard run.isBatch else { return run.outcome = outcome }
        run.report.count(outcome, configuration.limits.failures)
        if run.report.endsEarly && !run.isStopping { run.stop() }
        let wasStreaming = end(outcome.index, run)
        run.deliveries.append(Run.Delivery(item: wasStreaming ? .end(outcome) : .outcome(outcome)))
    }

    /// A request is over: the next one in line may be another. Returns whether its body was the one that streamed.
    private func end(_ index: Int, _ run: Run) -> Bool {
        run.order.finish(index)
        run.firstInLine.index = run.order.next
        defer { grantNextTurn(run) }
        return run.streams.finish(index)
    }
}
