// What is done about failures, of single requests and of hosts. The rules that use these values stand in Schedule/.

extension Configuration {
    /// Which failures are tried again, and when a host is given up.
    public struct Retry: Sendable {
        /// Tries of a request after the first one; 0 is never.
        public var limit = 2
        /// Between two tries, in place of a random and growing delay.
        public var delay: Duration?
        /// From the first dispatch; no retry starts after that.
        public var maxTime: Duration?
        /// Retries every failure that a second try may change.
        public var retriesAllErrors = false
        /// The longest `Retry-After` that is waited for.
        public var longestRetryAfter: Duration = .seconds(300)
        /// How long a host that cannot be reached pauses at first, then twice as long each time, until it is given up: one that never
        /// answered after four probes, another one after `hostTimeout`. Nil never pauses and never gives up.
        public var breakerDelay: Duration? = .seconds(1)
        /// How long a host that has answered before may be away until it is given up; nil is for ever. Its requests wait meanwhile.
        public var hostTimeout: Duration? = .seconds(60)

        /// The defaults.
        public init() {}
    }
}
