// Which addresses are not globally reachable, and which ones lead to others.

// MARK: Addresses that are not globally reachable

extension NumericAddress {
    /// What an address is for that is not to be reached from everywhere; nil for a public one. After the registries of IANA
    /// (https://www.iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry), without the few single addresses
    /// in these blocks that anycast services use.
    var purpose: String? {
        if let block = Self.blocks.first(where: { $0.range.contains(self) }) { return block.purpose }
        return isIPv6 && !Self.globalUnicast.contains(self) ? "reserved" : nil
    }

    /// All that IANA has given out (https://www.iana.org/assignments/ipv6-address-space). In the rest are site-local addresses,
    /// segment identifiers, dummies for tests, and private networks that have taken what was free, as Yggdrasil has 200::/7.
    private static let globalUnicast = AddressRange("2000::/3")!

    private static let blocks: [(range: AddressRange, purpose: String)] = [
        ("0.0.0.0/8", "reserved"),  // RFC 1122 section 3.2.1.3
        ("10.0.0.0/8", "private"),  // RFC 1918
        ("100.64.0.0/10", "private"),  // RFC 6598, behind a provider's NAT
        ("127.0.0.0/8", "loopback"),  // RFC 1122 section 3.2.1.3
        ("169.254.0.0/16", "link-local"),  // RFC 3927; clouds keep their secrets at 169.254.169.254
        ("172.16.0.0/12", "private"),  // RFC 1918
        ("192.0.0.0/24", "reserved"),  // RFC 6890 section 2.1
        ("192.0.2.0/24", "documentation"),  // RFC 5737
        ("192.88.99.0/24", "reserved"),  // RFC 7526, once the way to 6to4 relays
        ("192.168.0.0/16", "private"),  // RFC 1918
        ("198.18.0.0/15", "benchmarking"),  // RFC 2544
        ("198.51.100.0/24", "documentation"),  // RFC 5737
        ("203.0.113.0/24", "documentation"),  // RFC 5737
        ("224.0.0.0/4", "multicast"),  // RFC 5771
        ("255.255.255.255", "broadcast"),  // RFC 919
        ("240.0.0.0/4", "reserved"),  // RFC 1112 section 4
        ("::1", "loopback"),  // RFC 4291 section 2.5.3
        ("64:ff9b:1::/48", "private"),  // RFC 8215, NAT64 of the network's own; where in it the IPv4 address is, is not known
        ("100::/64", "discard-only"),  // RFC 6666
        ("2001::/23", "reserved"),  // RFC 2928
        ("2001:db8::/32", "documentation"),  // RFC 3849
        ("3fff::/20", "documentation"),  // RFC 9637
        ("5f00::/16", "reserved"),  // RFC 9602
        ("fc00::/7", "private"),  // RFC 4193
        ("fe80::/10", "link-local"),  // RFC 4291 section 2.5.6
        ("fec0::/10", "private"),  // RFC 3879, site-local
        ("ff00::/8", "multicast"),  // RFC 4291 section 2.7
    ].map { (AddressRange($0)!, $1) }
}

// MARK: Addresses that lead to others

/// Addresses that are a way to other ones, which are part of them.
struct Disguise: Sendable {
    let range: AddressRange
    let name: String
    /// Whether public addresses may be dialled in this way.
    let isTrusted: Bool
    let uncover: @Sendable (NumericAddress) -> [NumericAddress]

    init(_ range: String, _ name: String, isTrusted: Bool, uncover: @escaping @Sendable (NumericAddress) -> [NumericAddress]) {
        self.range = AddressRange(range)!
        self.name = name
        self.isTrusted = isTrusted
        self.uncover = uncover
    }

    /// IPv4-mapped is how IPv4 looks to who asks for IPv6 addresses only, and NAT64 is the one way to IPv4 in networks that have IPv6
    /// only: both lead where the IPv4 address leads. The others have died out (RFC 4291 section 2.5.5.1, RFC 6145, RFC 7526), no
    /// site is found by them, and what a left-over relay or tunnel makes of one cannot be known.
    static let all = [
        // Linux connects to itself, ip(7) and ipv6(7).
        Disguise("0.0.0.0", "unspecified", isTrusted: false) { _ in [NumericAddress("127.0.0.1")!] },
        Disguise("::", "unspecified", isTrusted: false) { _ in [NumericAddress("::1")!] },
        // RFC 4291 section 2.5.5.2
        Disguise("::ffff:0:0/96", "IPv4-mapped", isTrusted: true) { [NumericAddress(ipv4: $0.bits)] },
        // RFC 6052 section 2.1
        Disguise("64:ff9b::/96", "NAT64", isTrusted: true) { [NumericAddress(ipv4: $0.bits)] },
        // RFC 4291 section 2.5.5.1
        Disguise("::/96", "IPv4-compatible", isTrusted: false) { [NumericAddress(ipv4: $0.bits)] },
        // RFC 2765 section 2.1
        Disguise("::ffff:0:0:0/96", "IPv4-translated", isTrusted: false) { [NumericAddress(ipv4: $0.bits)] },
        // RFC 3056 section 2
        Disguise("2002::/16", "6to4", isTrusted: false) { [NumericAddress(ipv4: $0.bits >> 80)] },
        // RFC 4380 section 4: the client, obscured, and the server
        Disguise("2001::/32", "Teredo", isTrusted: false) { [NumericAddress(ipv4: ~$0.bits), NumericAddress(ipv4: $0.bits >> 64)] },
    ]
}

extension NumericAddress {
    var disguise: Disguise? { self == Self.loopback ? nil : Disguise.all.first { $0.range.contains(self) } }

    /// Not IPv4-compatible, although the first 96 bits are zero.
    private static let loopback = NumericAddress("::1")!
}
