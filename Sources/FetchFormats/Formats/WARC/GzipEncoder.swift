// gzip in members (RFC 1952): each record of a WARC file is one, so that a reader can begin at any record.

import CZlib

/// Packs one member after the other.
final class GzipEncoder {
    private let large: Compressor
    private let small: Compressor
    private var current: Compressor
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    init() {
        // Level 6 and memory level 8 are gzip's own, with 15 bits of window.
        large = Compressor(windowBits: 15, memoryLevel: 8)
        // A table of 64 KB is cleared for each member. One of 8 KB does for what is little more than that.
        small = Compressor(windowBits: 13, memoryLevel: 5)
        current = large
    }

    deinit { output.deallocate() }

    /// Begins a member of about that many bytes.
    func beginMember(_ size: Int) {
        current = size > 8 << 10 ? large : small
        emptyOutput()
    }

    /// Adds bytes to the member at hand.
    func encode(_ bytes: UnsafeRawBufferPointer, into sink: any ByteSink) throws {
        let stream = current.stream
        var rest = bytes
        while !rest.isEmpty {
            // zlib counts in 32 bits.
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            // zlib declares its input without const and never writes to it.
            stream.pointee.next_in = UnsafeMutableRawPointer(mutating: piece.baseAddress)?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(piece.count)
            while stream.pointee.avail_in > 0 {
                deflate(stream, Z_NO_FLUSH)
                if stream.pointee.avail_out == 0 { try writeOutput(sink) }
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[piece.count...])
        }
    }

    /// Ends the member.
    func endMember(into sink: any ByteSink) throws {
        while deflate(current.stream, Z_FINISH) != Z_STREAM_END { try writeOutput(sink) }
        try writeOutput(sink)
        deflateReset(current.stream)
    }

    private func writeOutput(_ sink: any ByteSink) throws {
        let count = output.count - Int(current.stream.pointee.avail_out)
        emptyOutput()
        try sink.write(UnsafeRawBufferPointer(rebasing: output[..<count]))
    }

    private func emptyOutput() {
        current.stream.pointee.next_out = output.baseAddress!.assumingMemoryBound(to: UInt8.self)
        current.stream.pointee.avail_out = UInt32(output.count)
    }
}

/// One of zlib's compressors.
private final class Compressor {
    let stream: UnsafeMutablePointer<z_stream>

    /// `memoryLevel` is what zlib calls so: how large its tables are (zlib manual, deflateInit2).
    init(windowBits: CInt, memoryLevel: CInt) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // + 16: with a gzip header and trailer.
        let code = czlib_deflate_init(stream, 6, windowBits + 16, memoryLevel)
        precondition(code == Z_OK, "zlib: out of memory")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }
}
