// Which proxy requests go through.

extension Configuration {
    /// The proxy of a fetcher.
    public struct Proxy: Sendable {
        /// A proxy for all requests (`CURLOPT_PROXY`); nil is what the environment says, empty is none.
        public var url: String?
        /// Hosts that are asked directly (`CURLOPT_NOPROXY`); nil is what the environment says.
        public var exceptions: String?
        /// In place of those in the URL of the proxy (`CURLOPT_PROXYUSERNAME`, `CURLOPT_PROXYPASSWORD`).
        public var credentials: Credentials?

        /// The environment decides, by the rules of libcurl (https://curl.se/libcurl/c/libcurl-env.html).
        public init() {}
    }
}
