// Failures in bulk: a host that is down with a thousand URLs in the list is one fact, not a thousand lines.

import FetchFormats
import FetchKit

/// Decides which failures get a line of their own, and sums up the others.
struct FailureLines {
    /// What a person takes for the same failure.
    private struct Cause: Hashable {
        /// The host, or the list for a line that is no request.
        let place: String
        let kind: FetchError.Kind
        let status: Int?
    }

    private struct Count {
        /// The host and the reason, as the closing line names them.
        let name: String
        var failures = 0
    }

    /// How many failures of one cause get lines of their own.
    static let mostLines = 10
    private static let mostCauses = 1000
    private static let mostClosingLines = 10
    private static let longestPlace = 300

    private var counts: [Cause: Count] = [:]
    /// By host: the requests that are not tried because it is down count as what it was given up for.
    private var latest: [String: Cause] = [:]
    /// Failures beyond the causes that are told apart.
    private var others = Count(name: "other hosts and reasons")

    /// Whether this failure is to be shown by itself.
    mutating func shows(_ outcome: Outcome, _ error: FetchError) -> Bool {
        let place = Self.place(outcome)
        let cause =
            (error.kind == .hostDown ? latest[place] : nil)
            ?? Cause(place: place, kind: error.kind, status: outcome.response?.statusCode)
        guard counts[cause] != nil || (counts.count < Self.mostCauses && cause.place.utf8.count <= Self.longestPlace) else {
            others.failures += 1
            return others.failures <= Self.mostLines
        }
        counts[cause, default: Count(name: "\(cause.place): \(error.message)")].failures += 1
        latest[place] = cause
        return counts[cause]!.failures <= Self.mostLines
    }

    /// How many were not shown, the most frequent causes first.
    var closing: [String] {
        let hidden = ([others] + counts.values).filter { $0.failures > Self.mostLines }
            .map { (count: $0.failures - Self.mostLines, name: $0.name) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        let isTooMany = hidden.count > Self.mostClosingLines
        let rest = hidden.dropFirst(isTooMany ? Self.mostClosingLines - 1 : Self.mostClosingLines)
        let lines = hidden.prefix(hidden.count - rest.count).map { "... \(grouped($0.count)) more from \($0.name)" }
        if rest.isEmpty { return lines }
        return lines + ["... \(grouped(rest.reduce(0) { $0 + $1.count })) more from \(others.name)"]
    }

    private static func place(_ outcome: Outcome) -> String {
        let origin = outcome.hops.last?.url.origin ?? (outcome.error?.kind == .input ? nil : try? HTTPURL(outcome.text).origin)
        return origin?.authority ?? outcome.source?.fileName ?? "the arguments"
    }
}

extension Origin {
    /// As a person names it: without the scheme.
    var authority: String { String(description.drop { $0 != ":" }.dropFirst(3)) }
}

extension Request.Source {
    /// The list, as a person names it.
    var fileName: String { file == "-" ? "standard input" : file }
}
