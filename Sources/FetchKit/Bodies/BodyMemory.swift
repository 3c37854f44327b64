// How many body bytes a run holds in memory, all threads together. A count, not an allocator: whoever is refused goes to the
// spill file.

internal import Synchronization

/// The budget of body bytes in memory, shared by loops and output.
package final class BodyMemory: Sendable {
    package let limit: Int
    private let used = Atomic(0)
    private let first = Atomic(0)

    package init(limit: Int) { self.limit = limit }

    /// Bytes that are held, those that had to go beyond the budget included.
    package var inUse: Int { used.load(ordering: .relaxed) }

    /// The index of the first request that has not ended: others may wait for its body, so that there is always room for it.
    package var firstInLine: Int {
        get { first.load(ordering: .relaxed) }
        set { first.store(newValue, ordering: .relaxed) }
    }

    /// Reserves bytes if they fit.
    package func reserve(_ count: Int) -> Bool {
        let (_, now) = used.add(count, ordering: .relaxed)
        if now <= limit { return true }
        used.subtract(count, ordering: .relaxed)
        return false
    }

    /// Reserves bytes whether they fit or not: for what is already here and must go somewhere.
    package func overdraw(_ count: Int) {
        used.add(count, ordering: .relaxed)
    }

    package func release(_ count: Int) {
        used.subtract(count, ordering: .relaxed)
    }
}
