// gzip in members (RFC 1952): each record of a WARC file is one, so that a reader can begin at any record.

import CZlib

/// Packs one member after the other, with one compressor.
final class GzipEncoder {
    private let stream: UnsafeMutablePointer<z_stream>
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Level 6 and memory level 8 are gzip's own; 15 bits of window, + 16: with a gzip header and trailer (zlib manual, deflateInit2).
        let code = czlib_deflate_init(stream, 6, 15 + 16, 8)
        precondition(code == Z_OK, "zlib: out of memory")
        emptyOutput()
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// Adds bytes to the member at hand.
    func encode(_ bytes: UnsafeRawBufferPointer, into sink: any ByteSink) throws {
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

    /// Ends the member; the next bytes begin another.
    func endMember(into sink: any ByteSink) throws {
        while deflate(stream, Z_FINISH) != Z_STREAM_END { try writeOutput(sink) }
        try writeOutput(sink)
        deflateReset(stream)
    }

    private func writeOutput(_ sink: any ByteSink) throws {
        let count = output.count - Int(stream.pointee.avail_out)
        emptyOutput()
        try sink.write(UnsafeRawBufferPointer(rebasing: output[..<count]))
    }

    private func emptyOutput() {
        stream.pointee.next_out = output.baseAddress!.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
    }
}
