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

    func append(_ cell: [UInt8], to line: inout [UInt8]) { line += cell.withUnsafeBytes { Self.escaped($0) } }

    func write(text body: Body, to sink: any ByteSink) throws { try body.forEachPiece { try sink.write(Self.escaped($0)) } }

    static func escaped(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for byte in text {
            switch byte {
            case UInt8(ascii: "\t"): result += "\\t".utf8
            case UInt8(ascii: "\n"): result += "\\n".utf8
            case UInt8(ascii: "\r"): result += "\\r".utf8
            case UInt8(ascii: "\\"): result += "\\\\".utf8
            // Common readers stop at it.
            case 0: result += "\u{FFFD}".utf8
            default: result.append(byte)
            }
        }
        return result
    }
}
