// Retries, and redirects that are told to wait: requests with a time of their own, whatever their host allows.

import HeapModule

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
    /// The one that may go first.
    var first: Job? { entries.min?.job }

    mutating func add(_ job: Job, for origin: Origin, notBefore time: Instant) {
        entries.insert(Entry(at: time, job: job, origin: origin))
    }

    /// Takes out one whose time has come.
    mutating func popDue(_ now: Instant) -> (job: Job, origin: Origin)? {
        guard let first = entries.min, first.at <= now else { return nil }
        entries.removeMin()
        return (first.job, first.origin)
    }

    /// Takes out all that `isWanted` says.
    mutating func remove(where isWanted: (Job) -> Bool) -> [Job] {
        let all = entries.unordered
        let wanted = all.filter { isWanted($0.job) }
        if !wanted.isEmpty { entries = Heap(all.filter { !isWanted($0.job) }) }
        return wanted.map(\.job)
    }
}
