// Was it whole? What libcurl calls right is not always right, and what it calls wrong needs a class.

internal import CCurl
internal import Glibc

extension Transfer {
    /// What is wrong with the head of a response that libcurl takes.
    func defectOfHead() -> FetchError? {
        guard head.isComplete else { return .truncated("the response ends within its head") }
        if head.statusCode == 206, !request.asksForRange {
            return FetchError(
                .protocolViolation, "the server sent a part, and the whole was asked for", curlCode: Int(CURLE_RANGE_ERROR.rawValue))
        }
        guard let defect = head.syntaxDefect ?? (hasContent ? head.framingDefect : nil) ?? unexpectedStatus else { return nil }
        return FetchError(.protocolViolation, "the response has \(defect)", curlCode: Int(CURLE_WEIRD_SERVER_REPLY.rawValue))
    }

    private var unexpectedStatus: String? { head.statusCode < 200 ? "status \(head.statusCode), which is not final" : nil }

    /// Whether the response has content, so that what its head says about that means something (RFC 9110 section 6.4.1).
    var hasContent: Bool { !head.forbidsBody && request.method != "HEAD" }

    /// What makes a transfer wrong that libcurl calls right.
    func defectOfBody() -> FetchError? {
        guard hasContent else { return nil }
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
        if streamEnd == .reset { return .truncated("the stream was reset before its end") }
        result.hop.isLengthUnproved = streamEnd != .end
        return nil
    }

    /// Whether the end of the body is that of a stream of HTTP/2 or HTTP/3, and nothing else tells it.
    var needsStreamEnd: Bool {
        hasContent && head.contentLength == nil && ["2", "3"].contains(head.head.httpVersion)
            && !(head.isGzip && setup.offersGzip(request.headers))
            && !(request.followsRedirect && head.isRedirect)
    }

    func defect(of decoder: GzipDecoder) -> FetchError? {
        if case .failed(let reason) = decoder.state { return .undecodable("Error while decoding gzip: \(reason)") }
        if decoder.isComplete { return nil }
        result.isCutGzip = true
        return .truncated("the gzip body ends before its end")
    }

    func makeError(_ code: CURLcode) -> FetchError {
        if let blocked { return FetchError(.blocked, blocked, curlCode: Int(code.rawValue)) }
        if wasLost { return .lost }
        if socketError != 0, code == CURLE_COULDNT_CONNECT {
            return FetchError(
                .localResource, "cannot open a socket: \(String(cString: strerror(socketError)))", curlCode: Int(code.rawValue))
        }
        var text = errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
        // libcurl quotes a proxy that it cannot use, with its password.
        if let proxy { text = text.replacing(proxy, with: ProxyRules.redacted(proxy)) }
        var error = FetchError(
            code, text: text, reached: progress, isInterim: head.isInterim,
            errno: systemError, hasUsedUpTime: hasUsedUpTime)
        // A libcurl before 8.4 sees a flood of frames only by its own answers, which the server does not take any more.
        if error.kind == .connect, code == CURLE_SEND_ERROR, progress == .request, handle.usesHTTP2, !CurlLibrary.current.hasSoundHTTP2 {
            (error.kind, error.curlCode) = (.protocolViolation, Int(CURLE_HTTP2.rawValue))
        }
        return error
    }

    /// Of the system call that failed; 0 when none did.
    var systemError: CInt {
        if let unusable = handle.bodyFailure { return unusable.errno }
        return socketError != 0 ? socketError : CInt(truncatingIfNeeded: easy.long(CURLINFO_OS_ERRNO))
    }

    private var progress: TransferProgress {
        if head.isComplete { return .head }
        guard result.hop.remoteAddress != nil, easy.offset(CURLINFO_PRETRANSFER_TIME_T) > 0 else { return .start }
        // Newer versions set that moment before the handshake is done.
        let isInHandshake =
            request.url.origin.isSecure && easy.long(CURLINFO_NUM_CONNECTS) > 0 && easy.offset(CURLINFO_APPCONNECT_TIME_T) == 0
        return isInHandshake ? .start : head.isPartial ? .partOfHead : .request
    }

    /// libcurl's timer may fire a moment before our count of the time is full.
    private var hasUsedUpTime: Bool {
        guard let limit = request.timeLimit else { return false }
        return result.hop.timings.total.microseconds + 5000 >= limit.microseconds
    }
}
