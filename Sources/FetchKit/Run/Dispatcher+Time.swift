// What a run does because of the time, what is measured of it, and how it ends early.

extension Dispatcher {
    /// One alarm for everything: the next start, and the deadlines.
    func setAlarm() {
        var alarm = nextStart
        for run in batchRuns {
            guard let deadline = run.deadline, !run.isStopping else { continue }
            alarm = min(alarm ?? deadline, deadline)
        }
        loop.alarm = alarm
    }

    func alarm() {
        nextStart = nil
        let now = loop.now
        for run in batchRuns {
            if let deadline = run.deadline, deadline <= now, !run.isStopping, !isOver(run) { stop(run, .deadline) }
            dispatch(run)
        }
        // What may start of calls for one request is started by whatever run looks.
        if batchRuns.isEmpty, let run = runs.lazy.compactMap(\.self).first { dispatch(run) }
    }

    func look(at run: Run) {
        guard run.isBatch else { return run.watch.endTurn() }
        let hold = hold(run)
        let waiting = schedule.waiting(of: run.number)
        run.watch.turn(
            to: hold, admitted: run.nextIndex, isInputRead: run.hasInputEnded, inFlight: run.active, waiting: waiting,
            counted: run.takesSuccesses ? 0 : run.report.outcomeCount - run.report.failureCount)
        // Numbers only, but for ten times a second.
        guard run.watch.isTimeToTell(isIdle: run.active == 0) else { return }
        if run.watch.isTimeToSearch { run.watch.found(schedule.busiest(of: run.number)) }
        let delayed = hold == .backoff ? schedule.nextDelayed(of: run.number) : nil
        let retry = delayed?.job.retry(limit: configuration.retry.limit)
        run.watch.tell(
            of: hold, isNetworkDown: schedule.isNetworkDown, alarm: retry == nil ? loop.alarm : delayed?.at, retry: retry)
    }

    /// Why nothing more starts at the moment.
    private func hold(_ run: Run) -> Hold? {
        if run.active > 0 && (run.isDelivering || !run.hasRoom) { return .output }
        if schedule.waiting(of: run.number) > 0 { return schedule.hold }
        return run.isReading && run.active < configuration.limits.concurrency ? .input : nil
    }

    // MARK: The end before the end

    func stop(_ run: Run, _ reason: RunReport.Stop) {
        run.report.stop(reason)
        stop(run)
    }

    func stop(_ run: Run, _ error: (any Error)? = nil) {
        run.stop(error)
        cancelTransfers(of: run)
        // A run of one request has no body that would do it.
        if !run.isBatch { cancelAll(of: run) }
    }

    private func cancelTransfers(of run: Run) {
        for worker in run.workers {
            guard let request = worker.request else { continue }
            transfers(of: request).loop.send { [serial = request.serial] in $0.cancel(serial) }
        }
    }

    /// What is in flight is cancelled, what waits ends as `cancelled`. The workers' tasks are cancelled by now: a transfer that they are
    /// about to start ends at once.
    func cancelAll(of run: Run) {
        cancelTransfers(of: run)
        for request in schedule.removeAllWaiting(of: run.number, now: loop.now) {
            run.waitingBytes -= request.weight
            finish(request.outcome(cancelled: run.report.explain(request.cancellation)), run)
        }
        updateRoom(of: run)
        run.wakeBody()
    }
}
