// The errors that a response itself gives rise to, with the results that libcurl has for them
// (https://curl.se/libcurl/c/libcurl-errors.html).

extension FetchError {
    /// CURLE_BAD_CONTENT_ENCODING.
    static func undecodable(_ message: String) -> FetchError { FetchError(.decode, message, curlCode: 61) }

    /// CURLE_FILESIZE_EXCEEDED.
    static func tooLarge(_ limit: Int64) -> FetchError {
        FetchError(.tooLarge, "Exceeded the maximum allowed file size (\(limit) bytes)", curlCode: 63)
    }

    /// CURLE_FILESIZE_EXCEEDED.
    static func compressionBomb(_ ratio: Int) -> FetchError {
        FetchError(.tooLarge, "the compressed body grows more than \(ratio) times (see --max-ratio)", curlCode: 63)
    }

    /// CURLE_TOO_LARGE, which libcurl has had since 8.6: of anything but the body.
    static func tooMuch(_ message: String, kind: Kind = .tooLarge) -> FetchError { FetchError(kind, message, curlCode: 100) }

    /// CURLE_PARTIAL_FILE.
    static func truncated(_ message: String) -> FetchError { FetchError(.truncated, message, curlCode: 18) }

    /// CURLE_WEIRD_SERVER_REPLY.
    static func malformed(_ message: String) -> FetchError { FetchError(.protocolViolation, message, curlCode: 8) }

    /// CURLE_RANGE_ERROR.
    static func wrongRange(_ message: String) -> FetchError { FetchError(.protocolViolation, message, curlCode: 33) }

    /// CURLE_RECV_ERROR.
    static var damagedChunks: FetchError { FetchError(.protocolViolation, "the response has damaged chunks", curlCode: 56) }

    /// CURLE_ABORTED_BY_CALLBACK.
    static var cancelledInFlight: FetchError { FetchError(.cancelled, "cancelled", curlCode: 42) }
}
