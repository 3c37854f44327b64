// A host that cannot be reached is left alone, asked again by one request at a time, and at last given up. Only reachability
// counts: a host that answers, whatever it says, is there.

/// The circuit breaker of one host.
struct Breaker {
    enum State: Equatable {
        case closed
        /// Nothing starts before that moment; then one request, the probe, may.
        case open(until: Moment)
        /// The probe is under way.
        case probing
        /// Given up until that moment.
        case down(until: Moment)
    }

    static let failuresToOpen = 5
    static let openingsToGiveUp = 4
    static let longestOpening = Duration.seconds(600)
    /// After so long a host that was given up gets another chance, with one probe.
    static let downTime = Duration.seconds(600)

    private(set) var state = State.closed
    private var failuresInRow = 0
    /// The last 20 results, one bit each; 1 is a failure.
    private var recent: UInt32 = 0
    private var results = 0
    private var openings = 0

    var isFresh: Bool { state == .closed && failuresInRow == 0 && recent == 0 }

    mutating func succeeded() {
        if state != .closed { self = Breaker() }
        failuresInRow = 0
        note(0)
    }

    /// `delay` is how long the first opening lasts; each further one lasts twice as long.
    mutating func failed(isProbe: Bool, delay: Duration, now: Moment) {
        switch state {
        case .closed:
            failuresInRow += 1
            note(1)
            let isMostlyFailing = results >= 20 && recent.nonzeroBitCount >= 10
            if failuresInRow >= Self.failuresToOpen || isMostlyFailing { open(delay, now) }
        case .probing where isProbe: open(delay, now)
        // What was under way when it opened says nothing new.
        case .probing, .open, .down: break
        }
    }

    /// The probe ended without saying anything about the host.
    mutating func probeWasLost(now: Moment) {
        if state == .probing { state = .open(until: now) }
    }

    /// A request starts. Returns whether it is the probe.
    mutating func start() -> Bool {
        guard case .open = state else { return false }
        state = .probing
        return true
    }

    /// The time of a host that was given up is over: one probe.
    mutating func reconsider(now: Moment) {
        if case .down = state { state = .open(until: now) }
    }

    private mutating func open(_ delay: Duration, _ now: Moment) {
        openings += 1
        state =
            openings >= Self.openingsToGiveUp
            ? .down(until: now + Self.downTime)
            : .open(until: now + min(Self.longestOpening, delay * (1 << (openings - 1))))
    }

    private mutating func note(_ bit: UInt32) {
        recent = (recent << 1 | bit) & 0xFFFFF
        results = min(results + 1, 20)
    }
}
