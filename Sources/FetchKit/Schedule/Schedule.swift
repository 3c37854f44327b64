// What may start now: the hosts of a fetcher, and the queues of its runs. A pure value: no clock, no lock, no libcurl, so that its rules
// are tested as tables. What each rule is has a file of its own.

import DequeModule
import HeapModule

/// Requests that wait, by run and host, and what runs. Hosts are served round-robin, so that a list sorted by host keeps all hosts busy;
/// a place that becomes free at a host goes round-robin over the runs that wait for it.
struct Schedule<Job> {
    typealias Ticket = Hosts.Ticket

    enum Turn {
        case start(Job, run: Int, Ticket)
        /// The request must not be tried.
        case refuse(Job, run: Int, Refusal)
        /// Nothing before that time.
        case wait(until: Instant)
        /// Nothing before a transfer finishes or a request is added.
        case nothing
    }

    private var hosts: Hosts
    private var queues: [Queue<Job>?] = []
    private var freeRuns: [Int] = []
    /// Runs that are under way.
    private(set) var runCount = 0
    /// Runs that may start something at some host, in turn.
    private var offering: Deque<Int> = []
    private var delayed = DelayedJobs<(job: Job, run: Int)>()
    private var refused: Deque<(job: Job, run: Int, refusal: Refusal)> = []
    /// Why the last `next` started nothing; nil when it did, or when nothing waits.
    private(set) var hold: Hold?
    /// Requests that wait, of all runs.
    private(set) var waiting = 0

    init(_ rules: ScheduleRules, seed: UInt64 = .random(in: 0...UInt64.max)) {
        hosts = Hosts(rules, seed: seed)
    }

    /// Transfers that run, of all runs.
    var active: Int { hosts.active }

    var isNetworkDown: Bool { hosts.isNetworkDown }

    // MARK: Runs

    /// A new run with an empty queue; returns its number.
    mutating func addRun() -> Int {
        runCount += 1
        if let run = freeRuns.popLast() {
            queues[run] = Queue()
            return run
        }
        queues.append(Queue())
        return queues.count - 1
    }

    /// The run is over; nothing of it waits or runs.
    mutating func removeRun(_ run: Int) {
        runCount -= 1
        let offers = takeOffers(of: run)
        queues[run] = nil
        for slot in offers { offer(slot) }
        freeRuns.append(run)
    }

    /// Requests of a run that wait.
    func waiting(of run: Int) -> Int { queues[run]!.count }

    func isBlocked(_ run: Int) -> Bool { queues[run]!.isBlocked }

    /// Whether nothing of a run may start for now. Places that it was offered go to other runs that wait for the same hosts.
    mutating func setBlocked(_ run: Int, _ isBlocked: Bool) {
        guard queues[run]!.isBlocked != isBlocked else { return }
        queues[run]!.isBlocked = isBlocked
        if isBlocked && runCount > 1 {
            for slot in takeOffers(of: run) { offer(slot) }
        } else if !isBlocked && queues[run]!.missedOffers {
            queues[run]!.missedOffers = false
            for slot in queues[run]!.waiting.keys { offer(slot) }
        }
    }

    /// Takes back all places that were offered to a run.
    private mutating func takeOffers(of run: Int) -> Deque<Int> {
        defer { queues[run]!.offered = [] }
        offering.removeAll { $0 == run }
        for slot in queues[run]!.offered { hosts[slot].offeredTo = nil }
        return queues[run]!.offered
    }

    /// The host that most requests of a run wait for. Looks at all of its hosts.
    func busiest(of run: Int) -> (origin: Origin, waiting: Int)? { queues[run]!.busiest.map { (hosts[$0.slot].origin, $0.waiting) } }

    /// The request of a run that waits for its own time and is the first to go, unless another run has one that goes earlier.
    func nextDelayed(of run: Int) -> (job: Job, at: Instant)? {
        guard let first = delayed.first, first.run == run, let at = delayed.next else { return nil }
        return (first.job, at)
    }

    // MARK: In

