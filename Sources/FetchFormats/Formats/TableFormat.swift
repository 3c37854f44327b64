// Tables as text: a line of names, then a line for each outcome. What a format has of its own is how a line ends and how a cell is written.

import FetchKit

/// A format with a cell for each column.
protocol TableFormat: OutcomeFormat {
    var columns: [Column] { get }
    var delimiter: UInt8 { get }
    var lineEnd: [UInt8] { get }
    /// Stands in place of a line without a character.
    var emptyLine: [UInt8] { get }
    /// Makes a cell of the valid UTF-8 that stands in the line from `start` on.
    func finishCell(_ line: inout ByteBuffer, from start: Int)
    /// Writes a body that is text, which may be larger than memory.
    func write(text body: Body, to sink: any ByteSink) throws
    func write(base64 body: Body, to sink: any ByteSink) throws
}

extension TableFormat {
    var emptyLine: [UInt8] { [] }

    func write(base64 body: Body, to sink: any ByteSink) throws { try sink.write(base64: body) }

    func encodeHead(into outlets: Outlets) throws {
        var line = ByteBuffer()
        for (position, column) in columns.enumerated() {
            if position > 0 { line.append(delimiter) }
            appendCell(to: &line) { $0.append(column.name) }
        }
        line.append(lineEnd)
        try outlets.stream.write(line)
    }

    private func appendCell(to line: inout ByteBuffer, _ append: (inout ByteBuffer) -> Void) {
        let start = line.count
        append(&line)
        finishCell(&line, from: start)
    }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        var line = ByteBuffer()
        let isBodyText = try columns.isBodyText(record)
        for (position, column) in columns.enumerated() {
            if position > 0 { line.append(delimiter) }
            if let body = record.body, let isBodyText, column.holdsBody(isText: isBodyText) {
                try outlets.stream.write(line)
                line.removeAll()
                if isBodyText { try write(text: body, to: outlets.stream) } else { try write(base64: body, to: outlets.stream) }
            } else {
                appendCell(to: &line) { column.append(record, to: &$0) }
            }
        }
        if columns.count == 1 && line.isEmpty && !columns[0].holdsBody(isText: isBodyText) { line.append(emptyLine) }
        line.append(lineEnd)
        try outlets.stream.write(line)
        return nil
    }
}
