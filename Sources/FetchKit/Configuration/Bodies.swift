// What happens to bodies: which are kept, where, in which form, and how large they may be.

extension Configuration {
    /// Rules about bodies of responses.
    public struct Bodies: Sendable {
        /// Which bodies are part of their outcomes.
        public var kept = Kept.all
        /// Bytes of bodies held in memory, in flight or finished; what is over goes to a file without a name.
        public var memory = 16 << 20
        /// The directory of that file.
        public var spillDirectory = "/tmp"
        /// Whether a receiver takes bodies that outgrow `streamingThreshold` while they arrive, and in which order.
        public var streaming = Streaming.off
        /// The size in bytes from which a body may stream, and from which it is held on disk.
        public var streamingThreshold = 1 << 20
        /// The largest body in bytes, after content decoding; nil is no limit.
        public var maxSize: Int64?
        /// Offers gzip and decodes it.
        public var isCompressionOffered = true
        /// The most that a compressed body may grow, once there are more than 10 MB of it; nil is no limit.
        public var maxCompressionRatio: Int? = 100
        /// Whether a body that streams independently and breaks off is continued where it stopped (`If-Range`), when it is tried again.
        /// The receiver gets another `begin` then, with `Outcome.offset`.
        public var areContinued = false
        /// Whether every body is hashed (SHA-256).
        public var areHashed = false

        public init() {}

        public enum Kept: Sendable {
            case all
            /// Only bodies of outcomes that are `ok`.
            case successful
            /// Bodies are received, decoded, proved and dropped.
            case none
        }

        public enum Streaming: Sendable {
            /// Every outcome is whole.
            case off
            /// The body that is next in input order may stream.
            case inInputOrder
            /// The first body that grows past the threshold may stream; while it does, no other outcome is written.
            case inCompletionOrder
            /// Every body that grows past the threshold streams at once. A try that fails is repeated from the start: the receiver gets
            /// another `begin` with the same index.
            case independently
        }
    }
}
