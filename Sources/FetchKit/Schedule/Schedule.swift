// Who may start now. A pure value: no clock, no lock, no curl, so that its rules can be tested as tables. Every rule about
// starting belongs in here; what each of them is has a file of its own.

internal import DequeModule
internal import HeapModule

/// Requests that wait for their turn, by host, and how many transfers of each host run. Hosts are served round-robin, so that
/// a list sorted by host keeps all hosts busy; a host costs memory while it has something to do or something against it.
struct Schedule<Job> {

    /// A transfer that runs: to be given back with `finished`.
    struct Ticket {
        fileprivate let slot: Int
        let startedAt: Instant
        let isProbe: Bool
        /// Whether its connection will probably be of use again: each idle one makes every other transfer dearer.
        let keepsConnection: Bool
    }

    enum Turn {
        case start(Job, Ticket)
        /// The request must not be tried.
        case refuse(Job, Refusal)
        /// Nothing before that moment.
        case wait(until: Instant)
        /// Nothing before a transfer finishes or a request is added.
        case nothing
    }

    private struct Alarm: Comparable {
        var at: Instant
        var slot: Int

        static func < (a: Alarm, b: Alarm) -> Bool { a.at < b.at }
    }

    private let rules: ScheduleRules
    private var jitter: Jitter
    private var hosts: HostTable<Job>
    private var ready: Deque<Int> = []
    private var alarms: Heap<Alarm> = []
    private var delayed = DelayedJobs<Job>()
    private var refused: Deque<(Job, Refusal)> = []
    private var pacer: Pacer?
    private var local: LocalLimit
    private var network = NetworkWatch()
    /// Why the last `next` started nothing; nil when it did, or when nothing waits.
    private(set) var hold: Hold?
    /// Transfers that run.
    private(set) var active = 0
    /// Requests that wait.
    private(set) var waiting = 0

    init(_ rules: ScheduleRules, seed: UInt64 = .random(in: 0...UInt64.max)) {
        self.rules = rules
        hosts = HostTable(rules)
        jitter = Jitter(seed: seed)
        pacer = rules.rate.map { Pacer($0) }
        local = LocalLimit(rules.concurrency)
    }

    var isNetworkDown: Bool { network.isDown }

    // MARK: In

    /// Takes a request in. One that was started before - a redirect, a retry - goes first among those of its host, and not
    /// before its time.
    mutating func add(_ job: Job, for origin: Origin, goesFirst: Bool = false, notBefore: Instant? = nil) {
        waiting += 1
        if let notBefore {
            delayed.add(job, for: origin, notBefore: notBefore)
        } else {
            enqueue(job, origin, goesFirst: goesFirst)
        }
    }

    private mutating func enqueue(_ job: Job, _ origin: Origin, goesFirst: Bool) {
        let slot = hosts.slot(of: origin)
        if let refusal = hosts[slot].closed { return refused.append((job, refusal)) }
        if goesFirst { hosts[slot].waiting.prepend(job) } else { hosts[slot].waiting.append(job) }
        makeReady(slot)
    }

    // MARK: Out

    /// What may happen now. A request that starts counts as running until `finished`.
    mutating func next(now: Instant) -> Turn {
        wake(now)
        if let (job, refusal) = refused.popFirst() {
            waiting -= 1
            return .refuse(job, refusal)
        }
        guard active < local.size(at: now) else { return hold(.concurrency, .nothing) }
        if let until = networkHoldsBack(now) { return ready.isEmpty ? rest() : hold(.backoff, .wait(until: until)) }
        if let until = rateHoldsBack(now) { return ready.isEmpty ? rest() : hold(.rate, .wait(until: until)) }
        while let slot = ready.popFirst() {
            hosts[slot].isReady = false
            guard !hosts[slot].waiting.isEmpty, hosts[slot].hasRoom else { continue }
            if let until = hosts[slot].earliestStart(now) {
                park(slot, until)
                continue
            }
            return start(slot, now)
        }
        return rest()
    }

    private mutating func start(_ slot: Int, _ now: Instant) -> Turn {
        hold = nil
        let job = hosts[slot].waiting.removeFirst()
        let isSecondVisit = hosts[slot].started > 0 || hosts.areFew
        hosts[slot].active += 1
        hosts[slot].started += 1
        hosts[slot].pacer?.start(at: now)
        let isProbe = hosts[slot].breaker.start()
        pacer?.start(at: now)
        if network.isDown { network.probe(now: now) }
        waiting -= 1
        active += 1
        makeReady(slot)
        let isOfUse = isSecondVisit || !hosts[slot].waiting.isEmpty
        return .start(job, Ticket(slot: slot, startedAt: now, isProbe: isProbe, keepsConnection: isOfUse))
    }

    private mutating func hold(_ reason: Hold?, _ turn: Turn) -> Turn {
        hold = reason
        return turn
    }

    /// Nothing is ready: what waits, waits for a place at its host, or for a moment.
    private mutating func rest() -> Turn {
        hold =
            if waiting == 0 {
                nil
            } else if rules.perHostRate != nil && !alarms.isEmpty {
                .rate
            } else if active == 0 || waiting == delayed.count {
                .backoff
            } else {
                .perHost
            }
        guard waiting > 0, let until = [alarms.min?.at, delayed.next].compactMap({ $0 }).min() else { return .nothing }
        return .wait(until: until)
    }

    /// Nothing starts while the network is down, except the probe when nothing else is under way.
    private func networkHoldsBack(_ now: Instant) -> Instant? {
        guard let probe = network.nextProbe, probe > now else { return nil }
        return probe
    }

    private func rateHoldsBack(_ now: Instant) -> Instant? {
        guard let pacer, !pacer.mayStart(at: now) else { return nil }
        return pacer.next
    }

