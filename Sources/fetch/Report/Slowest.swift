// The URLs that took longest: what one looks at first after a slow run.

import FetchKit

/// The ten slowest outcomes, the slowest first.
struct Slowest {
    struct Entry {
        let url: String
        let microseconds: Int64
        /// Nil when there was no response.
        let statusCode: Int?
        let error: FetchError.Kind?

        var time: Duration { .microseconds(microseconds) }
    }

    static let most = 10

    private(set) var entries: [Entry] = []
    /// What the fastest of them took, once there are enough.
    private var threshold = Int64.min

    mutating func record(_ outcome: Outcome, _ microseconds: Int64) {
        // Most outcomes end here: nothing is built for them.
        guard microseconds > threshold else { return }
        let place = entries.firstIndex { $0.microseconds < microseconds } ?? entries.endIndex
        entries.insert(
            Entry(
                url: outcome.text, microseconds: microseconds, statusCode: outcome.response?.statusCode, error: outcome.error?.kind),
            at: place)
        if entries.count > Self.most { entries.removeLast() }
        if entries.count == Self.most { threshold = entries[entries.endIndex - 1].microseconds }
    }
}
