// How many transfers of one host may run at once: additive increase, multiplicative decrease, as TCP does it, so that a host
// that is overrun gets less and one that is well gets back to its limit.

/// The window of one host.
struct HostWindow {
    /// Successes after which one more transfer may run.
    static let successesToGrow = 20

    private(set) var size: Int
    private let limit: Int
    private var successes = 0
    private var lastCut: Instant?

    init(limit: Int) {
        size = limit
        self.limit = limit
    }

    var isWhole: Bool { size == limit }

    mutating func succeeded() {
        guard size < limit else { return }
        successes += 1
        if successes >= Self.successesToGrow {
            size += 1
            successes = 0
        }
    }

    /// Halves the window. Transfers that were under way when it was halved before say nothing new.
    mutating func cut(startedAt: Instant, now: Instant) {
        if let lastCut, startedAt <= lastCut { return }
        lastCut = now
        size = max(1, size / 2)
        successes = 0
    }
}
