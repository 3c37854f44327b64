// The hosts of a fetcher and what runs at them: the limits that hold over all of its runs. A pure value without a clock.

import DequeModule
import HeapModule

/// Which hosts are known, what runs, and what the rules say about starting more. A host has a slot while it has something to do, and a
/// while longer; the number of slots does not depend on how many hosts a list has.
struct Hosts {
    /// A transfer that runs: to be given back with `finished`.
    struct Ticket {
        fileprivate let slot: Int
        let startedAt: Instant
        let isProbe: Bool
        /// Whether its connection will probably be used again: each idle one makes every other transfer slower.
        let keepsConnection: Bool
    }

    /// Whether anything may start at all.
    enum Gate {
        case open
        case closed(Hold, until: Instant?)
    }

    private struct Alarm: Comparable {
        var at: Instant
        var slot: Int

        static func < (a: Alarm, b: Alarm) -> Bool { a.at < b.at }
    }

    /// So many hosts are told apart before connections are kept only for those that come again.
    private static let few = 256

    let rules: ScheduleRules
    private var jitter: Jitter
    private var states: [HostState] = []
    private var freeSlots: [Int] = []
    private var slots: [Origin: Int] = [:]
    /// The last one that was looked up: lists often have many lines of one host in a row.
    private var latest: (origin: Origin, slot: Int)?
    private var made = 0
    /// Idle hosts that are still remembered: those with nothing against them, and the others.
    private var lingering: Deque<Int> = []
    private var marked: Deque<Int> = []
    private var alarms: Heap<Alarm> = []
    private var pacer: Pacer?
    private var local: LocalLimit
    private var network = NetworkWatch()
    /// Transfers that run.
    private(set) var active = 0
    /// Slots at which something may start now that could not before. To be emptied by whoever offers places.
    var changed: [Int] = []
    /// Slots of which nothing may start any more.
    var closed: [Int] = []

    init(_ rules: ScheduleRules, seed: UInt64) {
        self.rules = rules
        jitter = Jitter(seed: seed)
        pacer = rules.rate.map { Pacer($0) }
        local = LocalLimit(rules.concurrency)
    }

    subscript(slot: Int) -> HostState {
        _read { yield states[slot] }
        _modify { yield &states[slot] }
    }

    var isNetworkDown: Bool { network.isDown }

    /// When a parked host is looked at again.
    var nextAlarm: Instant? { alarms.min?.at }

    // MARK: Slots

    /// The slot of a host, a new one if it is not known.
    mutating func slot(of origin: Origin) -> Int {
        if let latest, latest.origin == origin { return latest.slot }
        let slot = slots[origin] ?? makeSlot(for: origin)
        latest = (origin, slot)
        return slot
    }

