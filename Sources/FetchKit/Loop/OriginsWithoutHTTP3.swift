// Where UDP is blocked, every new connection would wait for QUIC before TCP is tried: libcurl keeps no record of it.

/// Origins that were offered HTTP/3 and have answered over TCP. Lives on the loop's thread.
final class OriginsWithoutHTTP3 {
    /// How long an origin is asked over TCP only.
    static let lifetime = Duration.seconds(300)
    /// With more they are all forgotten.
    private static let most = 10_000

    private var ends: [Origin: Instant] = [:]

    func insert(_ origin: Origin, at now: Instant) {
        if ends.count >= Self.most { ends = [:] }
        ends[origin] = now + Self.lifetime
    }

    func contains(_ origin: Origin, at now: Instant) -> Bool {
        guard !ends.isEmpty, let end = ends[origin] else { return false }
        if now < end { return true }
        ends[origin] = nil
        return false
    }
}
