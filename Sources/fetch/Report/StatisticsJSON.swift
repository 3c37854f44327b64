// --stats: the summary for programs, one JSON object. Keys are curl's where curl has the fact, as in the jsonl format; times are
// in seconds, sizes in bytes.

import FetchKit

/// The report of a run as JSON.
struct StatisticsJSON {
    /// One line with its end.
    let bytes: [UInt8]

    init(_ statistics: Statistics, _ report: RunReport, _ context: Summary.Context = Summary.Context()) {
        let facts = RunFacts(statistics, report, context)
        let value = JSONTree.object(
            Self.totals(statistics, report, facts) + [
                ("status_codes", .object(statistics.statusCodes.map { (String($0.code), .int($0.count)) })),
                ("errors", Self.errors(statistics)),
                ("times", .object(Phase.allCases.map { ($0.rawValue, Self.times(statistics.times[$0])) })),
                ("histogram", .array(TimeHistogram(statistics.times[.total].histogram).rows.map(Self.row))),
                ("slowest", .array(statistics.slowest.entries.map(Self.entry))),
                ("hosts", Self.hosts(statistics)),
                ("held", .object(Hold.allCases.map { ($0.rawValue, .seconds(report.held[$0] ?? .zero)) })),
                ("limited_by", Bottleneck(facts).map(Self.bottleneck) ?? nil),
            ])
        bytes = value.bytes + [UInt8(ascii: "\n")]
    }

    private static func totals(_ statistics: Statistics, _ report: RunReport, _ facts: RunFacts) -> [(String, JSONTree)] {
        [
            ("urls", .int(statistics.count)),
            ("ok", .int(statistics.succeeded)),
            ("failed", .int(statistics.failed)),
            ("skipped", .int(statistics.skipped)),
            ("duplicates", .int(report.duplicates)),
            ("input_read", .bool(report.isInputRead)),
            ("stop", JSONTree(report.stop.map(name))),
            ("elapsed", .seconds(facts.elapsed)),
            ("cpu", .seconds(facts.processorTime)),
            ("rate", .number(Double(statistics.count) / max(0.000_001, seconds(facts.elapsed)))),
            ("speed_download", .number(facts.bytesPerSecond)),
            ("size_download", JSONTree(statistics.bytes.downloaded)),
            ("size_header", JSONTree(statistics.bytes.headers)),
            ("size_request", JSONTree(statistics.bytes.requests)),
            ("size_upload", JSONTree(statistics.bytes.uploaded)),
            ("requests", .int(statistics.transfers)),
            // Counted up to a limit.
            ("num_hosts", .int(statistics.hostCount.count)),
            ("connections", .int(statistics.connects)),
            ("retries", .int(statistics.retries)),
            ("tls_unverified", .bool(statistics.hasUnverifiedTLS)),
        ]
    }

    private static func name(_ stop: RunReport.Stop) -> String {
        switch stop {
        case .deadline: "deadline"
        case .failures: "failures"
        case .limit: "limit"
        }
    }

    /// By class, in the order in which the classes are documented.
    private static func errors(_ statistics: Statistics) -> JSONTree {
        .object(
            FetchError.Kind.allCases.compactMap { kind in
                statistics.errors[kind].map {
                    (kind.rawValue, .object([("count", .int($0.count)), ("example", .text($0.example))]))
                }
            })
    }

    private static func times(_ times: PhaseTimes.Times) -> JSONTree {
        if times.count == 0 { return nil }
        let keys = ["p50", "p90", "p95", "p99", "p99_9"]
        return .object(
            zip(keys, Summary.percentiles).map { ($0, .seconds(times.percentile($1))) } + [
                ("max", .seconds(times.longest)), ("mean", .seconds(times.mean)), ("count", .int(times.count)),
            ])
    }

    private static func row(_ row: TimeHistogram.Row) -> JSONTree {
        .object([("from", .seconds(.microseconds(row.from))), ("to", .seconds(.microseconds(row.to))), ("count", .int(row.count))])
    }

    private static func entry(_ entry: Slowest.Entry) -> JSONTree {
        .object([
            ("url", .text(entry.url)), ("time_total", .seconds(entry.time)), ("response_code", JSONTree(entry.statusCode)),
            ("error", JSONTree(entry.error?.rawValue)),
        ])
    }

    /// Null when hosts were not told apart. The last one may be that of all others, which has no name.
    private static func hosts(_ statistics: Statistics) -> JSONTree {
        guard let hosts = statistics.hosts else { return nil }
        return .array(
            hosts.top(HostTable.most).map { row in
                .object([
                    ("host", JSONTree(row.origin?.description)), ("urls", .int(row.urls)), ("failed", .int(row.failed)),
                    ("busy", .int(row.busy)), ("retries", .int(row.retries)), ("connections", .int(row.connects)),
                    ("size_download", JSONTree(row.bytesDownloaded)), ("time_mean", JSONTree(row.mean)),
                    ("time_max", JSONTree(row.longest)),
                ])
            })
    }

    private static func bottleneck(_ found: Bottleneck) -> JSONTree {
        .object([
            ("cause", .text(found.cause.rawValue)), ("share", .number(found.share)), ("finding", .text(found.finding)),
            ("advice", JSONTree(found.advice)),
        ])
    }
}
