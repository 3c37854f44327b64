// What a run waits for.

/// Why nothing new starts.
public enum Hold: String, Sendable, CaseIterable {
    /// No request is known that waits.
    case input
    /// As many transfers run as may.
    case concurrency
    /// All hosts that are asked for have as many transfers as they may.
    case perHost = "per_host"
    /// The rate allows no start yet.
    case rate
    /// What waits, waits for a retry, or for a host that asked for a pause or cannot be reached.
    case backoff
    /// The receiver has no room.
    case output
}
