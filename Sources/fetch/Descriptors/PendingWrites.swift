// The calls that hand bytes over and may wait for a reader for ever: whoever ends the process must not wait for them.

import FetchKit
import Synchronization

/// The writes of the process that are under way, whatever they write to.
enum PendingWrites {
    private static let starts = Mutex<[Int: ContinuousClock.Instant]>([:])
    private static let count = Atomic(0)

    /// Runs a call that may block.
    static func during<Result>(_ write: () -> Result) -> Result {
        let number = count.add(1, ordering: .relaxed).newValue
        starts.withLock { $0[number] = .now }
        defer { starts.withLock { $0[number] = nil } }
        return write()
    }

    /// When the oldest of them began; nil when nothing is being written.
    static var oldest: ContinuousClock.Instant? { starts.withLock { $0.values.min() } }
}
