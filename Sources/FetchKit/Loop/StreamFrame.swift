// What libcurl's trace says of HTTP/2 frames. The end of a body without a length is proved by END_STREAM, and libcurl calls one that
// the server has given up with RST_STREAM(NO_ERROR) a success as well (RFC 9113 section 8.1); its trace alone tells them apart
// (curl_global_trace, "http/2"; libcurl 8.3 or newer).

/// A line of the trace about one stream.
struct StreamFrame: Equatable {
    enum Kind: Equatable {
        /// A frame with END_STREAM came.
        case end
        /// RST_STREAM came.
        case reset
        /// The transfer itself reads from its stream.
        case read
    }

    let stream: Int
    let kind: Kind

    /// nil for lines that say nothing else: `[HTTP/2] [1] <- FRAME[DATA, len=0, eos=1, padlen=0]` is the end of stream 1.
    init?(_ line: UnsafeRawBufferPointer) {
        // All others are passed over without a copy: there are many.
        guard line.count < 256, line.starts(with: "[HTTP/2".utf8), let bracket = line.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let rest = line[(bracket + 1)...].drop { $0 == UInt8(ascii: " ") }
        guard rest.first == UInt8(ascii: "[") else { return nil }
        let digits = rest.dropFirst().prefix { $0 &- 48 < 10 }
        guard (1...9).contains(digits.count), digits.endIndex < rest.endIndex, rest[digits.endIndex] == UInt8(ascii: "]") else {
            return nil
        }
        let text = String(decoding: rest[(digits.endIndex + 1)...], as: UTF8.self)
        if text.hasPrefix(" cf_recv(") {
            kind = .read
        } else if text.hasPrefix(" <- FRAME[RST_STREAM") {
            kind = .reset
        } else if text.hasPrefix(" <- FRAME["), text.contains("eos=1") {
            kind = .end
        } else {
            return nil
        }
        stream = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}
