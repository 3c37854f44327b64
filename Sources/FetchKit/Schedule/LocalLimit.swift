// When this machine runs out of sockets or ports, fewer transfers at once help, and failing does not.

/// How many transfers the machine can carry.
struct LocalLimit {
    static let growthInterval = Duration.seconds(5)

    private let limit: Int
    private var cut: (size: Int, at: Instant)?

    init(_ limit: Int) { self.limit = limit }

    /// One more every five seconds since the last cut.
    mutating func size(at now: Instant) -> Int {
        guard let cut else { return limit }
        let grown = cut.size + Int((now - cut.at) / Self.growthInterval)
        if grown >= limit { self.cut = nil }
        return min(limit, grown)
    }

    /// Halves what is running; what was started before the last cut says nothing new.
    mutating func halve(running: Int, startedAt: Instant, now: Instant) {
        if let cut, startedAt <= cut.at { return }
        cut = (max(1, running / 2), now)
    }
}