    /// Lets go what only had to wait for its time.
    private mutating func wake(_ now: Instant) {
        while let (job, origin) = delayed.popDue(now) { enqueue(job, origin, goesFirst: true) }
        while let alarm = alarms.min, alarm.at <= now {
            alarms.removeMin()
            guard hosts[alarm.slot].parkedUntil == alarm.at else { continue }
            hosts[alarm.slot].closed = nil
            hosts[alarm.slot].breaker.reconsider(now: now)
            unpark(alarm.slot)
        }
    }

    private mutating func park(_ slot: Int, _ until: Instant) {
        if let parked = hosts[slot].parkedUntil, parked <= until { return }
        hosts[slot].parkedUntil = until
        alarms.insert(Alarm(at: until, slot: slot))
    }

    /// Time is no longer what it has to wait for; an alarm that is still set finds nothing.
    private mutating func unpark(_ slot: Int) {
        hosts[slot].parkedUntil = nil
        makeReady(slot)
    }

    private mutating func makeReady(_ slot: Int) {
        guard !hosts[slot].isReady, hosts[slot].parkedUntil == nil, hosts[slot].hasRoom, !hosts[slot].waiting.isEmpty else { return }
        hosts[slot].isReady = true
        ready.append(slot)
    }

    // MARK: Back

    /// A transfer is over. Returns whether its failure counts: not while the network is down, or its host away for a while.
    @discardableResult
    mutating func finished(_ ticket: Ticket, _ report: HostReport = .answered, now: Instant) -> Bool {
        let slot = ticket.slot
        hosts[slot].active -= 1
        active -= 1
        let counts = learn(ticket, report, now)
        makeReady(slot)
        if hosts[slot].isIdle { hosts.remember(slot, now) }
        return counts
    }

    private mutating func learn(_ ticket: Ticket, _ report: HostReport, _ now: Instant) -> Bool {
        let slot = ticket.slot
        let started = ticket.startedAt
        switch report {
        case .answered:
            heard(slot, now)
            hosts[slot].window.succeeded()
            hosts[slot].pause.succeeded(startedAt: started)
        case .throttled(let retryAfter):
            heard(slot, now)
            guard rules.isAdaptive else { break }
            hosts[slot].window.cut(startedAt: started, now: now)
            if let retryAfter, retryAfter > rules.longestRetryAfter {
                close(slot, .leftAlone(retryAfter), until: now + retryAfter)
            } else {
                hosts[slot].pause.begin(retryAfter, startedAt: started, now: now, jitter: jitter.fraction())
            }
        case .reset:
            heard(slot, now)
            if rules.isAdaptive { hosts[slot].window.cut(startedAt: started, now: now) }
        case .refused:
            noticeLife(slot, now)
            if rules.isAdaptive { hosts[slot].window.cut(startedAt: started, now: now) }
            return failed(ticket, now)
        case .lost:
            network.lost(hosts[slot].origin.hashValue, now: now)
            if network.isDown {
                hosts[slot].breaker.probeWasLost(now: now)
                return false
            }
            return failed(ticket, now)
        case .localShortage:
            if ticket.isProbe { hosts[slot].breaker.probeWasLost(now: now) }
            local.halve(running: active + 1, startedAt: started, now: now)
        case .nothing:
            if ticket.isProbe { hosts[slot].breaker.probeWasLost(now: now) }
        }
        return true
    }

    private mutating func heard(_ slot: Int, _ now: Instant) {
        noticeLife(slot, now)
        let wasOpen = hosts[slot].breaker.state != .closed
        hosts[slot].breaker.succeeded()
        if wasOpen {
            hosts[slot].closed = nil
            unpark(slot)
        }
    }

    private mutating func noticeLife(_ slot: Int, _ now: Instant) {
        guard network.isWatching(at: now) else { return }
        if network.heard(from: hosts[slot].origin.hashValue, now: now) { networkIsBack() }
    }

    /// Returns whether the failure counts: not when the host is away and expected back.
    private mutating func failed(_ ticket: Ticket, _ now: Instant) -> Bool {
        guard let delay = rules.breakerDelay else { return true }
        hosts[ticket.slot].breaker.failed(isProbe: ticket.isProbe, delay: delay, timeout: rules.hostTimeout, now: now)
        if case .down(let until) = hosts[ticket.slot].breaker.state { close(ticket.slot, .unreachable, until: until) }
        return !hosts[ticket.slot].breaker.awaitsReturn
    }

    /// Nothing of this host starts any more until then; what waits for it is refused.
    private mutating func close(_ slot: Int, _ refusal: Refusal, until: Instant) {
        hosts[slot].closed = refusal
        hosts[slot].parkedUntil = nil
        park(slot, until)
        refused.append(contentsOf: hosts[slot].waiting.map { ($0, refusal) })
        hosts[slot].waiting = []
    }

    /// What was held against hosts while the network went down is forgotten.
    private mutating func networkIsBack() {
        for slot in hosts.indices {
            hosts[slot].breaker.reset()
            hosts[slot].closed = nil
            unpark(slot)
        }
    }

    /// The host that most requests wait for. Looks at all hosts that are known.
    var busiest: (origin: Origin, waiting: Int)? { hosts.busiest }

    // MARK: The end before the end

    /// Takes out everything that waits.
    mutating func removeAllWaiting() -> [Job] {
        guard waiting > 0 else { return [] }
        var jobs = refused.map(\.0) + delayed.jobs
        for slot in hosts.indices where !hosts[slot].waiting.isEmpty {
            jobs += hosts[slot].waiting
            hosts[slot].waiting = []
        }
        refused = []
        delayed = DelayedJobs()
        waiting = 0
        return jobs
    }
}