    /// Takes a request in. One that was started before - a redirect, a retry - goes first among those of its host, and not
    /// before its time.
    mutating func add(_ job: Job, run: Int, for origin: Origin, goesFirst: Bool = false, notBefore: Instant? = nil, now: Instant) {
        wake(now)
        queues[run]!.count += 1
        waiting += 1
        if let notBefore {
            queues[run]!.delayed += 1
            delayed.add((job, run), for: origin, notBefore: notBefore)
        } else {
            enqueue(job, run, origin, goesFirst: goesFirst)
        }
    }

    private mutating func enqueue(_ job: Job, _ run: Int, _ origin: Origin, goesFirst: Bool) {
        let slot = hosts.slot(of: origin)
        if let refusal = hosts[slot].closed { return refused.append((job, run, refusal)) }
        if queues[run]!.add(job, at: slot, goesFirst: goesFirst) { hosts[slot].join(run) }
        offer(slot)
    }

    // MARK: Out

    /// What may happen now. A request that starts counts as running until `finished`.
    mutating func next(now: Instant) -> Turn {
        wake(now)
        if let (job, run, refusal) = refused.popFirst() {
            queues[run]!.count -= 1
            waiting -= 1
            return .refuse(job, run: run, refusal)
        }
        if case .closed(let reason, let until) = hosts.gate(now) {
            guard let until else { return hold(reason, .nothing) }
            return offering.isEmpty ? rest() : hold(reason, .wait(until: until))
        }
        while let run = nextOffering() {
            let slot = queues[run]!.offered.removeFirst()
            if !queues[run]!.offered.isEmpty { offering.append(run) }
            hosts[slot].offeredTo = nil
            guard hosts[slot].hasRoom else { continue }
            if let until = hosts[slot].earliestStart(now) {
                hosts.park(slot, until)
                continue
            }
            guard let (job, hasMore) = queues[run]!.take(at: slot) else {
                // What waited there was refused since.
                offer(slot)
                continue
            }
            return start(job, run, slot, hasMore: hasMore, now)
        }
        return rest()
    }

    /// Starts a certain request although the limits of transfers and of its host are reached: all that runs waits for it. Nil when it
    /// waits for time, or not for a place at all.
    mutating func startBeyondLimit(run: Int, now: Instant, where isWanted: (Job) -> Bool) -> (Job, Ticket)? {
        wake(now)
        for (slot, jobs) in queues[run]!.waiting where jobs.contains(where: isWanted) {
            if let until = hosts[slot].earliestStart(now) {
                hosts.park(slot, until)
                return nil
            }
            guard hosts[slot].parkedUntil == nil, hosts[slot].breaker.state == .closed else { return nil }
            var passed: [Job] = []
            while let (job, hasMore) = queues[run]!.take(at: slot) {
                if !isWanted(job) {
                    passed.append(job)
                    continue
                }
                for job in passed.reversed() { _ = queues[run]!.add(job, at: slot, goesFirst: true) }
                guard case .start(let job, _, let ticket) = start(job, run, slot, hasMore: hasMore || !passed.isEmpty, now) else { break }
                return (job, ticket)
            }
        }
        return nil
    }

    /// The next run that has places to start something at and is not blocked.
    private mutating func nextOffering() -> Int? {
        for _ in 0..<offering.count {
            let run = offering.removeFirst()
            guard let queue = queues[run], !queue.offered.isEmpty else { continue }
            if !queue.isBlocked { return run }
            offering.append(run)
        }
        return nil
    }

    private mutating func start(_ job: Job, _ run: Int, _ slot: Int, hasMore: Bool, _ now: Instant) -> Turn {
        hold = nil
        let ticket = hosts.start(slot, hasMore: hasMore, now: now)
        queues[run]!.count -= 1
        waiting -= 1
        hosts[slot].lastServed = run
        if hasMore { hosts[slot].runs.rotate() } else { hosts[slot].runs.remove(run) }
        offer(slot)
        return .start(job, run: run, ticket)
    }

    private mutating func hold(_ reason: Hold?, _ turn: Turn) -> Turn {
        hold = reason
        return turn
    }

