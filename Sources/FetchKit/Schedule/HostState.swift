// What a schedule knows of one host: who waits, how much runs, and what the rules say about starting more.

internal import DequeModule

/// One host: scheme, name and port.
struct HostState<Job> {
    let origin: Origin
    var waiting: Deque<Job> = []
    var active = 0
    /// Requests started so far, as far as the schedule remembers.
    var started = 0
    /// In the schedule's ring of hosts that may start something.
    var isReady = false
    /// When the schedule will look again, because only time can help.
    var parkedUntil: Instant?

    var window: HostWindow
    var pause = HostPause()
    var breaker = Breaker()
    var pacer: Pacer?
    /// Why nothing of this host is asked for any more.
    var closed: Refusal?
    /// Idle, and in one of the schedule's lists of hosts to forget some day.
    var isRemembered = false

    init(_ origin: Origin, _ rules: ScheduleRules) {
        self.origin = origin
        window = HostWindow(limit: rules.perHost)
        pacer = rules.perHostRate.map { Pacer($0) }
    }

    var isIdle: Bool { active == 0 && waiting.isEmpty }

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
    /// The host asked to be left alone for longer than the user is ready to wait.
    case leftAlone(Duration)
}
