// --summary: what happened, on one screen.

import FetchKit
import Histogram

/// The lines at the end of a run.
struct Summary {
    let lines: [String]

    init(_ statistics: Statistics, _ report: RunReport) {
        var lines: [String] = []
        let elapsed = statistics.start.duration(to: .now)
        let seconds = max(0.000001, Double(elapsed.microseconds) / 1_000_000)
        let rate = Double(statistics.count) / seconds
        lines.append(
            "\(counted(statistics.count, "URL")) in \(human(elapsed)): \(grouped(statistics.count - statistics.failed)) ok, "
                + "\(grouped(statistics.failed)) failed, \(significant(rate)) per second")
        lines.append(
            "received \(human(bytes: statistics.bytesDownloaded)), \(human(bytes: Int64(Double(statistics.bytesDownloaded) / seconds)))/s; "
                + "\(counted(statistics.transfers, "request")) over \(counted(statistics.connects, "connection"))"
                + (statistics.retries > 0 ? "; \(counted(statistics.retries, "retry", "retries"))" : ""))
        if statistics.total.totalCount > 0 {
            lines.append("             " + ["p50", "p90", "p99", "max"].map { $0.aligned(9) }.joined())
            lines.append("  total      " + Self.percentiles(statistics.total))
            lines.append("  first byte " + Self.percentiles(statistics.firstByte))
        }
        let errors = statistics.errors.sorted { ($1.value.count, $0.key.rawValue) < ($0.value.count, $1.key.rawValue) }
        if !errors.isEmpty { lines.append("errors:") }
        for (kind, error) in errors {
            let name = kind.rawValue + String(repeating: " ", count: max(0, 18 - kind.rawValue.count))
            lines.append("  \(name) \(grouped(error.count).aligned(8))  such as \(error.example)")
        }
        if report.duplicates > 0 { lines.append("\(counted(report.duplicates, "URL")) left out as equal to an earlier one") }
        if report.stop == .limit { lines.append("stopped by --limit; the input may go on") }
        if !report.isInputRead && report.stop != .limit { lines.append("the input was not read to its end") }
        if statistics.hasUnverifiedTLS { lines.append("warning: certificates were not verified (-k)") }
        self.lines = lines
    }

    private static func percentiles(_ histogram: Histogram<UInt64>) -> String {
        let values = [50.0, 90, 99].map { histogram.valueAtPercentile($0) } + [histogram.max]
        return values.map { human(.microseconds(Int64($0))).aligned(9) }.joined()
    }
}
