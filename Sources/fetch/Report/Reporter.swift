// Everything that `fetch` tells a person while it works, on standard error: failures, timings, attempts, the summary. A closed
// or full standard error never stops a run.

import FetchFormats
import FetchKit
import Glibc

/// Writes lines about outcomes to standard error, and the reports of a run when it is over.
struct Reporter {
    struct Style: Sendable {
        /// Nil: none is shown.
        var failures: Failures? = .all
        /// The names of files that could not have the one they were to have.
        var newNames = false
        var timings = false
        var attempts = false
        /// Nil: a short one, when standard error is a terminal and there was more than one URL.
        var summary: Bool? = nil
        var hosts = false
        /// Where the summary goes as JSON.
        var statistics: OutputTarget?
        var progress = Progress.Style.off
    }

    /// Which failures get a line of their own.
    enum Failures: String, CaseIterable, Sendable {
        case all
        /// The first ones of each host and reason; the others are counted at the end.
        case few
    }

    private let style: Style
    private let facts: RunFacts.Limits
    private let isTerminal: Bool
    private let progress: Progress
    private var table: TimingsTable
    private var statistics: Statistics
    private var failures = FailureLines()

    init(_ style: Style, _ facts: RunFacts.Limits, _ progress: Progress) {
        self.style = style
        self.facts = facts
        self.progress = progress
        isTerminal = isatty(STDERR_FILENO) == 1
        table = TimingsTable(width: isTerminal ? terminalWidth(STDERR_FILENO) : nil)
        statistics = Statistics(collectsHosts: style.hosts || style.statistics != nil)
    }

    mutating func report(_ outcome: Outcome, _ remark: Remark?, _ file: SavedFile?) {
        statistics.record(outcome)
        progress.record(isOK: outcome.isOK)
        if style.attempts { for line in attemptLines(outcome) { write(sentence: line) } }
        if style.timings { for line in table.lines(outcome) { write(line) } }
        if let shown = style.failures, let error = outcome.error, error.kind != .cancelled,
            shown == .all || failures.shows(outcome, error)
        {
            let tries = outcome.retryCount > 0 ? " after \(counted(outcome.retryCount + 1, "try", "tries"))" : ""
            tell("\(name(outcome).excerpt): \(error.message)\(tries)\(Self.advice(error))")
        }
        if style.newNames, let file, file.isRenamed { tell("\(outcome.text): saved as \(file.path)") }
        if style.failures != nil, case .binaryBody = remark {
            tell("\(outcome.text.excerpt): binary body not shown on a terminal; send it to a file (> FILE) or a pipe")
        }
    }

    func flush() { progress.flush() }

    /// Says what concerns the run as a whole. Throws when the statistics cannot be written.
    mutating func finish(_ report: RunReport) throws {
        progress.erase()
        for line in failures.closing { tell(line) }
        let showsSummary = style.summary ?? (style.hosts || (isTerminal && statistics.count > 1))
        // One line, not thousands: who interrupts a run knows why.
        if style.failures != nil {
            // The summary has the counts.
            let ends = [Self.reason(report.stop)].compactMap(\.self) + (showsSummary ? [] : statistics.cancellations)
            let isUnread = !report.isInputRead && report.stop != .limit && !showsSummary
            if !ends.isEmpty { tell((ends + (isUnread ? ["the input was not read to its end"] : [])).joined(separator: ", ")) }
        }
        var context = Summary.Context()
        context.limits = facts
        context.elapsed = statistics.start.duration(to: .now)
        context.width = width
        context.isPlain = isTerminal && !canRedraw(STDERR_FILENO)
        context.showsHosts = style.hosts
        context.isBrief = style.summary == nil && !style.hosts
        if showsSummary {
            for line in Summary(statistics, report, context).lines { write(line) }
        }
        flush()
        guard let target = style.statistics else { return }
        let writer = DescriptorWriter(target)
        try writer.write(jsonLine: StatisticsJSON(statistics, report, context).bytes)
        try writer.close()
    }

    /// What to do about an error, where that is an option.
    private static func advice(_ error: FetchError) -> String {
        guard error.kind == .tls, error.message.contains(/self.signed|local issuer/) else { return "" }
        return "; --cacert FILE names a certificate to trust, -k skips the verification"
    }

    private static func reason(_ stop: RunReport.Stop?) -> String? {
        switch stop {
        case .deadline: "stopped by the deadline"
        case .failures: "stopped because too many have failed"
        case .limit, nil: nil
        }
    }

    private func write(_ line: String) { progress.write(line) }

    private func tell(_ sentence: String) { write(sentence: "fetch: \(sentence)") }

    private func write(sentence: String) {
        for line in printable(sentence).wrapped(width) { write(line) }
    }

    private var width: Int? { isTerminal ? terminalWidth(STDERR_FILENO) : nil }

    /// What comes from a list is named by its place as well.
    private func name(_ outcome: Outcome) -> String {
        guard let source = outcome.source else { return outcome.text }
        return "\(source.fileName):\(source.line): \(outcome.text)"
    }

    /// What -v shows: each exchange, the address dialled, whether the connection is a new one, where a redirect leads.
    private func attemptLines(_ outcome: Outcome) -> [String] {
        outcome.hops.enumerated().map { number, hop in
            let address = hop.remoteAddress.map { "\($0) port \(hop.remotePort ?? 0)" } ?? "no connection"
            let connection = hop.connectionCount > 0 ? "new connection" : "connection reused"
            let result = hop.response.map { "HTTP/\($0.httpVersion) \($0.statusCode)" } ?? "no response"
            let isLast = number == outcome.hops.count - 1
            let withheld = hop.withheld.isEmpty ? "" : ", without \(hop.withheld.joined(separator: ", "))"
            let next = isLast ? "" : ", redirected to \(outcome.hops[number + 1].url.description.excerpt)\(withheld)"
            let place = hop.remoteAddress == nil ? address : "\(address), \(connection)"
            return
                "* [\(outcome.index)] \(hop.method) \(hop.url.description.excerpt) (\(place)): \(result) in \(human(hop.timings.total))\(next)"
        } + (outcome.retryCount > 0 ? ["* [\(outcome.index)] after \(counted(outcome.retryCount, "retry", "retries"))"] : [])
    }
}
