// What a loop does at a certain time.

/// A moment that the loop waits for.
struct LoopTimer: Comparable {
    var at: Instant
    /// Whose moment it is; that one may be gone by then.
    var serial: Int

    static func < (a: LoopTimer, b: LoopTimer) -> Bool { a.at < b.at }
}
