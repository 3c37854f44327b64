// Time limits of one request.

extension Configuration {
    /// Time limits of one request.
    public struct Timeouts: Sendable {
        /// For name lookup, connection and TLS handshake of one hop.
        public var connect: Duration = .seconds(10)
        /// For one attempt with all its hops, waits of the schedule left out; nil is no limit.
        public var total: Duration?
        /// A transfer below `stallSpeed` for this long fails, in whole seconds; zero is never.
        public var stall: Duration = .seconds(30)
        /// Bytes per second.
        public var stallSpeed = 1

        /// The defaults.
        public init() {}
    }
}
