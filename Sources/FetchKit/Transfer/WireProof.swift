// The proof of a body that is kept as it came: chunks and gzip are undone beside it, counted and forgotten.

/// Follows one body on the wire.
final class WireProof {
    private var chunks: ChunkedDecoder?
    private let gzip: GzipDecoder?
    private let hash: SHA256?
    /// Bytes after all codings are undone.
    private(set) var deliveredBytes: Int64 = 0

    /// `hash` is fed with what is left when all codings are undone.
    init(isChunked: Bool, isGzip: Bool, hash: SHA256?) {
        self.hash = hash
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
        guard let gzip else { return deliver(bytes) }
        gzip.decode(bytes, scratch: scratch) { piece in
            deliver(piece)
            return true
        }
    }

    private func deliver(_ bytes: UnsafeRawBufferPointer) {
        deliveredBytes += Int64(bytes.count)
        hash?.update(bytes)
    }

    /// What is wrong so far.
    var defect: FetchError? {
        if chunks?.state == .failed { return FetchError(.protocolViolation, "the response has damaged chunks", curlCode: 56) }
        if let gzip, case .failed(let reason) = gzip.state { return .undecodable("Error while decoding gzip: \(reason)") }
        return nil
    }

    /// What is wrong with it as a whole, now that nothing more comes.
    var defectAtEnd: FetchError? {
        if let defect { return defect }
        if let chunks, chunks.state != .done { return .truncated("the response ends before its last chunk") }
        if let gzip, !gzip.isComplete { return .truncated("the gzip body ends before its end") }
        return nil
    }
}
