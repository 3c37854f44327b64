// Which hosts are known. A host has a slot while it has something to do, and a while longer; the number of slots does not depend on
// how many hosts a list has.

internal import DequeModule

/// The hosts of a schedule, in slots that are used again.
struct HostTable<Job> {
    /// So many hosts are told apart before connections are kept only for those that come again.
    private static var few: Int { 256 }

    private let rules: ScheduleRules
    private var hosts: [HostState<Job>] = []
    private var freeSlots: [Int] = []
    private var slots: [Origin: Int] = [:]
    private var made = 0
    /// Idle hosts that are still remembered: those with nothing against them, and the others.
    private var lingering: Deque<Int> = []
    private var marked: Deque<Int> = []

    init(_ rules: ScheduleRules) { self.rules = rules }

    subscript(slot: Int) -> HostState<Job> {
        _read { yield hosts[slot] }
        _modify { yield &hosts[slot] }
    }

    /// Also of hosts that are forgotten by now.
    var indices: Range<Int> { hosts.indices }

    var areFew: Bool { made <= Self.few }

    /// The slot of a host, a new one if it is not known.
    mutating func slot(of origin: Origin) -> Int {
        if let slot = slots[origin] { return slot }
        made += 1
        let host = HostState<Job>(origin, rules)
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

    /// A host without work. The last few are remembered, and more of those that have something against them.
    mutating func remember(_ slot: Int, _ now: Instant) {
        let isMarked = hosts[slot].isMarked(now)
        guard !hosts[slot].isRemembered else { return }
        hosts[slot].isRemembered = true
        if isMarked { marked.append(slot) } else { lingering.append(slot) }
        if lingering.count > Self.few { forget(lingering.removeFirst(), now) }
        if marked.count > (rules.perHostRate == nil ? 8192 : 65536) { forget(marked.removeFirst(), now, evenIfMarked: true) }
    }

    private mutating func forget(_ slot: Int, _ now: Instant, evenIfMarked: Bool = false) {
        hosts[slot].isRemembered = false
        // In the meantime it may have got work; then it is remembered again at its next rest.
        guard hosts[slot].isIdle else { return }
        if !evenIfMarked && hosts[slot].isMarked(now) { return remember(slot, now) }
        slots[hosts[slot].origin] = nil
        freeSlots.append(slot)
    }

    /// The host that most requests wait for. Looks at all of them.
    var busiest: (origin: Origin, waiting: Int)? {
        guard let most = hosts.max(by: { $0.waiting.count < $1.waiting.count }), !most.waiting.isEmpty else { return nil }
        return (most.origin, most.waiting.count)
    }
}
