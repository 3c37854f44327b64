// --format tsv: the columns of csv with tabs between them, a line for each outcome. A tab, a line end or a backslash in a value is written
// \t, \n, \r or \\, as PostgreSQL's COPY and jq's @tsv have it, so that cut(1) and awk(1) can be used on whatever a server sends.

import FetchKit

extension Format {
    static let tsv = Format("tsv", options: [.columns]) { try TSVFormat($0) }
}

/// Tab-separated values.
struct TSVFormat: TableFormat {
    let columns: [Column]
    let needs: FormatNeeds
    let delimiter = UInt8(ascii: "\t")
    let lineEnd = [UInt8(ascii: "\n")]

    init(_ settings: FormatSettings) throws {
        columns = try Column.columns(settings.columns)
        needs = columns.needs(settings)
    }

    func finishCell(_ line: inout ByteBuffer, from start: Int) {
        guard line.contains(from: start, where: Self.isSpecial) else { return }
        line.takeBytes(from: start).withUnsafeBytes { Self.append($0, to: &line) }
    }

    func write(text body: Body, to sink: any ByteSink) throws {
        try body.forEachPiece { piece in
            var text = ByteBuffer(capacity: piece.count)
            Self.append(piece, to: &text)
            try sink.write(text)
        }
    }

    private static func append(_ text: UnsafeRawBufferPointer, to line: inout ByteBuffer) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\t"): line.append("\\t")
            case UInt8(ascii: "\n"): line.append("\\n")
            case UInt8(ascii: "\r"): line.append("\\r")
            case UInt8(ascii: "\\"): line.append("\\\\")
            // Common readers stop at it.
            case 0: line.append("\u{FFFD}")
            default: line.append(byte)
            }
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool { byte < 0x0E || byte == UInt8(ascii: "\\") }
}