    private mutating func makeSlot(for origin: Origin) -> Int {
        made += 1
        let state = HostState(origin, rules)
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            states[slot] = state
        } else {
            slot = states.count
            states.append(state)
        }
        slots[origin] = slot
        return slot
    }

    /// A host without work. The last few are remembered, and more of those that have something against them.
    mutating func rest(_ slot: Int, _ now: Instant) {
        guard states[slot].isIdle, !states[slot].isRemembered else { return }
        states[slot].isRemembered = true
        if states[slot].isMarked(now) { marked.append(slot) } else { lingering.append(slot) }
        if lingering.count > Self.few { forget(lingering.removeFirst(), now) }
        if marked.count > (rules.perHostRate == nil ? 8192 : 65536) { forget(marked.removeFirst(), now, evenIfMarked: true) }
    }

    private mutating func forget(_ slot: Int, _ now: Instant, evenIfMarked: Bool = false) {
        states[slot].isRemembered = false
        // In the meantime it may have got work; then it is remembered again at its next rest.
        guard states[slot].isIdle else { return }
        if !evenIfMarked && states[slot].isMarked(now) { return rest(slot, now) }
        slots[states[slot].origin] = nil
        latest = nil
        freeSlots.append(slot)
    }

    // MARK: Starting

    /// Whether anything may start now, wherever.
    mutating func gate(_ now: Instant) -> Gate {
        guard active < local.size(at: now) else { return .closed(.concurrency, until: nil) }
        // Nothing starts while the network is down, except the probe when nothing else is under way.
        if let probe = network.nextProbe, probe > now { return .closed(.backoff, until: probe) }
        if let pacer, !pacer.mayStart(at: now) { return .closed(.rate, until: pacer.next) }
        return .open
    }

    /// A request of that host starts; `hasMore` says that more of them wait.
    mutating func start(_ slot: Int, hasMore: Bool, now: Instant) -> Ticket {
        let isSecondVisit = states[slot].started > 0 || made <= Self.few
        states[slot].active += 1
        states[slot].started += 1
        states[slot].pacer?.start(at: now)
        let isProbe = states[slot].breaker.start()
        pacer?.start(at: now)
        if network.isDown { network.probe(now: now) }
        active += 1
        return Ticket(slot: slot, startedAt: now, isProbe: isProbe, keepsConnection: isSecondVisit || hasMore)
    }

    /// Nothing of this host starts before that time.
    mutating func park(_ slot: Int, _ until: Instant) {
        if let parked = states[slot].parkedUntil, parked <= until { return }
        states[slot].parkedUntil = until
        alarms.insert(Alarm(at: until, slot: slot))
    }

    /// Lets hosts go on that only had to wait for their time.
    mutating func wake(_ now: Instant) {
        while let alarm = alarms.min, alarm.at <= now {
            alarms.removeMin()
            guard states[alarm.slot].parkedUntil == alarm.at else { continue }
            states[alarm.slot].closed = nil
            states[alarm.slot].breaker.reconsider(now: now)
            unpark(alarm.slot)
        }
    }

    /// Time is no longer what the host waits for; an alarm that is still set finds nothing.
    private mutating func unpark(_ slot: Int) {
        states[slot].parkedUntil = nil
        changed.append(slot)
    }

    // MARK: Finishing

    /// A transfer is over. Returns whether its failure counts: not while the network is down, or its host away for a while.
    mutating func finished(_ ticket: Ticket, _ report: HostReport, now: Instant) -> Bool {
        states[ticket.slot].active -= 1
        active -= 1
        let counts = learn(ticket, report, now)
        changed.append(ticket.slot)
        rest(ticket.slot, now)
        return counts
    }

    private mutating func learn(_ ticket: Ticket, _ report: HostReport, _ now: Instant) -> Bool {
        let slot = ticket.slot
        let started = ticket.startedAt
        switch report {
        case .answered:
            heard(slot, now)
            states[slot].window.succeeded()
            states[slot].pause.succeeded(startedAt: started)
        case .throttled(let retryAfter):
            heard(slot, now)
            guard rules.isAdaptive else { break }
            states[slot].window.cut(startedAt: started, now: now)
            if let retryAfter, retryAfter > rules.longestRetryAfter {
                close(slot, .paused(retryAfter), until: now + retryAfter)
            } else {
                states[slot].pause.begin(retryAfter, startedAt: started, now: now, jitter: jitter.fraction())
            }
        case .reset:
            heard(slot, now)
            if rules.isAdaptive { states[slot].window.cut(startedAt: started, now: now) }
        case .refused:
            noticeLife(slot, now)
            if rules.isAdaptive { states[slot].window.cut(startedAt: started, now: now) }
            return failed(ticket, now)
        case .lost:
            network.lost(states[slot].origin.hashValue, now: now)
            if network.isDown {
                states[slot].breaker.probeWasLost(now: now)
                return false
            }
            return failed(ticket, now)
        case .localShortage:
            if ticket.isProbe { states[slot].breaker.probeWasLost(now: now) }
            local.halve(running: active + 1, startedAt: started, now: now)
        case .nothing:
            if ticket.isProbe { states[slot].breaker.probeWasLost(now: now) }
        }
        return true
    }

    private mutating func heard(_ slot: Int, _ now: Instant) {
        noticeLife(slot, now)
        let wasOpen = states[slot].breaker.state != .closed
        states[slot].breaker.succeeded()
        if wasOpen {
            states[slot].closed = nil
            unpark(slot)
        }
    }

    private mutating func noticeLife(_ slot: Int, _ now: Instant) {
        guard network.isWatching(at: now) else { return }
        if network.heard(from: states[slot].origin.hashValue, now: now) { networkIsBack() }
    }

    /// Returns whether the failure counts: not when the host is away and expected back.
    private mutating func failed(_ ticket: Ticket, _ now: Instant) -> Bool {
        guard let delay = rules.breakerDelay else { return true }
        states[ticket.slot].breaker.failed(isProbe: ticket.isProbe, delay: delay, timeout: rules.hostTimeout, now: now)
        if case .down(let until) = states[ticket.slot].breaker.state { close(ticket.slot, .unreachable, until: until) }
        return !states[ticket.slot].breaker.awaitsReturn
    }

    /// Nothing of this host starts any more until then; what waits for it is refused.
    private mutating func close(_ slot: Int, _ refusal: Refusal, until: Instant) {
        states[slot].closed = refusal
        states[slot].parkedUntil = nil
        park(slot, until)
        closed.append(slot)
    }

    /// What was held against hosts while the network went down is forgotten.
    private mutating func networkIsBack() {
        for slot in states.indices {
            states[slot].breaker.reset()
            states[slot].closed = nil
            unpark(slot)
        }
    }
}
