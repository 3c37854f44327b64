// What libcurl's trace says of streams. The end of a body without a length is proved by END_STREAM (over HTTP/3, FIN), and libcurl
// calls one that the server has given up with RST_STREAM(NO_ERROR) or RESET_STREAM(H3_NO_ERROR) a success as well (RFC 9113 section
// 8.1, RFC 9114 section 4.1); its trace alone tells them apart (curl_global_trace, "http/2" and "http/3"; libcurl 8.3 or newer).

/// A line of the trace about one stream.
struct StreamFrame: Equatable {
    enum Kind: Equatable {
        /// A frame with END_STREAM came; over HTTP/3 the stream was closed, which comes after `reset` where that came.
        case end
        /// RST_STREAM or RESET_STREAM came.
        case reset
        /// The transfer itself reads from its stream.
        case read
    }

    let stream: Int
    let kind: Kind

    /// nil for lines that say nothing else: `[HTTP/2] [1] <- FRAME[DATA, len=0, eos=1, padlen=0]` is the end of stream 1, and so is
    /// `[HTTP/3] [4] CLOSED` of stream 4, unless `[HTTP/3] [4] reset -> 0` came before.
    init?(_ line: UnsafeRawBufferPointer) {
        // All others are passed over without a copy: there are many.
        guard line.count < 256, line.count > 6, line.starts(with: "[HTTP/".utf8), let bracket = line.firstIndex(of: UInt8(ascii: "]"))
        else { return nil }
        let rest = line[(bracket + 1)...].drop { $0 == UInt8(ascii: " ") }
        guard rest.first == UInt8(ascii: "[") else { return nil }
        let digits = rest.dropFirst().prefix { $0 &- 48 < 10 }
        guard (1...9).contains(digits.count), digits.endIndex < rest.endIndex, rest[digits.endIndex] == UInt8(ascii: "]") else {
            return nil
        }
        let text = String(decoding: rest[(digits.endIndex + 1)...], as: UTF8.self)
        let isHTTP3 = line[6] == UInt8(ascii: "3")
        if text.hasPrefix(" cf_recv(") {
            kind = .read
        } else if text.hasPrefix(isHTTP3 ? " reset -> " : " <- FRAME[RST_STREAM") {
            kind = .reset
        } else if isHTTP3 ? text.hasPrefix(" CLOSED") : text.hasPrefix(" <- FRAME[") && text.contains("eos=1") {
            kind = .end
        } else {
            return nil
        }
        stream = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}

/// How the stream of one transfer ends: frames that come before its number is known are kept.
struct StreamWatch {
    private static let mostEarlyFrames = 256

    private var number: Int?
    private var earlyFrames: [StreamFrame] = []
    private(set) var end: TransferState.StreamEnd?

    mutating func note(_ frame: StreamFrame) {
        if let number {
            if frame.stream == number { end = end ?? (frame.kind == .end ? .end : .reset) }
        } else if earlyFrames.count < Self.mostEarlyFrames {
            earlyFrames.append(frame)
        }
    }

    /// The transfer reads from the stream of that number.
    mutating func learn(_ number: Int) {
        guard self.number == nil else { return }
        self.number = number
        for frame in earlyFrames { note(frame) }
        earlyFrames = []
    }
}
