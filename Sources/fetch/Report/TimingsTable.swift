// --timings: one line per transfer, as a table that a person can read down.

import FetchKit

/// The rows of the table; a header stands before the first.
struct TimingsTable {
    private var hasHeader = false
    private static let columns = ["status", "dns", "connect", "tls", "first", "total", "size"]

    mutating func lines(_ outcome: Outcome) -> [String] {
        let row = Self.row(Self.cells(outcome), outcome.text)
        if hasHeader { return [row] }
        hasHeader = true
        return [Self.row(Self.columns, "url"), row]
    }

    private static func cells(_ outcome: Outcome) -> [String] {
        guard let hop = outcome.hops.last else { return [outcome.error?.kind.rawValue ?? "-", "-", "-", "-", "-", "-", "-"] }
        let timings = hop.timings
        let isNew = hop.connects > 0
        // A step's own time: libcurl counts each from the start.
        let connect = timings.connect > .zero ? timings.connect - timings.nameLookup : nil
        let tls = timings.appConnect > .zero ? timings.appConnect - timings.connect : nil
        let first = timings.startTransfer > .zero ? outcome.timings.startTransfer : nil
        return [
            status(outcome), isNew ? human(timings.nameLookup) : "-", isNew ? connect.map(human) ?? "-" : "-",
            isNew ? tls.map(human) ?? "-" : "-", first.map(human) ?? "-", human(outcome.timings.total),
            human(bytes: hop.bytesDelivered),
        ]
    }

    /// The response's status; with the class of the error where that is not the status itself.
    private static func status(_ outcome: Outcome) -> String {
        guard let error = outcome.error, error.kind != .http else { return outcome.response.map { "\($0.statusCode)" } ?? "-" }
        return error.kind.rawValue
    }

    private static func row(_ cells: [String], _ url: String) -> String {
        let status = cells[0] + String(repeating: " ", count: max(0, 18 - cells[0].count))
        return status + cells.dropFirst().map { " " + $0.aligned(7) }.joined() + "  " + url
    }
}
