// What limited the run, and what to do about it, in one sentence. A table of rules: the first one that fits speaks.

import FetchKit

/// The finding, if there is one.
struct Bottleneck: Equatable {
    enum Cause: String, CaseIterable {
        case cpu, output, input, rate, backoff, concurrency, bandwidth, connecting
        case perHost = "per_host"
        case nameResolution = "name_resolution"
        case serverWait = "server_wait"
    }

    let cause: Cause
    /// Of the run, or of the requests' time when nothing held the run; 1 is all of it.
    let share: Double
    /// What happened: `limited by ...`.
    let finding: String
    /// What to change; nil when nothing would help.
    let advice: String?

    var sentence: String { advice.map { "\(finding): \($0)" } ?? finding }

    /// Nil when the run was too short, or nothing stood out.
    init?(_ facts: RunFacts) {
        guard facts.isTelling else { return nil }
        for rule in Self.rules {
            guard let found = rule(facts) else { continue }
            self = found
            return
        }
        return nil
    }

    fileprivate init(_ cause: Cause, _ share: Double, _ finding: String, _ advice: String?) {
        self.cause = cause
        self.share = share
        self.finding = "limited by \(finding)"
        self.advice = advice
    }

    /// What has the processor at its limit looks like anything else too, so that it is asked first.
    private static let rules: [@Sendable (RunFacts) -> Bottleneck?] = [
        processor, downloadLimit, output, input, rate, backoff, names, bandwidth, perHost, concurrency, servers,
    ]
}

// MARK: Rules

extension Bottleneck {
    private static func processor(_ facts: RunFacts) -> Bottleneck? {
        let threads = facts.limits.threads
        let share = facts.processorShare / Double(threads)
        guard share >= 0.85 else { return nil }
        let more = min(2 * threads, facts.processors)
        return Bottleneck(
            .cpu, min(1, share), "CPU (\(whole(facts.processorShare)) of a core)",
            facts.hosts <= threads ? "a host is always the work of one loop" : more > threads ? "--threads \(more)" : "all cores are busy")
    }

    private static func downloadLimit(_ facts: RunFacts) -> Bottleneck? {
        guard let limit = facts.limits.downloadRate, facts.bytesPerSecond >= 0.8 * Double(limit) else { return nil }
        return Bottleneck(
            .bandwidth, min(1, facts.bytesPerSecond / Double(limit)),
            "--limit-rate (\(human(bytes: Int64(limit)))/s)", "a higher --limit-rate")
    }

    private static func output(_ facts: RunFacts) -> Bottleneck? {
        guard facts.held(.output) >= 0.5 else { return nil }
        return Bottleneck(
            .output, facts.held(.output), "whoever reads the output\(duringMost(facts, .output))",
            facts.limits.isOrdered ? "a faster reader, or --unordered if slow URLs hold up the others" : "a faster reader or disk")
    }

    private static func input(_ facts: RunFacts) -> Bottleneck? {
        guard facts.held(.input) >= 0.5 else { return nil }
        return Bottleneck(
            .input, facts.held(.input), "the input\(duringMost(facts, .input)): URLs came slower than they were fetched", nil)
    }

    private static func rate(_ facts: RunFacts) -> Bottleneck? {
        guard facts.held(.rate) >= 0.5 else { return nil }
        let options = facts.limits.rateOptions
        return Bottleneck(
            .rate, facts.held(.rate),
            "the rate\(duringMost(facts, .rate))\(options.isEmpty ? "" : " (\(options.joined(separator: ", ")))")",
            nil)
    }

    private static func backoff(_ facts: RunFacts) -> Bottleneck? {
        guard facts.held(.backoff) >= 0.5 else { return nil }
        return Bottleneck(
            .backoff, facts.held(.backoff), "waiting for hosts that had failed or asked for a pause\(duringMost(facts, .backoff))",
            "--retry, --max-retry-after and --breaker-delay say how long")
    }

    private static func names(_ facts: RunFacts) -> Bottleneck? {
        guard facts.mayAskForMore, facts.spent(\.nameLookup) >= 0.5 else { return nil }
        return Bottleneck(
            .nameResolution, facts.spent(\.nameLookup),
            "name resolution: requests spent \(whole(facts.spent(\.nameLookup))) of their time on it",
            "a nearer resolver, or more lookups at once with --resolver-threads \(2 * facts.limits.resolverThreads)")
    }

    private static func bandwidth(_ facts: RunFacts) -> Bottleneck? {
        guard facts.mayAskForMore, facts.spent(\.downloading) >= 0.6 else { return nil }
        // What trickles is no full line.
        guard facts.bytesPerSecond >= 1_048_576 else {
            return Bottleneck(
                .serverWait, facts.spent(\.downloading),
                "the servers' pace: requests spent \(whole(facts.spent(\.downloading))) of their time on bodies that came slowly", nil)
        }
        return Bottleneck(
            .bandwidth, facts.spent(\.downloading),
            "bandwidth: \(human(bytes: Int64(facts.bytesPerSecond)))/s while downloading took "
                + "\(whole(facts.spent(\.downloading))) of the requests' time", "more at once will hardly help")
    }

    private static func perHost(_ facts: RunFacts) -> Bottleneck? {
        guard facts.held(.perHost) >= 0.5 else { return nil }
        let more = 2 * facts.limits.perHost
        let concurrency = more > facts.limits.concurrency ? " -j \(more)" : ""
        return Bottleneck(
            .perHost, facts.held(.perHost), "the per-host limit\(duringMost(facts, .perHost))",
            "--per-host \(more)\(concurrency) (now \(facts.limits.perHost)) would ask each host for more at once")
    }

    private static func concurrency(_ facts: RunFacts) -> Bottleneck? {
        guard facts.held(.concurrency) >= 0.5 else { return nil }
        let now = facts.limits.concurrency
        // Waiting costs next to nothing; handshakes do.
        if facts.spent(\.connecting) >= 0.5 {
            return Bottleneck(
                .connecting, facts.held(.concurrency),
                "concurrency while requests spent \(whole(facts.spent(\.connecting))) of their time connecting",
                "more at once with -j \(2 * now) (now \(now))")
        }
        let waiting = facts.spent(\.waiting)
        let reason = waiting >= 0.5 ? " while requests spent \(whole(waiting)) of their time waiting for the servers" : ""
        return Bottleneck(
            .concurrency, facts.held(.concurrency), "concurrency\(reason.isEmpty ? duringMost(facts, .concurrency) : reason)",
            "more at once with -j \((waiting >= 0.8 ? 4 : 2) * now) (now \(now))")
    }

    /// Everything was under way, and took its time.
    private static func servers(_ facts: RunFacts) -> Bottleneck? {
        guard facts.heldInAll < 0.3 else { return nil }
        let waiting = facts.spent(\.waiting)
        if waiting >= 0.5 {
            return Bottleneck(
                .serverWait, waiting,
                "the servers: requests spent \(whole(waiting)) of their time waiting for them, and no limit held up the next", nil)
        }
        guard facts.spent(\.connecting) >= 0.5 else { return nil }
        return Bottleneck(
            .connecting, facts.spent(\.connecting),
            "the network: requests spent \(whole(facts.spent(\.connecting))) of their time connecting, and no limit held up the next", nil)
    }

    // MARK: Words

    private static func duringMost(_ facts: RunFacts, _ hold: Hold) -> String { " for \(whole(facts.held(hold))) of the time" }

    private static func whole(_ share: Double) -> String { "\(Int((share * 100).rounded()))%" }
}
