// --format tsv: the columns of csv with tabs between them, a line for each outcome. A tab, a line end or a backslash in a value is written
// \t, \n, \r or \\, as PostgreSQL's COPY and jq's @tsv have it, so that cut(1) and awk(1) can be used on whatever a server sends.

import FetchKit

extension Format {
    static let tsv = Format("tsv", options: [.columns]) { try TSVFormat($0) }
}

/// Tab-separated values.
struct TSVFormat: OutcomeFormat {
    private let columns: [Column]
    let needs: FormatNeeds

    init(_ settings: FormatSettings) throws {
        columns = try Column.columns(settings.columns)
        needs = columns.needs(settings)
    }

    func encodeHead(into outlets: Outlets) throws {
        try outlets.stream.write(columns.map(\.name).joined(separator: "\t") + "\n")
    }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        var line: [UInt8] = []
        line.reserveCapacity(1024)
        var value: [UInt8] = []
        let isBodyText = try columns.isBodyText(record)
        for (position, column) in columns.enumerated() {
            if position > 0 { line.append(UInt8(ascii: "\t")) }
            if let body = record.body, let isBodyText, column.holdsBody(isText: isBodyText) {
                try outlets.stream.write(line)
                line.removeAll(keepingCapacity: true)
                if isBodyText {
                    try body.forEachPiece { try outlets.stream.write(Self.escaped($0)) }
                } else {
                    try outlets.stream.write(base64: body)
                }
            } else {
                value.removeAll(keepingCapacity: true)
                column.append(record, to: &value)
                line += value.withUnsafeBytes { Self.escaped($0) }
            }
        }
        try outlets.stream.write(line + [UInt8(ascii: "\n")])
        return nil
    }

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
