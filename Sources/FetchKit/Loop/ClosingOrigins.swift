// Which servers close a connection that they have not announced to close.

/// Origins that have closed a connection just when it was used again, without a word before: what must not be sent twice, and is lost
/// then, gets connections of its own there.
struct ClosingOrigins {
    /// With more they are all forgotten.
    private static let most = 10_000

    private var origins: Set<Origin> = []

    func contains(_ origin: Origin) -> Bool { !origins.isEmpty && origins.contains(origin) }

    mutating func insert(_ origin: Origin) {
        if origins.count > Self.most { origins = [] }
        origins.insert(origin)
    }
}
