// Rates: so many starts in a second, minute or hour, evenly spaced.

/// Says when the next start is allowed. Who comes late may catch up at most 100 ms, so that a timer that fires late costs
/// no throughput, and a pause is never followed by a burst.
struct Pacer {
    static let catchUp = Duration.milliseconds(100)

    private let interval: Duration
    /// When the next start is allowed; nil before the first one.
    private(set) var next: Instant?

    init(_ rate: Rate) { interval = rate.interval }

    func mayStart(at now: Instant) -> Bool { next.map { $0 <= now } ?? true }

    mutating func start(at now: Instant) {
        next = (next.map { max($0, now - Self.catchUp) } ?? now) + interval
    }
}
