// Rates: so many starts in a second, minute or hour, evenly spaced; and bytes per second.

/// So many starts in so much time.
public struct Rate: Sendable, Equatable {
    /// From one start to the next.
    public let interval: Duration

    /// `count` starts in each `period`, evenly spaced: `Rate(10, per: .seconds(1))`. The count must be positive.
    public init(_ count: Double, per period: Duration) { interval = period / count }
}

extension Configuration {
    /// How fast a fetcher may be.
    public struct RateLimits: Sendable {
        /// Starts over all hosts, redirects and retries included; nil is no limit.
        public var total: Rate?
        /// Starts for one origin, redirects and retries included; nil is no limit.
        public var perHost: Rate?
        /// Whether a host that answers 429 or 503 or refuses connections gets fewer transfers at once, and pauses that it asks for.
        public var isAdaptive = true
        /// Bytes per second for the bodies of the whole fetcher; nil is no limit.
        public var download: Int?

        /// The defaults: no limit.
        public init() {}
    }
}
