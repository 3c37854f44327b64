// The inside of a CSV file as bytes.

import FetchKit

/// Fields of a line.
enum CSVText {
    static let lineEnd: [UInt8] = [0x0D, 0x0A]
    private static let quote = UInt8(ascii: "\"")
    private static let apostrophe = UInt8(ascii: "'")

    /// The field with an apostrophe before what a spreadsheet takes for the beginning of a formula, so that it is text to it
    /// (https://owasp.org/www-community/attacks/CSV_Injection).
    static func safe(_ field: [UInt8]) -> [UInt8] { beginsFormula(field.first) ? [apostrophe] + field : field }

    private static func beginsFormula(_ byte: UInt8?) -> Bool { byte.map { "=+-@\t\r".utf8.contains($0) } ?? false }

    /// Appends one field of valid UTF-8.
    static func append(_ field: [UInt8], to line: inout [UInt8]) {
        guard field.contains(where: isSpecial) else { return line.append(contentsOf: field) }
        line.append(quote)
        for byte in field {
            switch byte {
            case quote: line.append(contentsOf: [quote, quote])
            case 0: line.append(contentsOf: "\u{FFFD}".utf8)
            default: line.append(byte)
            }
        }
        line.append(quote)
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == quote || byte == UInt8(ascii: ",") || byte == 0x0D || byte == 0x0A || byte == 0
    }

    /// Writes a body as one field, piece by piece because it may be larger than memory.
    static func write(_ body: Body, isSafe: Bool, into sink: any ByteSink) throws {
        try sink.write("\"")
        if isSafe, beginsFormula(try body.first) { try sink.write([apostrophe]) }
        try body.forEachPiece { piece in
            var rest = piece[...]
            while let position = rest.firstIndex(of: quote) {
                try sink.write(UnsafeRawBufferPointer(rebasing: rest[...position]))
                try sink.write("\"")
                rest = rest[(position + 1)...]
            }
            try sink.write(UnsafeRawBufferPointer(rebasing: rest))
        }
        try sink.write("\"")
    }
}

extension Body {
    /// The first byte; nil where there is none.
    var first: UInt8? {
        get throws {
            var first: UInt8?
            try forEachPiece { first = first ?? $0.first }
            return first
        }
    }
}
