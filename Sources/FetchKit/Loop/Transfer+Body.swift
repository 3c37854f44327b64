// The body of a transfer: from libcurl's callback through decoding and limits into the collector, and on to whoever takes it in
// parts.

internal import CCurl

extension Transfer {
    /// Returns how many bytes were taken: all, or none and libcurl's word for "later".
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        engine.madeProgress()
        if case .waiting = body {
            beginBody()
            if let limit = setup.configuration.bodies.maxSize, let length = head.contentLength, length > limit {
                failure = .tooLarge(limit)
            }
        }
        if failure != nil {
            closeConnection()
            return 0
        }
        if isFull {
            isPaused = true
            if !isStreaming { engine.starve(self) }
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        if !engine.admits(self, bytes: bytes.count) {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        wireBytes += Int64(bytes.count)
        engine.received(bytes.count)
        switch body {
        case .waiting, .discarded: break
        case .plain: _ = deliver(bytes)
        case .wire(let proof):
            collector.append(bytes)
            proof.take(bytes, scratch: engine.decodeBuffer)
            failure = proof.defect ?? excess(delivered: proof.deliveredBytes, isCompressed: true)
        case .gzip(let decoder):
            decoder.decode(bytes, scratch: engine.decodeBuffer, deliver: deliver)
            if case .failed(let reason) = decoder.state { failure = .undecodable("Error while decoding gzip: \(reason)") }
        }
        if failure != nil { closeConnection() }
        return failure == nil ? bytes.count : 0
    }

    /// What is left of an answer that nobody wants must not come either.
    private func closeConnection() {
        handle.forbidReuse(true)
    }

    func beginBody() {
        // Small ones come at once, and a sum of many lies would overflow.
        if !isDone, let length = head.contentLength, (1 << 20..<1 << 50).contains(length) { engine.expect(length) }
        if head.isComplete { failure = failure ?? defectOfHead() }
        if let resumption = request.resumption, head.statusCode == 206, !head.continues(resumption) {
            failure = .otherRange(than: resumption)
        }
        // What a server says about a range that it does not have is no part of the body.
        if request.resumption != nil, head.statusCode == 416 { return body = .discarded }
        if setup.configuration.recording.contains(.wire) {
            let isGzip = setup.offersGzip(request.headers) && head.isGzip
            // Over HTTP/2 and HTTP/3 there are no chunks.
            let isChunked = head.isChunked && head.head.httpVersion.hasPrefix("1") && hasContent
            return body = .wire(WireProof(isChunked: isChunked, isGzip: isGzip, hash: hash))
        }
        if request.followsRedirect && head.isRedirect {
            body = .discarded
        } else if !hasContent || !setup.offersGzip(request.headers) || head.contentCodings.isEmpty {
            body = .plain
        } else if head.isGzip {
            body = .gzip(GzipDecoder())
        } else if head.statusCode >= 400 {
            // A failure by its status already, whatever is in its page.
            body = .plain
        } else {
            body = .plain
            let names = head.contentCodings.joined(separator: ", ")
            failure = .undecodable("Unrecognized content encoding type: \(names); only gzip was offered")
        }
        if case .plain = body, let length = head.contentLength, keepsBody { collector.expect(Int(clamping: length)) }
    }

    private var keepsBody: Bool {
        switch setup.configuration.bodies.kept {
        case .all: true
        case .successful: head.statusCode < 400
        case .none: false
        }
    }

    /// Takes decoded bytes; returns whether more may come now.
    private func deliver(_ bytes: UnsafeRawBufferPointer) -> Bool {
        deliveredBytes += Int64(bytes.count)
        let isCompressed = if case .gzip = body { true } else { false }
        if let excess = excess(delivered: deliveredBytes, isCompressed: isCompressed) {
            failure = excess
            return false
        }
        hash?.update(bytes)
        guard keepsBody else { return true }
        collector.append(bytes)
        if isStreaming {
            deliverPart()
        } else if !hasOutgrown, hash == nil || setup.configuration.bodies.streaming == .independently,
            setup.configuration.bodies.streaming != .off,
            collector.count > setup.configuration.bodies.streamingThreshold
        {
            hasOutgrown = true
            resume(.outgrew(TransferID(serial: serial), makeHop()))
        }
        return !collector.isFull
    }

    /// Why a body of that many bytes is too much.
    private func excess(delivered: Int64, isCompressed: Bool) -> FetchError? {
        if let limit = setup.configuration.bodies.maxSize, delivered > limit { return .tooLarge(limit) }
        if isCompressed, let ratio = setup.configuration.bodies.maxCompressionRatio, delivered > 10 << 20,
            delivered > wireBytes * Int64(ratio)
        {
            return .compressionBomb(ratio)
        }
        return nil
    }

    // MARK: Room

    var isFull: Bool {
        if collector.isFull { return true }
        if case .gzip(let decoder) = body { return decoder.hasPending }
        return false
    }

    /// Decodes what waited for room, as far as there is some now.
    func pump(_ scratch: UnsafeMutableRawBufferPointer) {
        guard case .gzip(let decoder) = body, decoder.hasPending, !collector.isFull, failure == nil else { return }
        decoder.resume(scratch: scratch, deliver: deliver)
        if case .failed(let reason) = decoder.state { failure = .undecodable("Error while decoding gzip: \(reason)") }
    }

    /// Whether its turn to stream may still come.
    var mayStream: Bool { hasOutgrown }

    func giveUpForWantOfRoom() {
        failure = FetchError(
            .localResource, "no room for the body: the temporary directory is full", curlCode: Int(CURLE_WRITE_ERROR.rawValue))
    }

    func giveUpForWantOfProgress() {
        // Over HTTP/2 and HTTP/3 another try may do better, and one over HTTP/1.1.
        let code = isOverHTTP3 ? CURLE_HTTP3 : head.head.httpVersion == "2" || handle.usesHTTP2 ? CURLE_HTTP2 : CURLE_RECV_ERROR
        failure = FetchError(
            .protocolViolation, "the server sends much, and nothing that is part of a response", curlCode: Int(code.rawValue))
        handle.forbidReuse(true)
    }

    /// Whether HTTP/3 is what is spoken or, before a response, what is tried.
    var isOverHTTP3: Bool { handle.usesHTTP3 && (!head.isComplete || head.head.httpVersion == "3") }

    /// Tries the disk again, and goes on without it as long as all bodies hold less than `limit` bytes in memory, or this one
    /// less than `own`.
    func retryRoom(upTo limit: Int, atLeast own: Int) {
        collector.retry(upTo: limit, atLeast: own)
    }

    // MARK: Streaming

    func startStreaming() {
        guard !isStreaming else { return }
        isStreaming = true
        collector.startStreaming(window: 256 << 10)
    }

    /// Hands what is here to whoever waits for the next part.
    func deliverPart() {
        guard isStreaming, continuation != nil, !collector.isEmpty else { return }
        resume(.part(TransferID(serial: serial), collector.take()))
    }

    func resume(_ event: TransferEvent) {
        let waiting = continuation
        continuation = nil
        waiting?.resume(returning: event)
    }
}

/// What happens to a body's bytes between the wire and the collector.
enum BodyPipe {
    /// No byte of a body has come yet.
    case waiting
    case plain
    case gzip(GzipDecoder)
    /// Kept as it is, and proved beside that.
    case wire(WireProof)
    /// Received, and of no interest to anybody.
    case discarded
}
