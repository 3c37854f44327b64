import Testing

@testable import FetchKit

/// A schedule with a clock of its own, and a tale of what it did.
final class VirtualSchedule {
    typealias Ticket = Schedule<String>.Ticket

    private(set) var schedule: Schedule<String>
    private(set) var now: Instant
    private let start: Instant
    /// The run that everything belongs to, unless a test says otherwise.
    let run: Int
    /// What was refused, in order.
    private(set) var refused: [String] = []
    private(set) var running: [String: Ticket] = [:]

    init(_ change: (inout ScheduleRules) -> Void = { _ in }) {
        start = .now
        now = start
        var rules = ScheduleRules()
        change(&rules)
        schedule = Schedule(rules, seed: 1)
        run = schedule.addRun()
    }

    /// Milliseconds since the beginning.
    var time: Int { Int((now - start).microseconds / 1000) }

    func pass(_ duration: Duration) { now += duration }

    /// Adds jobs named `host` and a number, such as `a1`.
    func add(_ jobs: String..., run: Int? = nil, goesFirst: Bool = false, after delay: Duration? = nil) throws {
        for job in jobs {
            let origin = try HTTPURL("http://\(job.prefix { $0.isLetter })/").origin
            schedule.add(job, run: run ?? self.run, for: origin, goesFirst: goesFirst, notBefore: delay.map { now + $0 }, now: now)
        }
    }

    /// Starts all that may start now.
    @discardableResult
    func startAll() -> [String] {
        var started: [String] = []
        while let job = startOne() { started.append(job) }
        return started
    }

    func startOne() -> String? {
        while true {
            switch schedule.next(now: now) {
            case .start(let job, _, let ticket):
                running[job] = ticket
                return job
            case .refuse(let job, _, _): refused.append(job)
            case .wait, .nothing: return nil
            }
        }
    }

    /// Goes on in time until something starts, at most that long. Returns when, in milliseconds, and what.
    func startNext(within limit: Duration = .seconds(1000)) -> (time: Int, job: String)? {
        let end = now + limit
        while true {
            if let job = startOne() { return (time, job) }
            guard case .wait(let until) = schedule.next(now: now), until <= end else { return nil }
            now = until
        }
    }

    func removeAllWaiting(of run: Int) -> [String] { schedule.removeAllWaiting(of: run, now: now) }

    func startBeyondLimit(_ job: String) -> String? {
        guard let (job, ticket) = schedule.startBeyondLimit(run: run, now: now, where: { $0 == job }) else { return nil }
        running[job] = ticket
        return job
    }

    func addRun() -> Int { schedule.addRun() }

    func removeRun(_ run: Int) { schedule.removeRun(run) }

    func setBlocked(_ run: Int, _ isBlocked: Bool) { schedule.setBlocked(run, isBlocked) }

    @discardableResult
    func finish(_ job: String, _ report: HostReport = .answered) -> Bool {
        schedule.finished(running.removeValue(forKey: job)!, report, now: now)
    }
}
