// The proof of a body that is kept as it came: chunks and gzip are undone beside it, counted and forgotten.

/// Follows one body on the wire.
final class WireProof {
    private var chunks: ChunkedDecoder?
    private let gzip: GzipDecoder?
    /// Bytes after all codings are undone.
    private(set) var deliveredBytes: Int64 = 0

    init(isChunked: Bool, isGzip: Bool) {
        chunks = isChunked ? ChunkedDecoder() : nil
        gzip = isGzip ? GzipDecoder() : nil
    }

    /// Whether the body itself tells where it ends.
    var provesEnd: Bool { chunks != nil || gzip != nil }

    func take(_ bytes: UnsafeRawBufferPointer, scratch: UnsafeMutableRawBufferPointer) {
        if chunks == nil { return unpack(bytes, scratch) }
        chunks!.decode(bytes) { unpack($0, scratch) }
    }

    private func unpack(_ bytes: UnsafeRawBufferPointer, _ scratch: UnsafeMutableRawBufferPointer) {
        guard let gzip else { return deliveredBytes += Int64(bytes.count) }
        gzip.decode(bytes, scratch: scratch) { piece in
            deliveredBytes += Int64(piece.count)
            return true
        }
    }

    /// What is wrong so far.
    var flaw: FetchError? {
        if chunks?.state == .failed { return FetchError(.protocolViolation, "the response has damaged chunks", curlCode: 56) }
        if let gzip, case .failed(let reason) = gzip.state { return .undecodable("Error while decoding gzip: \(reason)") }
        return nil
    }

    /// What is wrong with it as a whole, now that nothing more comes.
    var flawAtEnd: FetchError? {
        if let flaw { return flaw }
        if let chunks, chunks.state != .done { return .truncated("the response ends before its last chunk") }
        if let gzip, !gzip.isComplete { return .truncated("the gzip body ends before its end") }
        return nil
    }
}
