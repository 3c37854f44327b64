// The end of a run: four lines on a terminal, and with --summary what happened on one screen.

import FetchFormats
import FetchKit
import Glibc

/// The lines at the end of a run.
struct Summary {
    /// What is known about the run and its reader besides what was counted.
    struct Context {
        /// Columns of the terminal; nil when a file takes the lines: nothing is cut then.
        var width: Int?
        /// Nothing but ASCII in the picture.
        var isPlain = false
        var showsHosts = false
        /// Without tables and pictures.
        var isBrief = false
        var limits = RunFacts.Limits()
        /// Fixed here, so that all reports of a run say the same.
        var elapsed: Duration?
        var processorTime = RunFacts.processorTime
        var processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    private(set) var lines: [String] = []
    private let context: Context

    init(_ statistics: Statistics, _ report: RunReport, _ context: Context = Context()) {
        self.context = context
        let facts = RunFacts(statistics, report, context)
        addCounts(statistics, report, facts)
        add(sentence: "received \(human(bytes: statistics.bytes.downloaded)), \(human(bytes: Int64(facts.bytesPerSecond)))/s")
        if context.isBrief {
            addPercentiles(statistics.times[.total])
        } else {
            addConnections(statistics)
            addTimes(statistics.times)
            addErrors(statistics)
            addSlowest(statistics)
            if context.showsHosts, let hosts = statistics.hosts { addHosts(hosts) }
        }
        if statistics.hasUnverifiedTLS { add(sentence: "warning: certificates were not verified (-k)") }
        if facts.isTelling { add(sentence: Bottleneck(facts)?.sentence ?? "no limit held up the run for most of its time") }
    }

    /// What became of each URL: the counts add up to the first one.
    private mutating func addCounts(_ statistics: Statistics, _ report: RunReport, _ facts: RunFacts) {
        let left = statistics.cancellations
        let failed = statistics.failed - statistics.cancelledInFlight - statistics.notStarted
        let counts =
            ["\(grouped(statistics.succeeded)) fetched", "\(grouped(failed)) failed"] + left
            + (statistics.skipped > 0 ? ["\(grouped(statistics.skipped)) skipped: file exists"] : [])
        let rate = perSecond(Double(statistics.succeeded) / max(0.000_001, seconds(facts.elapsed)))
        var parts = [
            "\(counted(statistics.count, "URL")) in \(human(facts.elapsed)): \(counts.joined(separator: ", "))", "\(rate) per second",
        ]
        if report.duplicateCount > 0 { parts.append("\(counted(report.duplicateCount, "URL")) left out as equal to an earlier one") }
        if report.stop == .limit {
            parts.append("stopped by --limit, and the input may go on")
        } else if !report.isInputRead {
            parts.append("the input was not read to its end")
        }
        add(sentence: parts.joined(separator: "; "))
    }

    private mutating func addPercentiles(_ times: PhaseTimes.Times) {
        guard times.count > 0 else { return }
        let values = [50.0, 95, 99].map { "p\(Int($0)) \(human(times.percentile($0)))" }
        add(sentence: "time per URL: \(values.joined(separator: ", "))")
    }

    private mutating func addConnections(_ statistics: Statistics) {
        let reuse = statistics.reuses > 0 ? " (\(percent(statistics.reuses, of: statistics.transfers)) reused)" : ""
        add(
            sentence:
                "\(counted(statistics.transfers, "request")) to \(statistics.hostCount.text) over "
                + "\(counted(statistics.connects, "connection"))\(reuse)"
                + (statistics.retries > 0 ? "; \(counted(statistics.retries, "retry", "retries"))" : ""))
        let codes = statistics.statusCodes.sorted { ($1.count, $0.code) < ($0.count, $1.code) }
        if !codes.isEmpty {
            let shown = codes.prefix(6).map { "\($0.code == 0 ? "none" : String($0.code)): \(grouped($0.count))" }
            let rest = codes.dropFirst(6)
            let others = rest.isEmpty ? [] : ["\(counted(rest.count, "other")): \(grouped(rest.reduce(0) { $0 + $1.count }))"]
            add(sentence: "status " + (shown + others).joined(separator: ", "))
        }
    }

    // MARK: Times

