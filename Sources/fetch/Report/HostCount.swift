// How many hosts a run has met, with or without a table of them.

import FetchKit

/// Counts different hosts, exactly up to a limit.
struct HostCount {
    private static var most: Int { 4096 }

    private var seen: Set<Int> = []
    /// Neighbours in a list often are of the same host.
    private var last: Origin?

    /// The number of hosts; when it is full there may be more.
    var count: Int { seen.count }
    var isFull: Bool { seen.count >= Self.most }

    /// For people.
    var text: String { (isFull ? "at least " : "") + counted(count, "host") }

    mutating func record(_ origin: Origin) {
        if origin == last || isFull { return }
        last = origin
        seen.insert(origin.hashValue)
    }
}