    /// Nothing may start: what waits, waits for a place at its host, or for its time.
    private mutating func rest() -> Turn {
        hold =
            if waiting == 0 {
                nil
            } else if hosts.rules.perHostRate != nil && hosts.nextAlarm != nil {
                .rate
            } else if active == 0 || waiting == delayed.count {
                .backoff
            } else {
                .perHost
            }
        guard waiting > 0, let until = nextAlarm else { return .nothing }
        return .wait(until: until)
    }

    /// When time changes what may start.
    var nextAlarm: Instant? { [hosts.nextAlarm, delayed.next].compactMap { $0 }.min() }

    private mutating func wake(_ now: Instant) {
        if delayed.next.map({ $0 > now }) ?? true, hosts.nextAlarm.map({ $0 > now }) ?? true { return }
        while let (entry, origin) = delayed.popDue(now) {
            queues[entry.run]!.delayed -= 1
            enqueue(entry.job, entry.run, origin, goesFirst: true)
        }
        hosts.wake(now)
        noticeChanges(now)
    }

    private mutating func noticeChanges(_ now: Instant) {
        for slot in hosts.closed { refuseAll(at: slot, now) }
        hosts.closed.removeAll(keepingCapacity: true)
        for slot in hosts.changed { offer(slot) }
        hosts.changed.removeAll(keepingCapacity: true)
    }

    private mutating func refuseAll(at slot: Int, _ now: Instant) {
        guard let refusal = hosts[slot].closed else { return }
        while let run = hosts[slot].runs.first {
            hosts[slot].runs.remove(run)
            refused.append(contentsOf: queues[run]!.takeAll(at: slot).map { ($0, run, refusal) })
        }
        hosts.rest(slot, now)
    }

    /// Offers a place at a host, if there is one, to the next run that waits for it.
    private mutating func offer(_ slot: Int) {
        guard hosts[slot].parkedUntil == nil, hosts[slot].hasRoom else { return }
        if let run = hosts[slot].offeredTo {
            // It was the only run when it was blocked; now another one waits here.
            guard queues[run]!.isBlocked, hosts[slot].runs.count > 1 else { return }
            queues[run]!.offered.removeAll { $0 == slot }
            queues[run]!.missedOffers = true
            hosts[slot].offeredTo = nil
        }
        for _ in 0..<hosts[slot].runs.count {
            let run = hosts[slot].runs.first!
            // The one run there is loses nothing by an offer that it cannot take at once.
            if hosts[slot].runs.count == 1 || !queues[run]!.isBlocked {
                hosts[slot].offeredTo = run
                queues[run]!.offered.append(slot)
                if queues[run]!.offered.count == 1 { offering.append(run) }
                return
            }
            queues[run]!.missedOffers = true
            hosts[slot].runs.rotate()
        }
    }

    // MARK: Back

    /// A transfer is over. Returns whether its failure counts: not while the network is down, or its host away for a while.
    @discardableResult
    mutating func finished(_ ticket: Ticket, _ report: HostReport = .answered, now: Instant) -> Bool {
        let counts = hosts.finished(ticket, report, now: now)
        noticeChanges(now)
        return counts
    }

    // MARK: The end before the end

    /// Takes out everything of a run that waits.
    mutating func removeAllWaiting(of run: Int, now: Instant) -> [Job] {
        guard queues[run]!.count > 0 else { return [] }
        var jobs = refused.filter { $0.run == run }.map(\.job)
        refused.removeAll { $0.run == run }
        jobs += delayed.remove { $0.run == run }.map(\.job)
        let offers = takeOffers(of: run)
        let slots = Array(queues[run]!.waiting.keys)
        for slot in slots {
            jobs += queues[run]!.takeAll(at: slot)
            hosts[slot].runs.remove(run)
            hosts.rest(slot, now)
        }
        for slot in slots + offers { offer(slot) }
        waiting -= queues[run]!.count
        queues[run]!.count = 0
        queues[run]!.delayed = 0
        return jobs
    }
}
