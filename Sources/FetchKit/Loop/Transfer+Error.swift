// What went wrong where libcurl says that something did: its code needs a class.

internal import CCurl
internal import Glibc

extension Transfer {
    func makeError(_ code: CURLcode) -> FetchError {
        if let blocked { return FetchError(.blocked, blocked, curlCode: Int(code.rawValue)) }
        if wasLost { return .lost }
        if socketError != 0, code == CURLE_COULDNT_CONNECT {
            return FetchError(
                .localResource, "cannot open a socket: \(String(cString: strerror(socketError)))", curlCode: Int(code.rawValue))
        }
        var text = errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
        // libcurl names an address and a time beside it, and says least about why.
        if code == CURLE_COULDNT_CONNECT, systemError != 0 {
            text = (proxy == nil ? "" : "no connection to the proxy: ") + Self.lowercasingFirst(String(cString: strerror(systemError)))
        }
        // The same reasons, with libcurl's name for the call that failed in front.
        for call in ["Recv failure: ", "Send failure: "] where text.hasPrefix(call) {
            text = Self.lowercasingFirst(text.dropFirst(call.count))
        }
        // libcurl quotes a proxy that it cannot use, with its password.
        if let proxy { text = text.replacing(proxy, with: ProxyRules.redacted(proxy)) }
        var error = FetchError(
            code, text: text, reached: progress, isInterim: state.isInterim,
            errno: systemError, hasUsedUpTime: hasUsedUpTime)
        // A libcurl before 8.4 sees a flood of frames only by its own answers, which the server does not take any more.
        if error.kind == .connect, code == CURLE_SEND_ERROR, progress == .request, handle.usesHTTP2, !CurlLibrary.current.hasSoundHTTP2 {
            (error.kind, error.curlCode) = (.protocolViolation, Int(CURLE_HTTP2.rawValue))
        }
        return error
    }

    private static func lowercasingFirst(_ text: some StringProtocol) -> String { text.prefix(1).lowercased() + text.dropFirst() }

    /// Of the system call that failed; 0 when none did.
    var systemError: CInt {
        if let unusable = handle.bodyFailure { return unusable.errno }
        return socketError != 0 ? socketError : CInt(truncatingIfNeeded: easy.long(CURLINFO_OS_ERRNO))
    }

    private var progress: TransferProgress {
        if state.reached > .start { return state.reached }
        guard easy.string(CURLINFO_PRIMARY_IP)?.isEmpty == false, easy.offset(CURLINFO_PRETRANSFER_TIME_T) > 0 else { return .start }
        // Newer versions set that moment before the handshake is done.
        let isInHandshake =
            request.url.origin.isSecure && easy.long(CURLINFO_NUM_CONNECTS) > 0 && easy.offset(CURLINFO_APPCONNECT_TIME_T) == 0
        return isInHandshake ? .start : .request
    }

    /// libcurl's timer may fire a moment before our count of the time is full.
    private var hasUsedUpTime: Bool {
        guard let limit = request.timeLimit else { return false }
        return time.microseconds + 5000 >= limit.microseconds
    }
}
