// Base64 of bytes that come in pieces (RFC 4648 section 4).

import FetchKit

/// An incremental encoder.
struct Base64 {
    /// At most two bytes that do not fill a group yet.
    private var rest: [UInt8] = []
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var encoder = Base64()
        return bytes.withUnsafeBytes { encoder.encode($0) } + encoder.finish()
    }

    mutating func encode(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 3 * 4 + 8)
        var position = 0
        while !rest.isEmpty && rest.count < 3 && position < bytes.count {
            rest.append(bytes[position])
            position += 1
        }
        if rest.count == 3 {
            Self.append(rest[0], rest[1], rest[2], to: &text)
            rest = []
        }
        while position + 3 <= bytes.count {
            Self.append(bytes[position], bytes[position + 1], bytes[position + 2], to: &text)
            position += 3
        }
        rest.append(contentsOf: bytes[position...])
        return text
    }

    mutating func finish() -> [UInt8] {
        guard !rest.isEmpty else { return [] }
        var text: [UInt8] = []
        Self.append(rest[0], rest.count > 1 ? rest[1] : 0, 0, to: &text)
        for position in (rest.count + 1)..<4 { text[position] = UInt8(ascii: "=") }
        rest = []
        return text
    }

    private static func append(_ a: UInt8, _ b: UInt8, _ c: UInt8, to text: inout [UInt8]) {
        let group = Int(a) << 16 | Int(b) << 8 | Int(c)
        for shift in [18, 12, 6, 0] { text.append(alphabet[group >> shift & 63]) }
    }
}

extension ByteSink {
    /// Writes a body, piece by piece because it may be larger than memory.
    func write(base64 body: Body) throws {
        var encoder = Base64()
        try body.forEachPiece { try write(encoder.encode($0)) }
        try write(encoder.finish())
    }
}
