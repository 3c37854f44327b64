// The inside of a CSV file as bytes.

import FetchKit

/// Fields of a line.
enum CSVText {
    static let lineEnd: [UInt8] = [0x0D, 0x0A]
    private static let quote = UInt8(ascii: "\"")
    private static let apostrophe = UInt8(ascii: "'")

    /// Puts an apostrophe before what a spreadsheet takes for the beginning of a formula, so that it is text to it
    /// (https://owasp.org/www-community/attacks/CSV_Injection).
    static func makeSafe(_ line: inout ByteBuffer, from start: Int) {
        guard line.count > start, beginsFormula(line[start]) else { return }
        let field = line.takeBytes(from: start)
        line.append(apostrophe)
        line.append(field)
    }

    private static func beginsFormula(_ byte: UInt8?) -> Bool { byte.map { "=+-@\t\r".utf8.contains($0) } ?? false }

    /// Quotes the field of valid UTF-8 that the line has from `start` on, if it must be.
    static func quote(_ line: inout ByteBuffer, from start: Int) {
        guard line.contains(from: start, where: isSpecial) else { return }
        let field = line.takeBytes(from: start)
        line.append(quote)
        for byte in field {
            switch byte {
            case quote: line.append("\"\"")
            case 0: line.append("\u{FFFD}")
            default: line.append(byte)
            }
        }
        line.append(quote)
    }

    /// Quotes, commas, line ends and NUL, one bit for each.
    private static let special: UInt64 = 1 << 0x22 | 1 << 0x2C | 1 << 0x0D | 1 << 0x0A | 1

    private static func isSpecial(_ byte: UInt8) -> Bool { byte < 64 && special >> UInt64(byte) & 1 == 1 }

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
