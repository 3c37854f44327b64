// Everything that `fetch` tells a person while it works, on standard error: failures, timings, attempts, the summary. A closed
// or full standard error never stops a run.

import FetchFormats
import FetchKit
import Glibc

/// Writes lines about outcomes to standard error, and the reports of a run when it is over.
struct Reporter {
    struct Style: Sendable {
        var failures = true
        var timings = false
        var attempts = false
        /// Nil: when standard error is a terminal and there was more than one URL.
        var summary: Bool? = nil
        var hosts = false
        /// Where the summary goes as JSON.
        var statistics: OutputTarget?
        var progress = Progress.Style.off
    }

    private let style: Style
    private let facts: RunFacts.Limits
    private let isTerminal: Bool
    private let progress: Progress
    private var table = TimingsTable()
    private var statistics: Statistics

    init(_ style: Style, _ facts: RunFacts.Limits, _ progress: Progress) {
        self.style = style
        self.facts = facts
        self.progress = progress
        isTerminal = isatty(STDERR_FILENO) == 1
        statistics = Statistics(collectsHosts: style.hosts || style.statistics != nil)
    }

    mutating func report(_ outcome: Outcome, _ remark: Remark?) {
        statistics.record(outcome)
        progress.record(isOK: outcome.isOK)
        if style.attempts { for line in attemptLines(outcome) { write(line) } }
        if style.timings { for line in table.lines(outcome) { write(line) } }
        if style.failures, let error = outcome.error, error.kind != .cancelled {
            write("fetch: \(name(outcome).excerpt): \(error.message)")
        }
        if style.failures, case .binaryBody = remark {
            write("fetch: \(outcome.text.excerpt): binary body not shown on a terminal; send it to a file (> FILE) or a pipe")
        }
    }

    func flush() { progress.flush() }

    /// Says what concerns the run as a whole. Throws when the statistics cannot be written.
    mutating func finish(_ report: RunReport) throws {
        progress.erase()
        // One line, not thousands: who interrupts a run knows why.
        if style.failures {
            let cancelled = statistics.errors[.cancelled].map { "\(counted($0.count, "URL")) cancelled" }
            let unread = report.isInputRead || report.stop == .limit ? nil : "the input was not read to its end"
            let parts = [Self.reason(report.stop), cancelled, cancelled == nil && report.stop == nil ? nil : unread].compactMap { $0 }
            if !parts.isEmpty { write("fetch: \(parts.joined(separator: ", "))") }
        }
        var context = Summary.Context()
        context.limits = facts
        context.elapsed = statistics.start.duration(to: .now)
        context.width = isTerminal ? terminalWidth(STDERR_FILENO) : nil
        context.isPlain = isTerminal && !canRedraw(STDERR_FILENO)
        context.showsHosts = style.hosts
        if style.summary ?? (style.hosts || (isTerminal && statistics.count > 1)) {
            for line in Summary(statistics, report, context).lines { write(line) }
        }
        flush()
        guard let target = style.statistics else { return }
        let writer = DescriptorWriter(target)
        try writer.write(jsonLine: StatisticsJSON(statistics, report, context).bytes)
        try writer.close()
    }

    private static func reason(_ stop: RunReport.Stop?) -> String? {
        switch stop {
        case .deadline: "stopped by the deadline"
        case .failures: "stopped because too many have failed"
        case .limit, nil: nil
        }
    }

    private func write(_ line: String) { progress.write(line) }

    /// Input that never became a request is named by its place as well.
    private func name(_ outcome: Outcome) -> String {
        guard outcome.error?.kind == .input, let source = outcome.source else { return outcome.text }
        return "\(source.file == "-" ? "standard input" : source.file):\(source.line): \(outcome.text)"
    }

    /// What -v shows: each exchange, the address dialled, whether the connection is a new one, where a redirect leads.
    private func attemptLines(_ outcome: Outcome) -> [String] {
        outcome.hops.enumerated().map { number, hop in
            let address = hop.remoteAddress.map { "\($0) port \(hop.remotePort ?? 0)" } ?? "no connection"
            let connection = hop.connects > 0 ? "new connection" : "connection reused"
            let result = hop.response.map { "HTTP/\($0.httpVersion) \($0.statusCode)" } ?? "no response"
            let isLast = number == outcome.hops.count - 1
            let withheld = hop.withheld.isEmpty ? "" : ", without \(hop.withheld.joined(separator: ", "))"
            let next = isLast ? "" : ", redirected to \(outcome.hops[number + 1].url.description.excerpt)\(withheld)"
            let place = hop.remoteAddress == nil ? address : "\(address), \(connection)"
            return
                "* [\(outcome.index)] \(hop.method) \(hop.url.description.excerpt) (\(place)): \(result) in \(human(hop.timings.total))\(next)"
        } + (outcome.retries > 0 ? ["* [\(outcome.index)] after \(counted(outcome.retries, "retry", "retries"))"] : [])
    }
}
