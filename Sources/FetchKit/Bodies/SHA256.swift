// A hash over a body that passes by, by Nettle (https://www.lysator.liu.se/~nisse/nettle/nettle.html#Hash-functions).

internal import CNettle

/// SHA-256 (FIPS 180-4), fed piece by piece.
package final class SHA256 {
    private var context = sha256_ctx()

    package init() { nettle_sha256_init(&context) }

    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        let hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.finish()
    }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        nettle_sha256_update(&context, bytes.count, start.assumingMemoryBound(to: UInt8.self))
    }

    /// The 32 bytes, of everything since the last time.
    package func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            nettle_sha256_digest(&context, 32, buffer.baseAddress)
            count = 32
        }
    }
}
