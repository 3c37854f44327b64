// Base64 (RFC 4648 section 4).

import CNettle
import FetchKit

/// An encoder of bytes that come in pieces, and a decoder of whole text.
struct Base64 {
    private var context = base64_encode_ctx()

    init() { nettle_base64_encode_init(&context) }

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var encoder = Base64()
        return bytes.withUnsafeBytes { encoder.encode($0) } + encoder.finish()
    }

    mutating func encode(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        // Four bits may have been left before.
        append(room: (bytes.count * 8 + 4) / 6) { context, text in
            nettle_base64_encode_update(context, text, bytes.count, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
    }

    mutating func finish() -> [UInt8] { append(room: 3) { nettle_base64_encode_final($0, $1) } }

    /// Nil for text that is not base64, to the end.
    static func decode(_ text: String) -> [UInt8]? {
        // Nettle passes over blanks.
        guard text.utf8.allSatisfy({ $0 > 0x20 }) else { return nil }
        var context = base64_decode_ctx()
        nettle_base64_decode_init(&context)
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: (text.utf8.count + 1) * 6 / 8 + 1) { buffer, count in
            isValid = nettle_base64_decode_update(&context, &count, buffer.baseAddress, text.utf8.count, text) == 1
            if !isValid { count = 0 }
        }
        return isValid && nettle_base64_decode_final(&context) == 1 ? bytes : nil
    }

    private mutating func append(
        room: Int, _ encode: (UnsafeMutablePointer<base64_encode_ctx>, UnsafeMutablePointer<CChar>) -> Int
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(1, room)) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) { encode(&context, $0.baseAddress!) }
        }
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
