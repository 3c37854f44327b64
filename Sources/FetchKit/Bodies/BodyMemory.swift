// How many body bytes a run holds in memory, all threads together. A count, not an allocator: whoever is refused goes to the
// spill file.

internal import Synchronization

/// The budget of body bytes in memory, shared by loops and output.
package final class BodyMemory: Sendable {
    package let limit: Int
    private let used = Atomic(0)

    package init(limit: Int) { self.limit = limit }

    /// Bytes that are held, those that had to go beyond the budget included.
    package var inUse: Int { used.load(ordering: .relaxed) }

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

/// The position of the first request of a run that has not ended: others may wait for its body, so that there is always room for it.
final class FirstInLine: Sendable {
    private let position = Atomic(0)

    var index: Int {
        get { position.load(ordering: .relaxed) }
        set { position.store(newValue, ordering: .relaxed) }
    }
}

/// Bytes of bodies that came, and those that servers have announced; whoever shows progress reads them at any time.
package final class ByteCounts: Sendable {
    private let receivedBytes = Atomic(0)
    private let announcedBytes = Atomic(0)

    package init() {}

    package var received: Int64 { Int64(receivedBytes.load(ordering: .relaxed)) }
    package var announced: Int64 { Int64(announcedBytes.load(ordering: .relaxed)) }

    func receive(_ count: Int) { receivedBytes.add(count, ordering: .relaxed) }
    func announce(_ count: Int64) { announcedBytes.add(Int(count), ordering: .relaxed) }
}
