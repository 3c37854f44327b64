// One HTTP exchange as a state machine: the lines of a head, the bytes of a body and the end of the transfer go in, decoded bytes and
// a verdict come out. No socket, no clock and no libcurl in it, so that its rules are tested as tables of bytes.

/// The state of one exchange, from the first line of its response to the proof that the body is whole.
///
/// Interim heads, and heads whose challenge the layer below answers by itself, are replaced by the next one. The layer below undoes
/// chunks, unless the body is recorded as it came.
package struct TransferState: ~Copyable {
    package let rules: TransferRules
    private(set) var head = HeadParser()
    /// Whether it is settled what happens to the body, because it has begun or because there is none.
    private var hasBegun = false
    /// Received, and of no interest to anybody.
    private(set) var isDiscarded = false
    private var keepsDecoded = false
    private(set) var chunks: ChunkedDecoder?
    private(set) var gzip: GzipDecoder?
    private var hash: SHA256?
    private var end: End?

    /// Body bytes as they came.
    package private(set) var receivedBytes: Int64 = 0
    /// Body bytes after decoding.
    package private(set) var deliveredBytes: Int64 = 0
    /// Why nothing more of the response is taken. The first reason stays.
    package private(set) var failure: FetchError?
    /// What became of the exchange; nil before its end, and as long as decoded bytes wait for room.
    package private(set) var verdict: Verdict?

    package init(_ rules: TransferRules) {
        self.rules = rules
        if rules.isHashed { hash = SHA256() }
    }

    // MARK: Head

    /// Takes one line of a head or of the trailers, with its line end.
    package mutating func receiveHead(_ line: UnsafeRawBufferPointer) -> Answer {
        if hasBegun, head.isComplete { head.countTrailer(line) } else { head.receive(line) }
        guard let excess = head.excess else { return .take }
        fail(excess.error)
        return .abort
    }

    /// How far the response has come; `start` when nothing of it is here.
    package var reached: TransferProgress { head.isComplete ? .head : head.isPartial ? .partOfHead : .start }

    /// The final head, once it is complete.
    package var response: ResponseHead? { head.isComplete && head.statusCode >= 100 ? head.head : nil }

    // MARK: Body

    /// Settles what happens to the body, now that its first bytes are here. Returns whether this is the first call.
    package mutating func beginBody() -> Bool {
        guard !hasBegun else { return false }
        begin()
        if let limit = rules.maxSize, let length = head.contentLength, length > limit { failure = .tooLarge(limit) }
        return true
    }

    private mutating func begin() {
        hasBegun = true
        guard head.isComplete else { return fail(.malformed("the response has a body before the end of its head")) }
        failure = failure ?? codingDefect ?? rangeDefect ?? headDefect
        // What a server says about a range that it does not have is no part of the body.
        isDiscarded = (rules.resumption != nil && head.statusCode == 416) || (isFollowed && !rules.recordsWire)
        guard hasContent, !isDiscarded else { return }
        if rules.recordsWire, head.isChunked, head.isHTTP1 { chunks = ChunkedDecoder() }
        if rules.offersGzip, head.isGzip { gzip = GzipDecoder() }
        keepsDecoded = !rules.recordsWire && isKept
    }

    /// How many bytes the sink will get, if that is known.
    package var expectedBytes: Int64? { keepsDecoded && gzip == nil ? head.contentLength : nil }

    /// Takes all the bytes, unless it says otherwise. `scratch` is where the decoder writes; nothing is kept there.
    package mutating func receiveBody(
        _ bytes: UnsafeRawBufferPointer, into sink: inout some BodySink & ~Copyable, scratch: UnsafeMutableRawBufferPointer
    ) -> Answer {
        _ = beginBody()
        if failure != nil { return .abort }
        if isAwaitingRoom || sink.isFull { return .pause }
        receivedBytes += Int64(bytes.count)
        if isDiscarded { return .take }
        if rules.recordsWire { sink.append(bytes) }
        if var chunks {
            chunks.decode(bytes) { decode($0, into: &sink, scratch) }
            switch chunks.state {
            case .failed: fail(.damagedChunks)
            case .overLimit: fail(.tooMuch("chunk extensions or trailers are larger than \(ChunkedDecoder.mostLineBytes >> 10) KiB"))
            default: break
            }
            self.chunks = chunks
        } else {
            decode(bytes, into: &sink, scratch)
        }
        return failure == nil ? .take : .abort
    }

    /// Whether decoded bytes wait for room in the sink. Nothing more is taken, and there is no verdict, until `resume` has passed them on.
    package var isAwaitingRoom: Bool { failure == nil && gzip?.hasPending ?? false }

    /// Decodes what waited for room, as far as there is some now.
    package mutating func resume(into sink: inout some BodySink & ~Copyable, scratch: UnsafeMutableRawBufferPointer) {
        guard let gzip, isAwaitingRoom, !sink.isFull else { return }
        gzip.resume(scratch: scratch) { deliver($0, into: &sink) }
        noteFailure(of: gzip)
        judge()
    }

    /// Undoes the content coding.
    private mutating func decode(
        _ bytes: UnsafeRawBufferPointer, into sink: inout some BodySink & ~Copyable, _ scratch: UnsafeMutableRawBufferPointer
    ) {
        guard failure == nil else { return }
        guard let gzip else { return _ = deliver(bytes, into: &sink) }
        gzip.decode(bytes, scratch: scratch) { deliver($0, into: &sink) }
        noteFailure(of: gzip)
    }

    private mutating func noteFailure(of gzip: GzipDecoder) {
        if case .failed(let reason) = gzip.state { fail(.undecodable("Error while decoding gzip: \(reason)")) }
    }

    /// Takes decoded bytes; returns whether more may come now.
    private mutating func deliver(_ bytes: UnsafeRawBufferPointer, into sink: inout some BodySink & ~Copyable) -> Bool {
        deliveredBytes += Int64(bytes.count)
        if let excess {
            fail(excess)
            return false
        }
        hash?.update(bytes)
        guard keepsDecoded else { return true }
        sink.append(bytes)
        return !sink.isFull
    }

    /// Why the body is too much.
    private var excess: FetchError? {
        if let limit = rules.maxSize, deliveredBytes > limit { return .tooLarge(limit) }
        if let ratio = rules.maxCompressionRatio, gzip != nil, deliveredBytes > 10 << 20, deliveredBytes > receivedBytes * Int64(ratio) {
            return .compressionBomb(ratio)
        }
        return nil
    }

    private var isKept: Bool {
        switch rules.kept {
        case .all: true
        case .successful: head.statusCode < 400
        case .none: false
        }
    }

    // MARK: End

    /// The verdict, once: it is handed on and not copied.
    package mutating func takeVerdict() -> Verdict? { verdict.take() }

    /// Gives the response up; a reason from outside is one like any other.
    package mutating func fail(_ error: FetchError) {
        failure = failure ?? error
        judge()
    }

    /// Takes the end of the exchange. What has ended well can still be cancelled.
    package mutating func end(_ end: End) {
        if let verdict {
            self.verdict!.error = verdict.error ?? error(at: end)
            return
        }
        if !hasBegun, head.isComplete { begin() }
        self.end = end
        judge()
    }

    private mutating func judge() {
        guard let end, verdict == nil else { return }
        let error = error(at: end)
        if error == nil, isAwaitingRoom { return }
        var verdict = Verdict(error: error, receivedBytes: receivedBytes, deliveredBytes: deliveredBytes)
        if error == nil, case .success(let stream) = end {
            verdict.error = decodingDefect
            verdict.isCutGzip = verdict.error != nil && !rules.recordsWire
            verdict.isLengthUnproved = verdict.error == nil && isLengthUnproved(stream)
        }
        verdict.location = target
        verdict.contentRange = head.contentRange
        // Of the rest of a body alone it would be the hash of nothing that anybody has.
        if rules.resumption == nil || head.statusCode != 206 { verdict.hash = hash?.finish() }
        self.verdict = verdict
        // It is large.
        gzip = nil
    }

    /// What is wrong, as long as the content coding is not.
    private func error(at end: End) -> FetchError? {
        switch end {
        case .cancelled: .cancelledInFlight
        case .failure(let error): failure ?? error
        case .success(let stream):
            failure ?? (head.isComplete ? lengthDefect(stream) : .truncated("the response ends within its head"))
        }
    }
}
