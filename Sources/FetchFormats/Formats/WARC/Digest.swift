// The digests of records: SHA-1 in Base32, because that is what every tool for WARC files reads (RFC 3174, RFC 4648 section 6).

import CNettle

/// A digest over bytes that come in pieces.
struct Digest {
    private var context = sha1_ctx()

    init() { nettle_sha1_init(&context) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        nettle_sha1_update(&context, bytes.count, start.assumingMemoryBound(to: UInt8.self))
    }

    /// `sha1:` and 32 letters.
    mutating func finish() -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { hash in
            nettle_sha1_digest(&context, 20, hash.baseAddress)
            let letters: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
            var text = ByteBuffer(capacity: 40)
            text.append("sha1:")
            // Five bytes are eight letters.
            for group in 0..<4 {
                var bits: UInt64 = 0
                for place in 0..<5 { bits = bits << 8 | UInt64(hash[group * 5 + place]) }
                for letter in 0..<8 { text.append(letters.utf8Start[Int(bits >> UInt64(35 - letter * 5)) & 31]) }
            }
            return text.string
        }
    }
}