    private mutating func addTimes(_ times: PhaseTimes) {
        let phases = Phase.allCases.filter { times[$0].count > 0 }
        guard !phases.isEmpty else { return }
        let table = TableColumns(Self.timeColumns, room: context.width.map { $0 - 14 })
        lines.append("".filled(13) + table.header)
        for phase in phases {
            let time = times[phase]
            let values = Self.percentiles.map { time.percentile($0) } + [time.longest]
            lines.append("  \(phase.name.filled(11))" + table.row([grouped(time.count)] + values.map(human)))
        }
        // A handful needs no picture.
        guard times[.total].count >= 10 else { return }
        lines.append("total time of \(counted(times[.total].count, "URL")) with a response:")
        let bars = TimeHistogram(times[.total].histogram).lines(width: (context.width ?? Self.usualWidth) - 1, isPlain: context.isPlain)
        for line in bars { lines.append(line) }
    }

    static let percentiles = [50.0, 90, 95, 99, 99.9]
    private static let timeColumns: [TableColumns.Column] = [
        .init("count", 9, rank: 3), .init("p50", 9), .init("p90", 9, rank: 4), .init("p95", 9, rank: 2), .init("p99", 8),
        .init("p99.9", 9, rank: 5), .init("max", 8, rank: 1),
    ]
    private static var usualWidth: Int { 80 }

    private mutating func addSlowest(_ statistics: Statistics) {
        let entries = statistics.slowest.entries
        guard statistics.count > 1, !entries.isEmpty else { return }
        lines.append("slowest:")
        for entry in entries {
            add("  \(human(entry.time).aligned(7)) \(Self.result(entry).filled(4)) \(entry.url)")
        }
    }

    private static func result(_ entry: Slowest.Entry) -> String {
        guard let error = entry.error, error != .http else { return entry.statusCode.map(String.init) ?? "-" }
        return error.rawValue
    }

    // MARK: Errors

    private mutating func addErrors(_ statistics: Statistics) {
        let errors = statistics.errors.sorted { ($1.value.count, $0.key.rawValue) < ($0.value.count, $1.key.rawValue) }
        guard !errors.isEmpty else { return }
        lines.append("errors:")
        for (kind, error) in errors.prefix(8) {
            add("  \(kind.rawValue.filled(18)) \(grouped(error.count).aligned(8))  such as \(error.example)")
        }
        let rest = errors.dropFirst(8)
        if !rest.isEmpty {
            let count = rest.reduce(0) { $0 + $1.value.count }
            lines.append("  \(counted(rest.count, "other class", "other classes").filled(18)) \(grouped(count).aligned(8))")
        }
    }

    // MARK: Hosts

    private mutating func addHosts(_ hosts: HostTable) {
        let rows = hosts.top(10)
        guard !rows.isEmpty else { return }
        // Names stand last, where they may be as long as they are.
        let table = TableColumns(Self.hostColumns, room: context.width.map { $0 - 2 - Self.shortestName })
        lines.append(table.header + "  host")
        for row in rows {
            let values = [
                grouped(row.urls), grouped(row.failed), grouped(row.busy), grouped(row.connects), human(bytes: row.bytesDownloaded),
                row.mean.map(human) ?? "-", row.longest.map(human) ?? "-",
            ]
            add("\(table.row(values))  \(row.name)")
        }
    }

    private static let hostColumns: [TableColumns.Column] = [
        .init("URLs", 10), .init("failed", 8), .init("busy", 7, rank: 3), .init("conns", 7, rank: 5), .init("size", 7, rank: 4),
        .init("mean", 7, rank: 1), .init("max", 7, rank: 2),
    ]
    /// The columns that a name must have at least.
    private static let shortestName = 20

    // MARK: Lines

    /// Appends what may take several lines.
    private mutating func add(sentence: String) { lines += sentence.wrapped(context.width) }

    /// Appends a line with text from elsewhere.
    private mutating func add(_ line: String) {
        let line = printable(line).excerpt
        lines.append(context.width.map { cut(line, toColumns: $0 - 1) } ?? line)
    }
}

/// A rate of whole things: `0.25`, `12.3`, `1,234`.
func perSecond(_ rate: Double) -> String {
    guard rate.isFinite, rate < 1e15 else { return "-" }
    return rate < 100 ? significant(max(0, rate)) : grouped(Int(rate.rounded()))
}

extension RunFacts {
    init(_ statistics: Statistics, _ report: RunReport, _ context: Summary.Context) {
        self.init(
            limits: context.limits, elapsed: context.elapsed ?? statistics.start.duration(to: .now),
            processorTime: context.processorTime, loopTime: report.processorTime > .zero ? report.processorTime : nil,
            processors: context.processors,
            hosts: statistics.hostCount.count, requests: statistics.transfers,
            bytesDownloaded: statistics.bytes.downloaded, held: report.held, spent: statistics.times.spent)
    }
}
