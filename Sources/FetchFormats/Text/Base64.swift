// Base64 of bytes that come in pieces (RFC 4648 section 4).

import CNettle
import FetchKit

/// An incremental encoder.
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
