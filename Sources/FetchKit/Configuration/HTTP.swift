// What is spoken, and how redirects are followed.

extension Configuration {
    /// HTTP itself.
    public struct HTTP: Sendable {
        /// Which version is asked for. What is spoken says `ResponseHead.httpVersion`.
        public var version = Version.automatic
        /// The `User-Agent` of requests that have none (RFC 9110 section 10.1.5).
        public var userAgent = "fetch/\(fetchVersion)"
        /// Redirects followed for one request; 0 makes a 3xx response final.
        public var maxRedirects = 20
        /// Whether redirects take everything along to other origins: credentials, header fields, the client certificate.
        public var trustsRedirects = false
        /// Schemes that may be used, at every hop.
        public var schemes: Set<String> = ["http", "https"]

        /// The defaults.
        public init() {}

        /// A version of HTTP, as a wish.
        public enum Version: Sendable {
            /// HTTP/2 over TLS where libcurl's can be trusted (8.4 or newer), else HTTP/1.1.
            case automatic
            /// HTTP/1.1 (RFC 9112).
            case http1_1
            /// HTTP/2 over TLS (RFC 9113), also on an older libcurl.
            case http2
            /// HTTP/3 over TLS (RFC 9114) where the server has it, else what it speaks over TCP, as with `automatic`: QUIC is tried first
            /// and TCP after at most 200 ms, or at once when QUIC fails. Where a proxy or a Unix socket is between, and with no TLS 1.3, TCP
            /// only. Needs a libcurl with HTTP/3 (`CurlLibrary.has`); without one it is `automatic`.
            case http3
        }
    }
}
