// In which order the addresses of a host are tried, and how long each may take (after RFC 8305, "Happy Eyeballs", with one
// attempt at a time).

/// The attempts to connect for one hop. Without addresses there is one attempt, and libcurl knows where to.
struct AddressPlan {
    struct Attempt: Equatable {
        var address: IPAddress?
        /// Gets only a moment to connect before the other family has its chance.
        var isTrial = false
    }

    /// How long the first family has for a connection when there is another one.
    static let trialTime = Duration.milliseconds(250)
    /// A name may have any number of addresses; so many are tried.
    private static let mostAddresses = 8

    private(set) var attempts: [Attempt]
    private(set) var position = 0

    /// Another port than the URL's.
    private(set) var port: Int?

    static let unresolved = AddressPlan(attempts: [Attempt(address: nil)])

    private init(attempts: [Attempt]) { self.attempts = attempts }

    /// `addresses` are in order of preference, at least one; `brokenFamilyIsIPv6` is the family that has failed lately.
    init(_ addresses: [IPAddress], port: Int? = nil, brokenFamilyIsIPv6: Bool?) {
        self.port = port
        let addresses = addresses.prefix(Self.mostAddresses)
        let first = addresses.filter { $0.isIPv6 == addresses[0].isIPv6 }
        let second = addresses.filter { $0.isIPv6 != addresses[0].isIPv6 }
        if second.isEmpty {
            attempts = first.map { Attempt(address: $0) }
        } else if brokenFamilyIsIPv6 == first[0].isIPv6 {
            attempts = (second + first).map { Attempt(address: $0) }
        } else {
            attempts = [Attempt(address: first[0], isTrial: true)] + (second + first).map { Attempt(address: $0) }
        }
    }

    /// Whether libcurl looks for the address itself, if it needs one.
    var isUnresolved: Bool { attempts[0].address == nil }

    var current: Attempt { attempts[position] }

    var isLast: Bool { position == attempts.count - 1 }

    /// The share of what is left of the connect timeout that the attempt at hand may use: as libcurl does it, half as long as
    /// there are others.
    func timeLimit(of left: Duration) -> Duration { isLast || current.isTrial ? left : left / 2 }

    /// Goes on to the next attempt. False when there is none.
    mutating func advance(afterRefusal: Bool) -> Bool {
        // Who refused the trial would refuse again.
        if afterRefusal, current.isTrial,
            let again = attempts.indices.last(where: { attempts[$0].address == current.address && $0 > position })
        {
            attempts.remove(at: again)
        }
        guard !isLast else { return false }
        position += 1
        return true
    }
}
