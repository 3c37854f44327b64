// A host that cannot be reached pauses, is asked again by one request at a time, and is given up at last. Only reachability counts,
// and only failures without a success between them: a host that answers now and then, whatever it says, is there.

/// The circuit breaker of one host.
struct Breaker {
    enum State: Equatable {
        case closed
        /// Nothing starts before that moment; then one request, the probe, may.
        case open(until: Instant)
        /// The probe is under way.
        case probing
        /// Given up until that moment.
        case down(until: Instant)
    }

    static let failuresToOpen = 5
    /// The same of a host that has answered before: one that drops some of its requests is not away.
    static let failuresToOpenAfterAnswers = 10
    /// A host that never answered is given up at this opening.
    static let openingsToGiveUp = 4
    static let longestOpening = Duration.seconds(600)
    /// After so long a host that was given up gets another chance, with one probe.
    static let downTime = Duration.seconds(600)

    private(set) var state = State.closed
    private var hasAnswered = false
    /// Failures without a success between them, and when the first of them was noticed.
    private var failures = 0
    private var failingSince: Instant?
    private var openings = 0

    var isFresh: Bool { state == .closed && failures == 0 }

    /// Whether the host has answered before and is away now, and not given up: its requests wait, and have not failed.
    var awaitsReturn: Bool {
        guard hasAnswered else { return false }
        return if case .open = state { true } else { state == .probing }
    }

    mutating func succeeded() {
        reset()
        hasAnswered = true
    }

    /// Forgets all failures.
    mutating func reset() {
        state = .closed
        failures = 0
        failingSince = nil
        openings = 0
    }

    /// `delay` is how long the first opening lasts; each further one lasts twice as long. A host that has answered is given up when
    /// it could not be reached for `timeout`; nil is never.
    mutating func failed(isProbe: Bool, delay: Duration, timeout: Duration?, now: Instant) {
        switch state {
        case .closed:
            failures += 1
            failingSince = failingSince ?? now
            if failures >= (hasAnswered ? Self.failuresToOpenAfterAnswers : Self.failuresToOpen) { open(delay, timeout, now) }
        case .probing where isProbe: open(delay, timeout, now)
        // What was under way when it opened says nothing new.
        case .probing, .open, .down: break
        }
    }

    /// The probe ended without saying anything about the host.
    mutating func probeWasLost(now: Instant) {
        if state == .probing { state = .open(until: now) }
    }

    /// A request starts. Returns whether it is the probe.
    mutating func start() -> Bool {
        guard case .open = state else { return false }
        state = .probing
        return true
    }

    /// The time of a host that was given up is over: one probe.
    mutating func reconsider(now: Instant) {
        if case .down = state { state = .open(until: now) }
    }

    private mutating func open(_ delay: Duration, _ timeout: Duration?, _ now: Instant) {
        let wait = min(Self.longestOpening, delay * (1 << min(openings, 20)))
        openings += 1
        guard hasAnswered else {
            state = openings >= Self.openingsToGiveUp ? .down(until: now + Self.downTime) : .open(until: now + wait)
            return
        }
        let end = timeout.map { (failingSince ?? now) + $0 }
        if let end, end <= now {
            state = .down(until: now + Self.downTime)
        } else {
            // The last probe is at the end of the time.
            state = .open(until: end.map { min($0, now + wait) } ?? now + wait)
        }
    }
}
