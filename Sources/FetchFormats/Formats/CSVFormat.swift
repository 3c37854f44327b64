// --format csv (RFC 4180): a header line, CRLF at line ends, quotes where they are needed.
//
// Values are not changed to keep a spreadsheet from taking them for formulas, unless the user asks for it: who reads CSV with a program
// would get other data than the server sent. NUL is the exception, because common readers stop at it.

import FetchKit

extension Format {
    static let csv = Format("csv", options: [.columns, .safeCells]) { try CSVFormat($0) }
}

/// Comma-separated values.
struct CSVFormat: TableFormat {
    let columns: [Column]
    let needs: FormatNeeds
    let delimiter = UInt8(ascii: ",")
    let lineEnd = CSVText.lineEnd
    /// A line without a character is no record for most readers.
    let emptyLine = Array("\"\"".utf8)
    private let hasSafeCells: Bool

    init(_ settings: FormatSettings) throws {
        columns = try Column.columns(settings.columns)
        needs = columns.needs(settings)
        hasSafeCells = settings.hasSafeCells
    }

    func finishCell(_ line: inout ByteBuffer, from start: Int) {
        if hasSafeCells { CSVText.makeSafe(&line, from: start) }
        CSVText.quote(&line, from: start)
    }

    func write(text body: Body, to sink: any ByteSink) throws { try CSVText.write(body, isSafe: hasSafeCells, into: sink) }

    func write(base64 body: Body, to sink: any ByteSink) throws {
        if hasSafeCells, try body.beginsWithPlusInBase64 { try sink.write("'") }
        try sink.write(base64: body)
    }
}

extension Body {
    /// Whether its first six bits are those of the one character of base64 that begins a formula.
    fileprivate var beginsWithPlusInBase64: Bool {
        get throws { try first.map { $0 >> 2 == 62 } ?? false }
    }
}
