// The requests of one run that wait for a place at their hosts.

import DequeModule

/// What one run has waiting, by host. A pure value.
struct Queue<Job> {
    /// Waiting requests by slot of the host.
    private(set) var waiting: [Int: Deque<Job>] = [:]
    /// Hosts that this run may start something at, in turn.
    var offered: Deque<Int> = []
    /// Nothing of this run starts now: it has no room for outcomes.
    var isBlocked = false
    /// While it was blocked a place was not offered to it.
    var missedOffers = false
    /// Requests that wait, delayed ones included.
    var count = 0
    /// Those of them that wait for their time.
    var delayed = 0

    /// Returns whether it is the first one for that host.
    mutating func add(_ job: Job, at slot: Int, goesFirst: Bool) -> Bool {
        // One look-up for all.
        { (jobs: inout Deque<Job>) in
            if goesFirst { jobs.prepend(job) } else { jobs.append(job) }
            return jobs.count == 1
        }(&waiting[slot, default: []])
    }

    /// Takes the next one for that host, and says whether more wait for it.
    mutating func take(at slot: Int) -> (job: Job, hasMore: Bool)? {
        guard let index = waiting.index(forKey: slot) else { return nil }
        let job = waiting.values[index].removeFirst()
        let hasMore = !waiting.values[index].isEmpty
        if !hasMore { waiting.remove(at: index) }
        return (job, hasMore)
    }

    mutating func takeAll(at slot: Int) -> Deque<Job> { waiting.removeValue(forKey: slot) ?? [] }

    /// The host that most of them wait for. Looks at all hosts.
    var busiest: (slot: Int, waiting: Int)? {
        waiting.max { $0.value.count < $1.value.count }.map { ($0.key, $0.value.count) }
    }
}
