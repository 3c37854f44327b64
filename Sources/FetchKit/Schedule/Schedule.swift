// Who may start now. A pure value: no clock, no lock, no curl, so that its rules can be tested as tables. Every future rule
// about starting - rates, pauses, breakers - belongs in here.

internal import DequeModule

/// Requests that wait for their turn, by host, and how many transfers of each host run. Hosts are served round-robin, so that
/// a list sorted by host keeps all hosts busy; a host costs memory only while it has something to do.
struct Schedule<Job> {
    /// Names a host between `next` and `finished`.
    struct HostID {
        fileprivate let slot: Int
    }

    private struct Host {
        var origin: Origin
        var waiting: Deque<Job> = []
        var active = 0
        /// In `ready`: has a request that may start as soon as there is room.
        var isReady = false
    }

    private let concurrency: Int
    private let perHost: Int
    private var hosts: [Host] = []
    private var freeSlots: [Int] = []
    private var slots: [Origin: Int] = [:]
    private var ready: Deque<Int> = []
    /// Transfers that run.
    private(set) var active = 0
    /// Requests that wait.
    private(set) var waiting = 0

    init(concurrency: Int, perHost: Int) {
        self.concurrency = concurrency
        self.perHost = perHost
    }

    /// Takes a request in. One that was started before - a redirect - goes first among those of its host.
    mutating func add(_ job: Job, for origin: Origin, goesFirst: Bool = false) {
        let slot = slots[origin] ?? makeHost(origin)
        if goesFirst { hosts[slot].waiting.prepend(job) } else { hosts[slot].waiting.append(job) }
        waiting += 1
        makeReady(slot)
    }

    /// The request that may start now; it counts as running until `finished`.
    mutating func next() -> (job: Job, host: HostID)? {
        guard active < concurrency, let slot = ready.popFirst() else { return nil }
        hosts[slot].isReady = false
        let job = hosts[slot].waiting.removeFirst()
        hosts[slot].active += 1
        waiting -= 1
        active += 1
        makeReady(slot)
        return (job, HostID(slot: slot))
    }

    /// A transfer of that host is over.
    mutating func finished(_ host: HostID) {
        hosts[host.slot].active -= 1
        active -= 1
        makeReady(host.slot)
        if hosts[host.slot].active == 0 && hosts[host.slot].waiting.isEmpty { forget(host.slot) }
    }

    /// Takes out everything that waits.
    mutating func removeAllWaiting() -> [Job] {
        let jobs = ready.isEmpty && waiting == 0 ? [] : hosts.flatMap(\.waiting)
        ready = []
        waiting = 0
        for slot in hosts.indices where !hosts[slot].waiting.isEmpty {
            hosts[slot].waiting = []
            hosts[slot].isReady = false
            if hosts[slot].active == 0 { forget(slot) }
        }
        return jobs
    }

    private mutating func makeReady(_ slot: Int) {
        guard !hosts[slot].isReady, hosts[slot].active < perHost, !hosts[slot].waiting.isEmpty else { return }
        hosts[slot].isReady = true
        ready.append(slot)
    }

    private mutating func makeHost(_ origin: Origin) -> Int {
        let host = Host(origin: origin)
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            hosts[slot] = host
        } else {
            slot = hosts.count
            hosts.append(host)
        }
        slots[origin] = slot
        return slot
    }

    private mutating func forget(_ slot: Int) {
        slots[hosts[slot].origin] = nil
        hosts[slot].waiting = []
        freeSlots.append(slot)
    }
}
