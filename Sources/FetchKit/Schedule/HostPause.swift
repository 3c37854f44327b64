// A host that says "too much" (429 or 503) pauses for a while: as long as it asks for, or longer each time.

/// The pauses of one host.
struct HostPause {
    static let first = Duration.seconds(2)
    static let longest = Duration.seconds(300)
    static let forgottenAfter = Duration.seconds(600)

    private(set) var until: Instant?
    private var last: Instant?
    private var streak = 0

    func isOver(at now: Instant) -> Bool { until.map { $0 <= now } ?? true }

    /// `jitter` is between 0 and 1, so that hosts and machines do not come back all at the same moment.
    mutating func begin(
        _ asked: Duration?, startedAt: Instant, now: Instant, jitter: Double
    ) {
        // Answers to requests that were under way say the same thing once more.
        let isNews = last.map { startedAt > $0 } ?? true
        if let last, last + Self.forgottenAfter < now { streak = 0 }
        if isNews {
            streak += 1
            last = now
        }
        let pause: Duration
        if let asked {
            pause = asked * (1 + jitter / 10)
        } else {
            guard isNews else { return }
            pause = min(Self.longest, Self.first * (1 << min(streak - 1, 10))) * (0.9 + jitter / 5)
        }
        until = max(until ?? now, now + pause)
    }

    /// An answer to a request that was sent after the pause: it did help.
    mutating func succeeded(startedAt: Instant) {
        if let last, startedAt > last {
            self.last = nil
            streak = 0
        }
    }
}
