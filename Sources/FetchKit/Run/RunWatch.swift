// Looking on while a run goes its way: what holds it back is measured, and whoever watches is told.

/// The run's own observer. Asked once in each turn, so that it must cost next to nothing.
struct RunWatch {
    private var holds = HoldClock()
    private let monitor: RunMonitor?
    private var lastTold: Instant?
    private var lastSearch: Instant?
    private(set) var isTimeToSearch = false
    private var busiest: (host: Origin, waiting: Int)?
    /// When the run has looked at the clock in this turn.
    private var lastLook: Instant?

    init(_ monitor: RunMonitor?) { self.monitor = monitor }

    /// The time, which counts for the rest of the turn: the clock is not asked twice.
    mutating func now(_ clock: @autoclosure () -> Instant) -> Instant {
        let now = lastLook ?? clock()
        lastLook = now
        return now
    }

    /// Forgets the time that counted for a turn.
    mutating func endTurn() { lastLook = nil }

    /// The turn is over: `hold` is why nothing more starts.
    mutating func turn(to hold: Hold?, admitted: Int, isInputRead: Bool, inFlight: Int, waiting: Int, counted: Int) {
        guard let now = lastLook else { return }
        holds.change(to: hold, now: now)
        monitor?.count(admitted: admitted, isInputRead: isInputRead, inFlight: inFlight, waiting: waiting, counted: counted)
    }

    /// Whether whoever watches should hear more than numbers: ten times a second is enough for eyes, but what lasts must be told.
    mutating func isTimeToTell(isIdle: Bool) -> Bool {
        defer { endTurn() }
        guard monitor != nil, let now = lastLook else { return false }
        isTimeToSearch = lastSearch.map { $0.duration(to: now) >= .milliseconds(100) } ?? true
        guard isIdle || isTimeToSearch else { return false }
        lastTold = now
        return true
    }

    /// Who most wait for. To be given only when it is time to search: that means to look at all hosts.
    mutating func found(_ busiest: (origin: Origin, waiting: Int)?) {
        lastSearch = lastTold
        self.busiest = busiest.map { (host: $0.origin, waiting: $0.waiting) }
    }

    /// `alarm` is when time will change the hold; `retry` is what happens then, if it is known.
    func tell(of hold: Hold?, isNetworkDown: Bool, alarm: Instant?, retry: RunMonitor.Retry?) {
        guard let monitor, let lastTold else { return }
        var state = RunMonitor.State()
        state.hold = hold
        state.isNetworkDown = isNetworkDown
        state.busiest = busiest
        state.pausedFor = hold == .backoff ? alarm.map { lastTold.duration(to: $0) } : nil
        state.retry = retry
        monitor.publish(state)
    }

    /// How long each reason has held the run back.
    mutating func held(until now: Instant) -> [Hold: Duration] {
        holds.settle(now)
        return holds.times
    }
}
