// --format csv (RFC 4180): a header line, CRLF at line ends, quotes where they are needed.
//
// Values are not changed to keep a spreadsheet from taking them for formulas, unless the user asks for it: who reads CSV with a program
// would get other data than the server sent. NUL is the exception, because common readers stop at it.

import FetchKit

extension Format {
    static let csv = Format("csv", options: [.columns, .safeCells]) { try CSVFormat($0) }
}

/// Comma-separated values.
struct CSVFormat: OutcomeFormat {
    private let columns: [Column]
    private let hasSafeCells: Bool
    let needs: FormatNeeds

    init(_ settings: FormatSettings) throws {
        columns = try Column.columns(settings.columns)
        hasSafeCells = settings.hasSafeCells
        needs = columns.needs(settings)
    }

    func encodeHead(into outlets: Outlets) throws {
        var line: [UInt8] = []
        for (position, column) in columns.enumerated() {
            if position > 0 { line.append(UInt8(ascii: ",")) }
            CSVText.append(Array(column.name.utf8), to: &line)
        }
        try outlets.stream.write(line + CSVText.lineEnd)
    }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        var line: [UInt8] = []
        line.reserveCapacity(1024)
        var value: [UInt8] = []
        let isBodyText = try columns.isBodyText(record)
        for (position, column) in columns.enumerated() {
            if position > 0 { line.append(UInt8(ascii: ",")) }
            if let body = record.body, let isBodyText, column.holdsBody(isText: isBodyText) {
                try outlets.stream.write(line)
                line.removeAll(keepingCapacity: true)
                if isBodyText {
                    try CSVText.write(body, isSafe: hasSafeCells, into: outlets.stream)
                } else {
                    if hasSafeCells, try body.beginsWithPlusInBase64 { try outlets.stream.write("'") }
                    try outlets.stream.write(base64: body)
                }
            } else {
                value.removeAll(keepingCapacity: true)
                column.append(record, to: &value)
                CSVText.append(hasSafeCells ? CSVText.safe(value) : value, to: &line)
            }
        }
        // A line without a character is no record for most readers.
        if columns.count == 1 && line.isEmpty && !columns[0].holdsBody(isText: isBodyText) { line = Array("\"\"".utf8) }
        try outlets.stream.write(line + CSVText.lineEnd)
        return nil
    }
}

extension Body {
    /// Whether its first six bits are those of the one character of base64 that begins a formula.
    fileprivate var beginsWithPlusInBase64: Bool {
        get throws { try first.map { $0 >> 2 == 62 } ?? false }
    }
}
