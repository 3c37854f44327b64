// What is known of one host: how much runs, who waits for it, and what the rules say about starting more.

import DequeModule

/// One host: scheme, name and port.
struct HostState {
    let origin: Origin
    var active = 0
    /// Requests started so far, as far as the table remembers.
    var started = 0
    /// The runs that have requests for this host, the next one first.
    var runs = RunRing()
    /// The run that has started the last request here.
    var lastServed: Int?
    /// The run that may start the next request here.
    var offeredTo: Int?
    /// When the host is looked at again, because only time can help.
    var parkedUntil: Instant?

    var window: HostWindow
    var pause = HostPause()
    var breaker = Breaker()
    var pacer: Pacer?
    /// Why nothing of this host is asked for any more.
    var closed: Refusal?
    /// Idle, and in one of the lists of hosts to forget some day.
    var isRemembered = false

    init(_ origin: Origin, _ rules: ScheduleRules) {
        self.origin = origin
        window = HostWindow(limit: rules.perHost)
        pacer = rules.perHostRate.map { Pacer($0) }
    }

    /// A run has requests for this host. Whoever was served last comes after it.
    mutating func join(_ run: Int) {
        runs.append(run)
        if runs.first == lastServed { runs.rotate() }
    }

    var isIdle: Bool { active == 0 && runs.isEmpty }

    var hasRoom: Bool { active < (breaker.state == .closed ? window.size : 1) }

    /// When something of this host may start at the earliest; nil is now.
    func earliestStart(_ now: Instant) -> Instant? {
        var earliest = now
        if let until = pause.until { earliest = max(earliest, until) }
        if case .open(let until) = breaker.state { earliest = max(earliest, until) }
        if let next = pacer?.next { earliest = max(earliest, next) }
        return earliest > now ? earliest : nil
    }

    /// Whether a new start would forget something that matters: a limit, a pause, a failure.
    func isMarked(_ now: Instant) -> Bool {
        !window.isWhole || !breaker.isFresh || closed != nil || earliestStart(now) != nil
    }
}

/// Why a request is not even tried.
enum Refusal: Equatable {
    /// The host could not be reached, again and again.
    case unreachable
    /// The host asked for a longer pause than the user allows.
    case paused(Duration)
}

/// Runs that are served in turn. Mostly there is one: it takes no memory of its own.
struct RunRing {
    private(set) var first: Int?
    private var others: Deque<Int> = []

    var isEmpty: Bool { first == nil }
    var count: Int { first == nil ? 0 : 1 + others.count }

    mutating func append(_ run: Int) {
        if first == nil { first = run } else { others.append(run) }
    }

    /// The first one becomes the last.
    mutating func rotate() {
        guard let next = others.popFirst(), let first else { return }
        others.append(first)
        self.first = next
    }

    mutating func remove(_ run: Int) {
        if first == run {
            first = others.popFirst()
        } else if let index = others.firstIndex(of: run) {
            others.remove(at: index)
        }
    }

    func forEach(_ body: (Int) -> Void) {
        guard let first else { return }
        body(first)
        others.forEach(body)
    }
}
