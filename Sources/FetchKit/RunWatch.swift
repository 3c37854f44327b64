// Looking on while a run goes its way: what holds it back is measured, and whoever watches is told.

/// The run's own observer. Asked once in each turn, so that it must cost next to nothing.
struct RunWatch {
    private var holds = HoldClock()
    private let monitor: RunMonitor?
    private var lastPublished: Moment?
    private var busiest: (host: Origin, waiting: Int)?
    /// When the run has looked at the clock in this turn.
    private var lastLook: Moment?

    init(_ monitor: RunMonitor?) { self.monitor = monitor }

    /// The time, which counts for the rest of the turn: the clock is not asked twice.
    mutating func now() -> Moment {
        let now = Moment.now
        lastLook = now
        return now
    }

    /// The turn is over: `hold` is why nothing more starts, `alarm` when time will change that.
    mutating func look<Job>(at schedule: Schedule<Job>, admitted: Int, isInputRead: Bool, hold: Hold?, alarm: Moment?) {
        let now = lastLook ?? .now
        lastLook = nil
        holds.change(to: hold, now: now)
        guard let monitor else { return }
        monitor.count(admitted: admitted, isInputRead: isInputRead, inFlight: schedule.active, waiting: schedule.waiting)
        // Ten times a second is enough for eyes, but what lasts must be told.
        let isTime = lastPublished.map { $0.duration(to: now) >= .milliseconds(100) } ?? true
        guard isTime || schedule.active == 0 else { return }
        if isTime {
            lastPublished = now
            // That means to look at all of them.
            busiest = schedule.busiest.map { (host: $0.origin, waiting: $0.waiting) }
        }
        var state = RunMonitor.State()
        state.hold = hold
        state.isNetworkDown = schedule.isNetworkDown
        state.busiest = busiest
        state.pausedFor = hold == .patience ? alarm.map { now.duration(to: $0) } : nil
        monitor.publish(state)
    }

    /// How long each reason has held the run back.
    mutating func held(until now: Moment) -> [Hold: Duration] {
        holds.settle(now)
        return holds.times
    }
}
