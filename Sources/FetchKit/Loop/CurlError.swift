// From libcurl's result codes to our classes. A code alone is not enough: 7 is also a machine without descriptors, 28 is four
// different timeouts, 56 is a reset as well as a broken chunk.

internal import CCurl
internal import Glibc

extension FetchError {
    /// - Parameters:
    ///   - text: libcurl's words.
    ///   - isInterim: whether the last head that came was a 1xx.
    ///   - errno: `CURLINFO_OS_ERRNO`, 0 when no system call failed.
    ///   - hasUsedUpTime: whether the request's total time is over.
    init(_ code: CURLcode, text: String, reached: TransferProgress, isInterim: Bool, errno: CInt, hasUsedUpTime: Bool) {
        let kind = Kind(code, text: text, reached: reached, isInterim: isInterim, errno: errno, hasUsedUpTime: hasUsedUpTime)
        self.init(kind, text, curlCode: Int(code.rawValue))
    }

    /// A connection that was reused has ended before a response, and nobody knows whether the request was received.
    static var lost: FetchError {
        FetchError(
            .connect, "the connection was lost before a response, and the request is not sent twice",
            curlCode: Int(CURLE_GOT_NOTHING.rawValue))
    }

    static func unusable(_ file: RequestBody.UnusableFile) -> FetchError {
        FetchError(.localResource, file.description, curlCode: Int(CURLE_READ_ERROR.rawValue))
    }

    static var cancelledUnread: FetchError { FetchError(.cancelled, "cancelled before it was fetched") }

    static func unusableRedirect(_ reason: String) -> FetchError {
        FetchError(.redirect, "cannot follow the redirect: \(reason)", curlCode: Int(CURLE_UNSUPPORTED_PROTOCOL.rawValue))
    }

    static func tooManyRedirects(_ limit: Int) -> FetchError {
        FetchError(.redirect, "Maximum (\(limit)) redirects followed", curlCode: Int(CURLE_TOO_MANY_REDIRECTS.rawValue))
    }
}

extension FetchError.Kind {
    fileprivate init(
        _ code: CURLcode, text: String, reached: TransferProgress, isInterim: Bool, errno: CInt, hasUsedUpTime: Bool
    ) {
        self =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .dnsTemporary
            case CURLE_COULDNT_CONNECT:
                [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL].contains(errno) ? .localResource : .connect
            case CURLE_OPERATION_TIMEDOUT:
                if hasUsedUpTime {
                    .timeoutTotal
                } else {
                    switch reached {
                    case .start: .timeoutConnect
                    case .request, .partOfHead: .timeoutFirstByte
                    case .head: .timeoutStall
                    }
                }
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
                CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE,
                CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED,
                CURLE_SSL_CLIENTCERT:
                .tls
            // Without any head: over HTTP/2 the connection has ended, perhaps because of a flood that libcurl would not bear.
            case CURLE_PARTIAL_FILE: reached >= .partOfHead ? .truncated : .protocolViolation
            case CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_HTTP3: reached == .head ? .truncated : .protocolViolation
            // TCP has failed as well.
            case CURLE_QUIC_CONNECT_ERROR: reached >= .partOfHead ? .truncated : .connect
            // The content of the request cannot be read, or not from its beginning again.
            case CURLE_READ_ERROR, CURLE_SEND_FAIL_REWIND: .localResource
            // A broken chunk, a head past 300 KB (before 8.6) and a lost connection share a code; the last one comes with an
            // errno, but not if OpenSSL has noticed it.
            case CURLE_RECV_ERROR where errno == 0 && reached == .head && text.contains("chunk"): .protocolViolation
            case CURLE_RECV_ERROR where reached != .head && text.contains("Too large response headers"): .tooLarge
            // With TLS 1.3 a server that wants a certificate says so after the handshake.
            case CURLE_RECV_ERROR where reached != .head && text.contains(" alert "): .tls
            // A flood of frames that are of no use; -902 is a head that is too large for libcurl before 8.0.
            case CURLE_RECV_ERROR where text.contains("nghttp2"), CURLE_SEND_ERROR where text.contains("nghttp2"):
                text.contains("-902") ? .tooLarge : .protocolViolation
            case CURLE_RECV_ERROR, CURLE_SEND_ERROR: reached >= .partOfHead ? .truncated : .connect
            case CURLE_GOT_NOTHING where reached >= .partOfHead: .truncated
            case CURLE_FILESIZE_EXCEEDED: .tooLarge
            // Libcurl before 8.6, of a header line longer than 100 KB; it never counts that line.
            case CURLE_OUT_OF_MEMORY: reached == .request || reached == .partOfHead ? .tooLarge : .localResource
            // CURLE_TOO_LARGE, new in 8.6: headers, or interim responses without end.
            case CURLcode(rawValue: 100): isInterim ? .protocolViolation : .tooLarge
            // Content is decoded by us: what libcurl cannot undo is a transfer coding.
            case CURLE_BAD_CONTENT_ENCODING: .protocolViolation
            // Libcurl before 8.0, of a header that it cannot read.
            case CURLE_BAD_FUNCTION_ARGUMENT where reached != .start && reached != .head: .protocolViolation
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_GOT_NOTHING, CURLE_HTTP_RETURNED_ERROR:
                .protocolViolation
            case CURLE_URL_MALFORMAT: .input
            case CURLE_ABORTED_BY_CALLBACK: .cancelled
            case CURLE_FAILED_INIT, CURLE_INTERFACE_FAILED: .localResource
            case CURLE_PROXY: .connect
            default: .internal
            }
    }
}
