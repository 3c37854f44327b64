// What a finished hop means: for the user (a status of 400 and above is a failure), for the schedule (is the host well?).

internal import Glibc

extension HopResult {
    /// The server has no byte behind the part that is there: it is the whole.
    func confirmsEnd(of resumption: Request.Resumption?) -> Bool {
        guard let resumption, error == nil, hop.response?.statusCode == 416 else { return false }
        return contentRange?.total == resumption.offset
    }

    /// The server does not go on where the part that is there ends: then the whole has to come.
    func refusesToContinue(_ resumption: Request.Resumption?) -> Bool {
        guard resumption != nil, let status = hop.response?.statusCode else { return false }
        return status == 416 || (status == 206 && error?.curlCode == 33)
    }

    /// The failure of the request that this hop belongs to; nil when all is well so far.
    var failure: FetchError? {
        if let error { return error }
        guard let status = hop.response?.statusCode, status >= 400 else { return nil }
        return FetchError(.http, "The requested URL returned error: \(status)", curlCode: 0)
    }

    /// What the schedule should know about the host.
    var hostReport: HostReport {
        guard let error else {
            let status = hop.response?.statusCode
            return status == 429 || status == 503 ? .throttled(retryAfter: retryAfter) : .answered
        }
        let report = report(of: error)
        if hasLostReusedConnection { return .nothing }
        return isProxied && (report == .lost || report == .refused) ? .nothing : report
    }

    private func report(of error: FetchError) -> HostReport {
        switch error.kind {
        case .connect:
            [ENETUNREACH, ENETDOWN, EHOSTUNREACH, EHOSTDOWN, ETIMEDOUT].contains(systemError) ? .lost : .refused
        case .dnsTemporary, .timeoutConnect, .timeoutFirstByte: .lost
        case .timeoutTotal: hop.headerBytes == 0 ? .lost : .answered
        // The connection was closed instead of an answer.
        case .protocolViolation: error.curlCode == 52 ? .refused : .answered
        case .truncated: systemError == ECONNRESET ? .reset : .answered
        case .localResource: isLocalShortage ? .localShortage : .nothing
        // Somebody was there, whatever the quarrel was about.
        case .tls, .timeoutStall, .decode, .integrity, .tooLarge, .http, .redirect: .answered
        case .input, .dnsPermanent, .blocked, .hostDown, .output, .cancelled, .internal: .nothing
        }
    }

    /// A connection that was there before has ended instead of an answer: its server may close an idle one at any time, and that says
    /// nothing about host or request.
    var hasLostReusedConnection: Bool {
        if wasRefusedAnotherStart { return true }
        guard let error, hop.connectionCount == 0, hop.remoteAddress != nil, hop.response == nil else { return false }
        return error.kind == .connect || error.curlCode == 16 || error.curlCode == 52
    }

    /// No socket, no port, no thread: the request could not even be tried.
    var isLocalShortage: Bool {
        error?.kind == .localResource && [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EAGAIN].contains(systemError)
    }
}

extension FetchError {
    init(_ refusal: Refusal) {
        switch refusal {
        case .unreachable:
            self.init(.hostDown, "not tried: the host could not be reached, again and again")
        case .paused(let time):
            self.init(.hostDown, "not tried: the host asks for a pause of \(time.components.seconds) s (Retry-After)")
        }
    }

    static func wrongHash(_ hash: [UInt8], expected: [UInt8]) -> FetchError {
        FetchError(.integrity, "the body's SHA-256 is \(hexadecimal(hash)), not \(hexadecimal(expected))", curlCode: 0)
    }

    /// A fault of the framing of HTTP/2 or HTTP/3, so that HTTP/1.1 may do.
    var isHTTP2: Bool { [16, 92, 95].contains(curlCode) }

    /// Whether it may be due to QUIC, when HTTP/3 was used: libcurl has codes of its own for few of such failures.
    var mayBeOfHTTP3: Bool { [.connect, .protocolViolation, .truncated, .timeoutFirstByte, .timeoutStall].contains(kind) }
}
