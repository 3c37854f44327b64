// How fast a run is at the moment. The average since the start is what a person does not want after a host went away.

/// Rates over about the last five seconds.
struct RateMeter {
    private static var memory: Double { 5 }

    private var last: (now: Duration, done: Int, bytes: Int64) = (.zero, 0, 0)
    private var done = 0.0
    private var bytes = 0.0
    /// How much of the rates is still their beginning, which is zero: without it they would have to grow first.
    private var unseen = 1.0

    /// Outcomes per second.
    var rate: Double { unseen < 1 ? done / (1 - unseen) : 0 }
    var bytesRate: Double { unseen < 1 ? bytes / (1 - unseen) : 0 }

    /// `now` is counted from the start of the run.
    mutating func update(now: Duration, done: Int, bytes: Int64) {
        let passed = seconds(now - last.now)
        // Two looks at nearly the same moment say nothing.
        guard passed >= 0.001 else { return }
        let weight = passed / (passed + Self.memory)
        self.done += weight * (Double(max(0, done - last.done)) / passed - self.done)
        self.bytes += weight * (Double(max(0, bytes - last.bytes)) / passed - self.bytes)
        unseen *= 1 - weight
        last = (now, done, bytes)
    }
}
