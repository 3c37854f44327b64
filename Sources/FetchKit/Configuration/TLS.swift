// How servers prove who they are, and this end who it is.

extension Configuration {
    /// TLS and its certificates.
    public struct TLS: Sendable {
        /// Whether certificates are verified.
        public var verifiesCertificates = true
        /// A PEM file of certificate authorities to trust in place of libcurl's default.
        public var caFile: String?
        /// A directory of such, as `openssl rehash` makes it. It is parsed for each new connection: see `TransferSetup`.
        public var caDirectory: String?
        /// A client certificate and its key, PEM; the key may be in the certificate's file.
        public var certificate: String?
        public var certificateKey: String?
        /// The password of an encrypted key (`CURLOPT_KEYPASSWD`).
        public var certificatePassword: String?
        /// `sha256//` and base64, or a file (`CURLOPT_PINNEDPUBLICKEY`).
        public var pinnedPublicKey: String?
        public var minimumVersion: Version?
        public var maximumVersion: Version?

        public init() {}

        public enum Version: Int, Sendable, Comparable, CaseIterable {
            case v1_0
            case v1_1
            case v1_2
            case v1_3

            public static func < (a: Version, b: Version) -> Bool { a.rawValue < b.rawValue }
        }
    }
}
