// Why a request failed: a stable class for programs, libcurl's own words for people.

/// The failure of one request. Part of an `Outcome`, never thrown.
public struct FetchError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The stable class: what programs decide by.
    public var kind: Kind
    /// One line, without the URL; libcurl's own words wherever libcurl has some. Long text is cut.
    public var message: String
    /// libcurl's result (https://curl.se/libcurl/c/libcurl-errors.html), 0 for `http`, nil when libcurl never ran.
    public var curlCode: Int?

    /// A failure; a message of more than one line, or a long one, is cut.
    public init(_ kind: Kind, _ message: String, curlCode: Int? = nil) {
        self.kind = kind
        self.message = message.excerpt
        self.curlCode = curlCode
    }

    public var description: String { message }

    /// The stable classes. Their raw values are part of every output format.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// The input line cannot be used as a request.
        case input
        /// The host's name could not be looked up; it may be possible later.
        case dnsTemporary = "dns_temporary"
        /// The host's name does not exist.
        case dnsPermanent = "dns_permanent"
        /// No connection, or one that was lost before any response.
        case connect
        /// The TLS handshake or the verification of the certificate failed.
        case tls
        /// No connection within the connect timeout.
        case timeoutConnect = "timeout_connect"
        /// Connected, but no response header came in time.
        case timeoutFirstByte = "timeout_first_byte"
        /// The transfer was slower than the speed limit for too long.
        case timeoutStall = "timeout_stall"
        /// The request took longer than its total limit.
        case timeoutTotal = "timeout_total"
        /// The peer does not speak HTTP as it should.
        case protocolViolation = "protocol"
        /// The body ended before its end.
        case truncated
        /// The body's content coding cannot be undone.
        case decode
        /// The body is not the one that was asked for: its hash differs.
        case integrity
        /// Headers or body are larger than the limit.
        case tooLarge = "too_large"
        /// A response with status 400 or above.
        case http
        /// A redirect that cannot be followed, or one too many.
        case redirect
        /// The guard refused the address.
        case blocked
        /// The host was given up after it had failed repeatedly.
        case hostDown = "host_down"
        /// This machine ran out of something (descriptors, memory, disk), or a file to send cannot be read.
        case localResource = "local_resource"
        /// The output could not be written.
        case output
        /// The run ended before the request did.
        case cancelled
        /// A fault of ours.
        case `internal`
    }
}
