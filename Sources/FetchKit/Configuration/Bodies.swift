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
        /// Which bodies that outgrow `streamingThreshold` a receiver gets while they arrive.
        public var streaming = Streaming.off
        /// The size in bytes from which a body may stream, and from which it is held on disk.
        public var streamingThreshold = 1 << 20
        /// The largest body in bytes, after content decoding; nil is no limit.
        public var maxSize: Int64?
        /// Whether gzip is offered (RFC 9110 section 12.5.3), and decoded.
        public var isCompressionOffered = true
        /// How many times its size a compressed body may grow to, once there are more than 10 MB of it; nil is no limit.
        public var maxCompressionRatio: Int? = 100
        /// Whether a body that streams independently and breaks off is continued where it stopped (`If-Range`), when it is tried again.
        /// The receiver gets another `beginBody(of:)` then, with `Outcome.offset`.
        public var areContinued = false
        /// Whether every body is hashed (SHA-256).
        public var areHashed = false

        /// The defaults.
        public init() {}

        /// Which bodies are part of their outcomes.
        public enum Kept: Sendable {
            /// Also those of responses with status 400 or above.
            case all
            /// Only bodies of outcomes that are `ok`.
            case successful
            /// Bodies are received, decoded, proved and dropped.
            case none
        }

        /// Which bodies a receiver gets in parts, while they arrive.
        public enum Streaming: Sendable {
            /// Every outcome is whole.
            case off
            /// The body that is next in input order may stream.
            case inInputOrder
            /// The first body that grows past the threshold may stream; while it does, no other outcome is written.
            case inCompletionOrder
            /// Every body that grows past the threshold streams at once. A try that fails is repeated from the start: the receiver gets
            /// another `beginBody(of:)` with the same index.
            case independently
        }
    }
}
