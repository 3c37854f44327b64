// Records as bytes. A block is read twice: its digests stand before it.

import FetchKit

/// Writes one record after the other, each a gzip member of its own or plain.
final class RecordEncoder {
    private let gzip: GzipEncoder?
    private static let lineEnds = Array("\r\n\r\n".utf8)

    init(compresses: Bool) { gzip = compresses ? GzipEncoder() : nil }

    /// Returns the digest of the payload as the wire had it, where the record or the index tells it.
    @discardableResult
    func encode(_ record: WARCRecord, into sink: any ByteSink) throws -> String? {
        var blockDigest = Digest()
        var payloadDigest = record.hasPayloadDigest || record.entry != nil ? Digest() : nil
        record.head.withUnsafeBytes { blockDigest.update($0) }
        try record.payload.forEachPiece {
            blockDigest.update($0)
            payloadDigest?.update($0)
        }
        let digest = payloadDigest?.finish()
        record.add("WARC-Block-Digest", blockDigest.finish())
        if record.hasPayloadDigest { record.add("WARC-Payload-Digest", digest) }
        record.add("Content-Length", String(record.head.count + record.payload.count))
        gzip?.beginMember(record.head.count + record.payload.count)
        try record.fields.text.withUnsafeBytes { try write($0, into: sink) }
        try Self.lineEnds.prefix(2).withUnsafeBytes { try write($0, into: sink) }
        try record.head.withUnsafeBytes { try write($0, into: sink) }
        try record.payload.forEachPiece { try write($0, into: sink) }
        try Self.lineEnds.withUnsafeBytes { try write($0, into: sink) }
        try gzip?.endMember(into: sink)
        return digest
    }

    private func write(_ bytes: UnsafeRawBufferPointer, into sink: any ByteSink) throws {
        if let gzip { try gzip.encode(bytes, into: sink) } else { try sink.write(bytes) }
    }
}
