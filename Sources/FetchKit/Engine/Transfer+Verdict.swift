// Was it whole? What libcurl calls right is not always right, and what it calls wrong needs a class.

internal import CCurl

extension Transfer {
    /// Two lengths for one body are one lie too many, and so is one that cannot be (RFC 9112 section 6.3, rule 5); libcurl takes
    /// the last one, or none.
    func flawOfHead() -> FetchError? {
        if head.statusCode == 206, !request.asksForRange {
            return FetchError(
                .protocolViolation, "the server sent a part, and the whole was asked for", curlCode: Int(CURLE_RANGE_ERROR.rawValue))
        }
        guard head.hasConflictingLengths || head.hasImpossibleLength else { return nil }
        let flaw = head.hasConflictingLengths ? "two different Content-Length headers" : "an impossible Content-Length"
        return FetchError(.protocolViolation, "the response has \(flaw)", curlCode: Int(CURLE_WEIRD_SERVER_REPLY.rawValue))
    }

    /// What makes a transfer wrong that libcurl calls right.
    func flawOfBody() -> FetchError? {
        guard !head.forbidsBody, request.method != "HEAD" else { return nil }
        if case .discarded = body { return nil }
        if request.resumption != nil, head.statusCode == 206, let range = head.contentRange, let first = range.first, let last = range.last,
            wireBytes < last - first + 1
        {
            return .truncated("the server sent \(wireBytes) bytes of a range of \(last - first + 1)")
        }
        if head.isChunked { return nil }
        if let length = head.contentLength {
            guard wireBytes < length else { return nil }
            return .truncated("transfer closed with \(length - wireBytes) bytes remaining to read")
        }
        if case .gzip = body { return nil }
        if case .wire(let proof) = body, proof.provesEnd { return nil }
        result.hop.isLengthUnproved = true
        return nil
    }

    func flaw(of decoder: GzipDecoder) -> FetchError? {
        if case .failed(let reason) = decoder.state { return .undecodable("Error while decoding gzip: \(reason)") }
        if decoder.isComplete { return nil }
        result.isCutGzip = true
        return .truncated("the gzip body ends before its end")
    }

    func makeError(_ code: CURLcode) -> FetchError {
        if let blocked { return FetchError(.blocked, blocked, curlCode: Int(code.rawValue)) }
        let text = errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
        return FetchError(
            code, text: text, reached: progress, hasLargeHead: easy.long(CURLINFO_HEADER_SIZE) > 90 << 10, isInterim: head.isInterim,
            errno: systemError, hasUsedUpTime: hasUsedUpTime)
    }

    /// Of the system call that failed; 0 when none did.
    var systemError: CInt {
        socketError != 0 ? socketError : CInt(truncatingIfNeeded: easy.long(CURLINFO_OS_ERRNO))
    }

    private var progress: TransferProgress {
        if head.isComplete { return .head }
        guard result.hop.remoteAddress != nil, easy.offset(CURLINFO_PRETRANSFER_TIME_T) > 0 else { return .start }
        // Newer versions set that moment before the handshake is done.
        let isInHandshake =
            request.url.origin.isSecure && easy.long(CURLINFO_NUM_CONNECTS) > 0 && easy.offset(CURLINFO_APPCONNECT_TIME_T) == 0
        return isInHandshake ? .start : .request
    }

    /// libcurl's timer may fire a moment before our count of the time is full.
    private var hasUsedUpTime: Bool {
        guard let limit = request.timeLimit else { return false }
        return result.hop.timings.total.microseconds + 5000 >= limit.microseconds
    }
}
