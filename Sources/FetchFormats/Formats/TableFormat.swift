// Tables as text: a line of names, then a line for each outcome. What a format has of its own is how a line ends and how a cell is written.

import FetchKit

/// A format with a cell for each column.
protocol TableFormat: OutcomeFormat {
    var columns: [Column] { get }
    var delimiter: UInt8 { get }
    var lineEnd: [UInt8] { get }
    /// Stands in place of a line without a character.
    var emptyLine: [UInt8] { get }
    /// Appends a cell of valid UTF-8.
    func append(_ cell: [UInt8], to line: inout [UInt8])
    /// Writes a body that is text, which may be larger than memory.
    func write(text body: Body, to sink: any ByteSink) throws
    func write(base64 body: Body, to sink: any ByteSink) throws
}

extension TableFormat {
    var emptyLine: [UInt8] { [] }

    func write(base64 body: Body, to sink: any ByteSink) throws { try sink.write(base64: body) }

    func encodeHead(into outlets: Outlets) throws {
        var line: [UInt8] = []
        for (position, column) in columns.enumerated() {
            if position > 0 { line.append(delimiter) }
            append(Array(column.name.utf8), to: &line)
        }
        try outlets.stream.write(line + lineEnd)
    }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        var line: [UInt8] = []
        line.reserveCapacity(1024)
        var cell: [UInt8] = []
        let isBodyText = try columns.isBodyText(record)
        for (position, column) in columns.enumerated() {
            if position > 0 { line.append(delimiter) }
            if let body = record.body, let isBodyText, column.holdsBody(isText: isBodyText) {
                try outlets.stream.write(line)
                line.removeAll(keepingCapacity: true)
                if isBodyText { try write(text: body, to: outlets.stream) } else { try write(base64: body, to: outlets.stream) }
            } else {
                cell.removeAll(keepingCapacity: true)
                column.append(record, to: &cell)
                append(cell, to: &line)
            }
        }
        if columns.count == 1 && line.isEmpty && !columns[0].holdsBody(isText: isBodyText) { line = emptyLine }
        try outlets.stream.write(line + lineEnd)
        return nil
    }
}
