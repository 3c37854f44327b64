// --format csv (RFC 4180): a header line, CRLF at line ends, quotes where they are needed.
//
// Values are never changed to keep a spreadsheet from taking them for formulas (a leading =, + or @): who reads CSV with a program
// would get other data than the server sent, and no prefix is safe in all spreadsheets. NUL is the exception, because common readers
// stop at it.

import FetchKit

/// Comma-separated values.
package struct CSVFormat: OutcomeFormat {
    private let columns: [Column]
    package let head: [UInt8]

    package init(_ columns: [Column]) {
        self.columns = columns
        var line: [UInt8] = []
        for (position, column) in columns.enumerated() {
            if position > 0 { line.append(UInt8(ascii: ",")) }
            CSVText.append(Array(column.name.utf8), to: &line)
        }
        head = line + CSVText.lineEnd
    }

    package func encode(_ record: Record, into sink: any ByteSink) throws -> Remark? {
        var line: [UInt8] = []
        line.reserveCapacity(1024)
        var value: [UInt8] = []
        var isText: Bool?
        var hasBody = false
        for (position, column) in columns.enumerated() {
            if position > 0 { line.append(UInt8(ascii: ",")) }
            value.removeAll(keepingCapacity: true)
            switch column.content {
            case .fact(let key): key.fact(record).append(to: &value)
            case .header(let name): Self.append(record.outcome.response?.values(of: name) ?? [], to: &value)
            case .body, .bodyBase64:
                guard record.hasBody else { break }
                let wantsText = if case .body = column.content { true } else { false }
                isText = try isText ?? CSVText.canHold(record.outcome.body)
                guard isText == wantsText else { break }
                hasBody = true
                try sink.write(line)
                line.removeAll(keepingCapacity: true)
                try wantsText ? CSVText.write(record.outcome.body, into: sink) : Self.writeBase64(record.outcome.body, into: sink)
            }
            CSVText.append(value, to: &line)
        }
        // A line without a character is no record for most readers.
        if columns.count == 1 && line.isEmpty && !hasBody { line = Array("\"\"".utf8) }
        try sink.write(line + CSVText.lineEnd)
        return nil
    }

    private static func append(_ values: [ArraySlice<UInt8>], to bytes: inout [UInt8]) {
        for (position, value) in values.enumerated() {
            if position > 0 { bytes.append(contentsOf: ", ".utf8) }
            bytes.append(contentsOf: value.utf8Text)
        }
    }

    private static func writeBase64(_ body: Body, into sink: any ByteSink) throws {
        var encoder = Base64()
        try body.forEachPiece { try sink.write(encoder.encode($0)) }
        try sink.write(encoder.finish())
    }
}

extension Record {
    /// A body belongs into the stream.
    fileprivate var hasBody: Bool { file == nil && (outcome.isOK || outcome.error?.kind == .http) && !outcome.body.isEmpty }
}
