// gzip, decoded and proved by us: libcurl calls a gzip body that was cut short a success, and a valid one of two members an
// error (RFC 1952 section 2.2 allows any number of members).

internal import CZlib

/// An incremental decoder of `Content-Encoding: gzip`.
final class GzipDecoder {
    enum State: Equatable {
        /// Inside a member, or before the first.
        case inMember
        /// A member ended, its checksum and length right; another may follow.
        case atMemberEnd
        /// Not gzip, or damaged.
        case failed(String)
    }

    private(set) var state = State.inMember
    /// Compressed bytes that wait for room behind the decoder.
    private var pending: [UInt8] = []
    /// True when zlib filled the scratch buffer to the brim and may hold more.
    private var holdsOutput = false
    private var hasStarted = false
    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, + 16: a gzip header and trailer are required and checked (zlib manual, inflateInit2).
        let code = czlib_inflate_init(stream, 15 + 16)
        precondition(code == Z_OK, "zlib: out of memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Whether `resume` has something to do.
    var hasPending: Bool { holdsOutput || !pending.isEmpty }

    /// Whether the body may end here: at the end of a member, or before anything came.
    var isComplete: Bool { state == .atMemberEnd || (!hasStarted && state == .inMember) }

    /// Decodes bytes and hands them on piece by piece until `deliver` says no; what is left waits for `resume`.
    func decode(
        _ bytes: UnsafeRawBufferPointer, scratch: UnsafeMutableRawBufferPointer, deliver: (UnsafeRawBufferPointer) -> Bool
    ) {
        hasStarted = hasStarted || !bytes.isEmpty
        var rest = bytes
        while !rest.isEmpty || holdsOutput {
            if case .failed = state { return }
            if state == .atMemberEnd {
                // Zero bytes may pad the last member (gzip(1)); anything else must be another member.
                if rest.first == 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
                    continue
                }
                inflateReset(stream)
                state = .inMember
            }
            let (used, produced) = inflate(rest, into: scratch)
            rest = UnsafeRawBufferPointer(rebasing: rest[used...])
            if produced > 0 && !deliver(UnsafeRawBufferPointer(rebasing: scratch[..<produced])) {
                pending.append(contentsOf: rest)
                return
            }
        }
    }

    /// Goes on with what waits.
    func resume(scratch: UnsafeMutableRawBufferPointer, deliver: (UnsafeRawBufferPointer) -> Bool) {
        let waiting = pending
        pending = []
        waiting.withUnsafeBytes { decode($0, scratch: scratch, deliver: deliver) }
    }

    private func inflate(
        _ bytes: UnsafeRawBufferPointer, into scratch: UnsafeMutableRawBufferPointer
    ) -> (used: Int, produced: Int) {
        // zlib declares its input without const and never writes to it.
        let input = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        stream.pointee.next_in = input?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(bytes.count)
        stream.pointee.next_out = scratch.baseAddress!.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(scratch.count)
        let code = CZlib.inflate(stream, Z_NO_FLUSH)
        switch code {
        case Z_STREAM_END: state = .atMemberEnd
        case Z_OK, Z_BUF_ERROR: break
        default: state = .failed(stream.pointee.msg.map { String(cString: $0) } ?? "damaged gzip data")
        }
        holdsOutput = code == Z_OK && stream.pointee.avail_out == 0
        return (bytes.count - Int(stream.pointee.avail_in), scratch.count - Int(stream.pointee.avail_out))
    }
}
