// One HTTP exchange: what one transfer did. A request that is redirected has several.

/// One request and, if it got that far, its response.
public struct Hop: Sendable {
    /// What was asked for.
    public var url: HTTPURL
    /// As it was sent; a redirect may change it (RFC 9110 section 15.4).
    public var method: String
    /// Nil when no complete response head arrived.
    public var response: ResponseHead?
    /// When its steps were done.
    public var timings = Timings()
    /// When this hop was dispatched, in microseconds since 1970 (UTC).
    public var startedAt: Int64 = 0
    /// The address that was dialled, without brackets; nil when no connection was made.
    public var remoteAddress: String?
    /// The port that was dialled.
    public var remotePort: Int?
    /// New connections made for this hop; 0 means that one was reused (`CURLINFO_NUM_CONNECTS`).
    public var connectionCount = 0
    /// Body bytes received, before content decoding (`CURLINFO_SIZE_DOWNLOAD_T`).
    public var bytesDownloaded: Int64 = 0
    /// Body bytes after content decoding.
    public var bytesDelivered: Int64 = 0
    /// Body bytes sent (`CURLINFO_SIZE_UPLOAD_T`).
    public var bytesUploaded: Int64 = 0
    /// Bytes of all response headers (`CURLINFO_HEADER_SIZE`).
    public var headerBytes: Int64 = 0
    /// Bytes of the request (`CURLINFO_REQUEST_SIZE`).
    public var requestBytes: Int64 = 0
    /// Bytes per second over the whole transfer (`CURLINFO_SPEED_DOWNLOAD_T`).
    public var downloadSpeed: Int64 = 0
    /// Nil without TLS.
    public var isTLSVerified: Bool?
    /// True when HTTP gave no proof that the body is whole (RFC 9112 section 6.3, rule 8).
    public var isLengthUnproved = false
    /// What did not go along to the next hop, because that has another origin: names of header fields, `client certificate`.
    public internal(set) var withheld: [String] = []
    /// Nil unless `Configuration.recording` asks for it.
    public var exchange: Exchange?

    /// A hop that has not happened yet.
    public init(url: HTTPURL, method: String) {
        self.url = url
        self.method = method
    }
}
