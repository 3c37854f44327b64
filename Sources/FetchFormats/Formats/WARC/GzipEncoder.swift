// gzip in members (RFC 1952): each record of a WARC file is one, so that a reader can begin at any record.

import CDeflate
import CZlib

/// Packs one member after the other.
final class GzipEncoder {
    /// A member of up to that many bytes is gathered and packed at once.
    private static let mostGathered = 256 << 10

    private let compressor: OpaquePointer
    private var gathered = ByteBuffer()
    private var packed = ByteBuffer()
    /// Packs the member at hand if it is a large one.
    private var stream: GzipStream?

    init() {
        // Level 1 of libdeflate comes within 2 % of the size that level 6 of zlib makes of records of 1 to 30 KB, at a half to a
        // quarter of the cost.
        guard let compressor = libdeflate_alloc_compressor(1) else { preconditionFailure("libdeflate: out of memory") }
        self.compressor = compressor
    }

    deinit { libdeflate_free_compressor(compressor) }

    /// Begins a member of about that many bytes. What there is of one that never ended is dropped.
    func beginMember(_ size: Int) {
        gathered.removeAll()
        stream = size > Self.mostGathered ? GzipStream() : nil
    }

    /// Adds bytes to the member at hand.
    func encode(_ bytes: UnsafeRawBufferPointer, into sink: any ByteSink) throws {
        if let stream { try stream.encode(bytes, into: sink) } else { gathered.append(bytes) }
    }

    /// Ends the member.
    func endMember(into sink: any ByteSink) throws {
        if let stream { return try stream.end(into: sink) }
        packed.removeAll()
        gathered.withUnsafeBytes { bytes in
            let most = libdeflate_gzip_compress_bound(compressor, bytes.count)
            packed.append(upTo: most) { libdeflate_gzip_compress(compressor, bytes.baseAddress, bytes.count, $0, most) }
        }
        try packed.withUnsafeBytes { try sink.write($0) }
    }
}

/// One member that is packed while it goes by.
private final class GzipStream {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    init() {
        stream.initialize(to: z_stream())
        // Level, window and memory level (zlib manual, deflateInit2) are gzip's own. + 16: with a gzip header and trailer.
        let code = czlib_deflate_init(stream, 6, 15 + 16, 8)
        precondition(code == Z_OK, "zlib: out of memory")
        emptyOutput()
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

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

    func end(into sink: any ByteSink) throws {
        while deflate(stream, Z_FINISH) != Z_STREAM_END { try writeOutput(sink) }
        try writeOutput(sink)
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
