// What a run waits for, measured: each stretch of time in which nothing more could start is put down to its reason.

/// Adds up time by reason.
struct HoldClock {
    private(set) var times: [Hold: Duration] = [:]
    private(set) var hold: Hold?
    private var since: Instant?

    /// From now on it is this that holds the run back; nil when nothing does, or there is nothing to start.
    mutating func change(to hold: Hold?, now: Instant) {
        if hold == self.hold { return }
        settle(now)
        self.hold = hold
        since = now
    }

    /// Counts the stretch that has not ended yet.
    mutating func settle(_ now: Instant) {
        if let hold, let since { times[hold, default: .zero] += since.duration(to: now) }
        since = now
    }
}
