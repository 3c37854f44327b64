// --summary: what happened, on one screen.

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
        addTotals(statistics, facts)
        addTimes(statistics.times)
        addErrors(statistics)
        addSlowest(statistics)
        if context.showsHosts, let hosts = statistics.hosts { addHosts(hosts) }
        if let bottleneck = Bottleneck(facts) { lines.append(bottleneck.sentence) }
        if report.duplicates > 0 { lines.append("\(counted(report.duplicates, "URL")) left out as equal to an earlier one") }
        if report.stop == .limit { lines.append("stopped by --limit; the input may go on") }
        if !report.isInputRead && report.stop != .limit { lines.append("the input was not read to its end") }
        if statistics.hasUnverifiedTLS { lines.append("warning: certificates were not verified (-k)") }
    }

    private mutating func addTotals(_ statistics: Statistics, _ facts: RunFacts) {
        let wholeTime = max(0.000_001, seconds(facts.elapsed))
        lines.append(
            "\(counted(statistics.count, "URL")) in \(human(facts.elapsed)): \(grouped(statistics.succeeded)) ok, "
                + "\(grouped(statistics.failed)) failed, \(perSecond(Double(statistics.count) / wholeTime)) per second")
        if statistics.skipped > 0 {
            let they = statistics.skipped == 1 ? "it exists" : "they exist"
            lines.append("\(counted(statistics.skipped, "URL")) left alone as \(they) already")
        }
        let reused = max(0, statistics.transfers - statistics.connects)
        let reuse = reused > 0 ? " (\(percent(reused, of: statistics.transfers)) reused)" : ""
        lines.append("received \(human(bytes: statistics.bytes.downloaded)), \(human(bytes: Int64(facts.bytesPerSecond)))/s")
        lines.append(
            "\(counted(statistics.transfers, "request")) to \(statistics.hostCount.text) over "
                + "\(counted(statistics.connects, "connection"))\(reuse)"
                + (statistics.retries > 0 ? "; \(counted(statistics.retries, "retry", "retries"))" : ""))
        let codes = statistics.statusCodes.sorted { ($1.count, $0.code) < ($0.count, $1.code) }
        if !codes.isEmpty {
            let shown = codes.prefix(6).map { "\($0.code == 0 ? "none" : String($0.code)): \(grouped($0.count))" }
            let rest = codes.dropFirst(6)
            let others = rest.isEmpty ? [] : ["\(counted(rest.count, "other")): \(grouped(rest.reduce(0) { $0 + $1.count }))"]
            add("status " + (shown + others).joined(separator: ", "))
        }
    }

    // MARK: Times

    private mutating func addTimes(_ times: PhaseTimes) {
        let phases = Phase.allCases.filter { times[$0].count > 0 }
        guard !phases.isEmpty else { return }
        lines.append("             " + ["count", "p50", "p90", "p95", "p99", "p99.9", "max"].map { $0.aligned(9) }.joined())
        for phase in phases {
            let time = times[phase]
            let values = Self.percentiles.map { time.percentile($0) } + [time.longest]
            lines.append(
                "  \(phase.name.filled(11))\(grouped(time.count).aligned(9))" + values.map { human($0).aligned(9) }.joined())
        }
        // A handful needs no picture.
        guard times[.total].count >= 10 else { return }
        lines.append("total time of \(counted(times[.total].count, "URL")) with a response:")
        let bars = TimeHistogram(times[.total].histogram).lines(width: (context.width ?? Self.usualWidth) - 1, isPlain: context.isPlain)
        for line in bars { lines.append(line) }
    }

    static let percentiles = [50.0, 90, 95, 99, 99.9]
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
        let cells = { (cells: [String]) in zip(cells, [10, 8, 7, 7, 7, 7, 7]).map { $0.aligned($1) }.joined() }
        lines.append(cells(["URLs", "failed", "busy", "conns", "size", "mean", "max"]) + "  host")
        for row in rows {
            let values = [
                grouped(row.urls), grouped(row.failed), grouped(row.busy), grouped(row.connects), human(bytes: row.bytesDownloaded),
                row.mean.map(human) ?? "-", row.longest.map(human) ?? "-",
            ]
            add("\(cells(values))  \(row.name)")
        }
    }

    // MARK: Lines

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
