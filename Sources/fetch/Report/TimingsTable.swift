// --timings: one line per transfer, as a table that a person can read down.

import FetchKit

/// The rows of the table; a header stands before the first.
struct TimingsTable {
    private let columns: TableColumns
    private var hasHeader = false

    /// `width` is that of the terminal, nil where there is none.
    init(width: Int?) {
        let columns: [TableColumns.Column] = [
            .init("dns", 8, rank: 3), .init("connect", 8, rank: 5), .init("tls", 8, rank: 4), .init("first", 8, rank: 2), .init("total", 8),
            .init("size", 8, rank: 1),
        ]
        // The status before them, and some of the URL behind.
        self.columns = TableColumns(columns, room: width.map { $0 - Self.widthOfStatus - 12 })
    }

    mutating func lines(_ outcome: Outcome) -> [String] {
        let cells = Self.cells(outcome)
        let row = "\(Self.status(outcome).filled(Self.widthOfStatus))\(columns.row(cells))  \(outcome.text)"
        if hasHeader { return [row] }
        hasHeader = true
        return ["\("status".filled(Self.widthOfStatus))\(columns.header)  url", row]
    }

    private static var widthOfStatus: Int { 18 }

    private static func cells(_ outcome: Outcome) -> [String] {
        guard let hop = outcome.hops.last else { return ["-", "-", "-", "-", "-", "-"] }
        let timings = hop.timings
        let isNew = hop.connectionCount > 0
        // A step's own time: libcurl counts each from the start.
        let connect = timings.connect > .zero ? timings.connect - timings.nameLookup : nil
        let tls = timings.appConnect > .zero ? timings.appConnect - timings.connect : nil
        let first = timings.startTransfer > .zero ? outcome.timings.startTransfer : nil
        return [
            isNew ? human(timings.nameLookup) : "-", isNew ? connect.map(human) ?? "-" : "-", isNew ? tls.map(human) ?? "-" : "-",
            first.map(human) ?? "-", human(outcome.timings.total), human(bytes: hop.bytesDelivered),
        ]
    }

    /// The response's status; with the class of the error where that is not the status itself.
    private static func status(_ outcome: Outcome) -> String {
        guard let error = outcome.error, error.kind != .http else { return outcome.response.map { "\($0.statusCode)" } ?? "-" }
        return error.kind.rawValue
    }
}
