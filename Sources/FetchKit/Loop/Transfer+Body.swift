// The body of a transfer: from libcurl's callback through the state machine into the collector, and on to whoever takes it in parts.

internal import CCurl

extension Transfer {
    /// Returns how many bytes were taken: all, or none and libcurl's word for "later".
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        engine.madeProgress()
        if state.beginBody() { announceBody() }
        if failure == nil, !isFull, !engine.admits(self, bytes: bytes.count) {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        switch state.receiveBody(bytes, into: &collector, scratch: engine.decodeBuffer) {
        case .take:
            engine.received(bytes.count)
            passOn()
            return bytes.count
        case .pause:
            isPaused = true
            if !isStreaming { engine.starve(self) }
            return Int(CURL_WRITEFUNC_PAUSE)
        case .abort:
            passOn()
            closeConnection()
            return 0
        }
    }

    /// Says how much will come, if the head tells: small bodies come at once, and the sum of many wrong lengths would overflow.
    private func announceBody() {
        if let length = state.contentLength, (1 << 20..<1 << 50).contains(length) { engine.expect(length) }
        if let count = state.expectedBytes { collector.expect(Int(clamping: count)) }
    }

    /// What is left of an answer that nobody wants must not come either.
    func closeConnection() {
        handle.forbidReuse(true)
    }

    /// Hands a streaming body on, and says so when one is too large for memory.
    private func passOn() {
        if isStreaming {
            deliverPart()
        } else if !hasOutgrown, failure == nil, collector.count > setup.configuration.bodies.streamingThreshold, mayOutgrow {
            hasOutgrown = true
            tellOfGrowth()
        }
    }

    /// Whether the body may stream once it is large. Recorded bodies never do; hashed ones are whole before anybody gets them, unless the
    /// receiver can be told to begin again.
    private var mayOutgrow: Bool {
        if state.rules.recordsWire { return false }
        switch request.streaming {
        case .off: return false
        case .inInputOrder, .inCompletionOrder: return !request.isHashed
        case .independently: return true
        }
    }

    // MARK: Room

    var isFull: Bool { collector.isFull || state.isAwaitingRoom }

    /// Why the response is given up, whatever libcurl will say.
    var failure: FetchError? { state.failure }

    /// Decodes what waited for room, as far as there is some now.
    func pump(_ scratch: UnsafeMutableRawBufferPointer) {
        guard state.isAwaitingRoom else { return }
        state.resume(into: &collector, scratch: scratch)
        passOn()
    }

    /// Whether its turn to stream may still come.
    var mayStream: Bool { hasOutgrown }

    func giveUpForWantOfRoom() {
        state.fail(
            FetchError(.localResource, "no room for the body: the temporary directory is full", curlCode: Int(CURLE_WRITE_ERROR.rawValue)))
    }

    func giveUpForWantOfProgress() {
        // Over HTTP/2 and HTTP/3 another try may do better, and one over HTTP/1.1.
        let code = isOverHTTP3 ? CURLE_HTTP3 : state.isHTTP2 || handle.usesHTTP2 ? CURLE_HTTP2 : CURLE_RECV_ERROR
        state.fail(
            FetchError(.protocolViolation, "the server sends much, and nothing that is part of a response", curlCode: Int(code.rawValue)))
        handle.forbidReuse(true)
    }

    /// Whether HTTP/3 is what is spoken or, before a response, what is tried.
    var isOverHTTP3: Bool { handle.usesHTTP3 && (state.reached < .head || state.isHTTP3) }

    /// Tries the disk again, and goes on without it as long as all bodies hold less than `limit` bytes in memory, or this one
    /// less than `own`.
    func retryRoom(upTo limit: Int, atLeast own: Int) {
        collector.retry(upTo: limit, atLeast: own)
    }

    // MARK: Streaming

    func startStreaming() {
        guard !isStreaming else { return }
        isStreaming = true
        collector.startStreaming(window: 512 << 10)
    }

    /// Hands what is here to whoever waits for the next part.
    func deliverPart() {
        guard isStreaming, continuation != nil, !collector.isEmpty else { return }
        resume(.part)
    }

    func resume(_ event: TransferEvent) {
        let waiting = continuation
        continuation = nil
        waiting?.resume(returning: event)
    }
}
