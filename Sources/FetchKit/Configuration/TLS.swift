// How servers prove who they are, and this end who it is.

extension Configuration {
    /// TLS and its certificates.
    public struct TLS: Sendable {
        /// Whether certificates and the names in them are verified (`CURLOPT_SSL_VERIFYPEER`, `CURLOPT_SSL_VERIFYHOST`).
        public var verifiesCertificates = true
        /// A PEM file of certificate authorities to trust in place of libcurl's default (`CURLOPT_CAINFO`).
        public var caFile: String?
        /// A directory of such, as `openssl rehash` makes it (`CURLOPT_CAPATH`). It is parsed for each new connection.
        public var caDirectory: String?
        /// A client certificate, a PEM file, which may have the key in it (`CURLOPT_SSLCERT`).
        public var certificate: String?
        /// The file of the key; nil is that of the certificate (`CURLOPT_SSLKEY`).
        public var certificateKey: String?
        /// The password of an encrypted key (`CURLOPT_KEYPASSWD`).
        public var certificatePassword: String?
        /// `sha256//` and base64, or a file (`CURLOPT_PINNEDPUBLICKEY`).
        public var pinnedPublicKey: String?
        /// Nil is libcurl's default (`CURLOPT_SSLVERSION`).
        public var minimumVersion: Version?
        /// Nil is the newest that the TLS library has (`CURLOPT_SSLVERSION`).
        public var maximumVersion: Version?

        /// The defaults.
        public init() {}

        /// A version of TLS.
        public enum Version: Int, Sendable, Comparable, CaseIterable {
            /// TLS 1.0 (RFC 2246).
            case v1_0
            /// TLS 1.1 (RFC 4346).
            case v1_1
            /// TLS 1.2 (RFC 5246).
            case v1_2
            /// TLS 1.3 (RFC 8446).
            case v1_3

            /// Whether `a` is older.
            public static func < (a: Version, b: Version) -> Bool { a.rawValue < b.rawValue }
        }
    }
}
