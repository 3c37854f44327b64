// How much at once, how far ahead, and when a run ends before its input does.

extension Configuration {
    /// Concurrency, look-ahead, and the limits of a whole run.
    public struct Limits: Sendable {
        /// Transfers at once, over all hosts.
        public var concurrency = 64
        /// Transfers at once for one origin (scheme, host and port).
        public var perHost = 8
        /// Event loops, each with a thread of its own. A host always goes to the same one.
        public var threads = 1
        /// Requests read ahead of the transfers, so that a list sorted by host keeps many hosts busy. Nil means
        /// `max(10_000, 20 * concurrency)`. While all transfers run, and one host may have all of them, `4 * concurrency` are enough (256 at
        /// least), whatever this says beyond.
        public var lookAhead: Int?
        /// Outcomes that may be finished but wait for an earlier one, or for a streaming body, before no more input is read.
        public var orderWindow = 262_144
        /// After so long the run ends: what is in flight or waits is cancelled.
        public var deadline: Duration?
        /// The run ends when more have failed.
        public var failures: Failures?
        /// Requests after which no more input is read.
        public var requests: Int?
        /// Fetches equal requests once. Costs up to 32 bytes of memory for each different one.
        public var fetchesEqualRequestsOnce = false

        /// The defaults.
        public init() {}

        /// How many failures a run survives.
        public enum Failures: Sendable {
            /// So many; the next one ends the run.
            case count(Int)
            /// So many percent of the outcomes so far, 0 to 100, once there are twenty.
            case percent(Double)
        }

        /// How many requests may wait. While all transfers run, and any host may have all of them, a few are enough, and they stay in the
        /// processor's cache. Where a host may have few, the next one may stand far behind.
        func lookAhead(whileBusy isBusy: Bool) -> Int {
            let most = lookAhead ?? max(10_000, 20 * concurrency)
            return isBusy && perHost >= concurrency ? min(most, max(256, 4 * concurrency)) : most
        }
    }
}
