// When almost every host is lost at the same time, it is not the hosts: the network of this machine is down. Then nothing is
// started but a probe each second, and nothing counts.

internal import DequeModule

/// Tells a network that is down from hosts that are.
struct NetworkWatch {
    static let window = Duration.seconds(10)
    static let fewestHosts = 50
    static let probeInterval = Duration.seconds(1)

    private struct Sign {
        var at: Instant
        var host: Int
        var isLost: Bool
    }

    /// What was heard of the last hosts: one sign for each, the newest last.
    private var signs: Deque<Sign> = []
    private var lastLost: Instant?
    private(set) var isDown = false
    private(set) var nextProbe: Instant?

    /// A sign of life. Returns whether the network was down and has come back.
    mutating func heard(from host: Int, now: Instant) -> Bool {
        if isDown {
            self = NetworkWatch()
            return true
        }
        note(Sign(at: now, host: host, isLost: false))
        return false
    }

    /// Whether signs of life are of interest: as long as no host is lost there is nothing to weigh.
    func isWatching(at now: Instant) -> Bool {
        guard let lastLost else { return false }
        return isDown || lastLost + Self.window >= now
    }

    /// A host gave no sign of life: no route, no answer, no name server. A refusal is a sign of life.
    mutating func lost(_ host: Int, now: Instant) {
        guard !isDown else { return }
        lastLost = now
        note(Sign(at: now, host: host, isLost: true))
        let lost = signs.count { $0.isLost }
        if signs.count >= Self.fewestHosts && lost * 5 > signs.count * 4 {
            isDown = true
            nextProbe = now + Self.probeInterval
        }
    }

    mutating func probe(now: Instant) { nextProbe = now + Self.probeInterval }

    private mutating func note(_ sign: Sign) {
        while let first = signs.first, first.at + Self.window < sign.at { signs.removeFirst() }
        if let index = signs.firstIndex(where: { $0.host == sign.host }) { signs.remove(at: index) }
        signs.append(sign)
        if signs.count > 2 * Self.fewestHosts { signs.removeFirst() }
    }
}
