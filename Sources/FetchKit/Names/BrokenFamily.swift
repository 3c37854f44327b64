// Which family of addresses is left for last.

/// Which family of addresses has failed lately, so that not every host pays for it.
struct BrokenFamily {
    private static let memory = Duration.seconds(600)

    private var isIPv6 = true
    private var until: Instant?

    func isIPv6(at now: Instant) -> Bool? { until.map { $0 > now } ?? false ? isIPv6 : nil }

    mutating func failed(isIPv6: Bool, now: Instant) {
        self.isIPv6 = isIPv6
        until = now + Self.memory
    }
}
