// Retries, and redirects that are told to wait: requests with a moment of their own, whatever their host may.

internal import HeapModule

/// Requests that may not start before a certain time.
struct DelayedJobs<Job> {
    private struct Entry: Comparable {
        var at: Instant
        var job: Job
        var origin: Origin

        static func < (a: Entry, b: Entry) -> Bool { a.at < b.at }
        static func == (a: Entry, b: Entry) -> Bool { a.at == b.at }
    }

    private var entries: Heap<Entry> = []

    var count: Int { entries.count }
    /// When the first one may go.
    var next: Instant? { entries.min?.at }
    var jobs: [Job] { entries.unordered.map(\.job) }

    mutating func add(_ job: Job, for origin: Origin, notBefore moment: Instant) {
        entries.insert(Entry(at: moment, job: job, origin: origin))
    }

    /// Takes out one whose time has come.
    mutating func popDue(_ now: Instant) -> (job: Job, origin: Origin)? {
        guard let first = entries.min, first.at <= now else { return nil }
        entries.removeMin()
        return (first.job, first.origin)
    }
}
