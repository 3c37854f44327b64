// Which proxy requests go through.

extension Configuration {
    /// The proxy of a fetcher.
    public struct Proxy: Sendable {
        /// A proxy for all requests (`CURLOPT_PROXY`); nil is what the environment says, empty is none.
        public var url: String?
        /// Hosts that are asked directly (`CURLOPT_NOPROXY`); nil is what the environment says.
        public var exceptions: String?
        public var credentials: Credentials?

        public init() {}
    }
}
