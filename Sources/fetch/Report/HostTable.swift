// --hosts: what each host got and gave. A crawl may see millions of hosts, so only the first few thousand are told apart.

import FetchKit

/// Counts for each scheme, host and port: what limits, pauses and connections belong to.
struct HostTable {
    struct Row {
        /// Nil for all hosts that are not told apart.
        let origin: Origin?
        fileprivate(set) var urls = 0
        fileprivate(set) var failed = 0
        /// Answers 429 and 503.
        fileprivate(set) var busy = 0
        fileprivate(set) var retries = 0
        fileprivate(set) var connects = 0
        fileprivate(set) var bytesDownloaded: Int64 = 0
        fileprivate var timed = 0
        fileprivate var sum: Int64 = 0
        fileprivate var max: Int64 = 0

        fileprivate init(_ origin: Origin?) { self.origin = origin }

        /// Of those with a response.
        var mean: Duration? { timed == 0 ? nil : .microseconds(sum / Int64(timed)) }
        var longest: Duration? { timed == 0 ? nil : .microseconds(max) }

        /// As a person names it: without the scheme.
        var name: String { origin?.authority ?? "(other hosts)" }
    }

    static let most = 4096
    private static var longestName: Int { 300 }

    private(set) var rows: [Row] = []
    /// Those beyond the most that are told apart.
    private(set) var others = Row(nil)
    private var positions: [Origin: Int] = [:]

    /// `total` is what the outcome took, in microseconds.
    mutating func record(_ outcome: Outcome, total: Int64) {
        guard let origin = Self.origin(of: outcome) else { return }
        if let position = position(origin) {
            Self.add(outcome, total, to: &rows[position])
        } else {
            Self.add(outcome, total, to: &others)
        }
    }

    /// The busiest rows, by URLs, the others summed up in the last one.
    func top(_ most: Int) -> [Row] {
        let sorted = rows.sorted { ($1.urls, $0.name) < ($0.urls, $1.name) }
        var rest = others
        for row in sorted.dropFirst(most) { rest.add(row) }
        return sorted.prefix(most) + (rest.urls > 0 ? [rest] : [])
    }

    private static func origin(of outcome: Outcome) -> Origin? {
        if let hop = outcome.hops.last { return hop.url.origin }
        // A host that is down refuses most of its URLs without a try.
        guard let kind = outcome.error?.kind, kind != .input else { return nil }
        return (try? HTTPURL(outcome.text))?.origin
    }

    private mutating func position(_ origin: Origin) -> Int? {
        if let position = positions[origin] { return position }
        guard rows.count < Self.most, origin.description.utf8.count <= Self.longestName else { return nil }
        positions[origin] = rows.count
        rows.append(Row(origin))
        return rows.count - 1
    }

    private static func add(_ outcome: Outcome, _ total: Int64, to row: inout Row) {
        row.urls += 1
        if outcome.error != nil { row.failed += 1 }
        row.retries += outcome.retryCount
        row.connects += outcome.connectionCount
        row.bytesDownloaded &+= outcome.sum { $0.bytesDownloaded }
        guard let response = outcome.response else { return }
        if response.statusCode == 429 || response.statusCode == 503 { row.busy += 1 }
        row.timed += 1
        row.sum &+= total
        row.max = max(row.max, total)
    }
}

extension HostTable.Row {
    fileprivate mutating func add(_ row: Self) {
        urls += row.urls
        failed += row.failed
        busy += row.busy
        retries += row.retries
        connects += row.connects
        bytesDownloaded &+= row.bytesDownloaded
        timed += row.timed
        sum &+= row.sum
        max = Swift.max(max, row.max)
    }
}
