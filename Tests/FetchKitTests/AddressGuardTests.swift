import Glibc
import Testing

@testable import FetchKit

@Suite("Addresses") struct AddressGuardTests {
    @Test(
        "Are blocked from the first to the last of each block that is not globally reachable",
        arguments: [
            ("0.0.0.1", "reserved"), ("0.255.255.255", "reserved"), ("1.0.0.0", nil),
            ("9.255.255.255", nil), ("10.0.0.0", "private"), ("10.255.255.255", "private"), ("11.0.0.0", nil),
            ("100.63.255.255", nil), ("100.64.0.0", "private"), ("100.127.255.255", "private"), ("100.128.0.0", nil),
            ("126.255.255.255", nil), ("127.0.0.0", "loopback"), ("127.255.255.255", "loopback"), ("128.0.0.0", nil),
            ("169.253.255.255", nil), ("169.254.0.0", "link-local"), ("169.254.255.255", "link-local"), ("169.255.0.0", nil),
            ("172.15.255.255", nil), ("172.16.0.0", "private"), ("172.31.255.255", "private"), ("172.32.0.0", nil),
            ("191.255.255.255", nil), ("192.0.0.0", "reserved"), ("192.0.0.255", "reserved"), ("192.0.1.0", nil),
            ("192.0.1.255", nil), ("192.0.2.0", "documentation"), ("192.0.2.255", "documentation"), ("192.0.3.0", nil),
            ("192.88.98.255", nil), ("192.88.99.0", "reserved"), ("192.88.99.255", "reserved"), ("192.88.100.0", nil),
            ("192.167.255.255", nil), ("192.168.0.0", "private"), ("192.168.255.255", "private"), ("192.169.0.0", nil),
            ("198.17.255.255", nil), ("198.18.0.0", "benchmarking"), ("198.19.255.255", "benchmarking"), ("198.20.0.0", nil),
            ("198.51.99.255", nil), ("198.51.100.0", "documentation"), ("198.51.100.255", "documentation"), ("198.51.101.0", nil),
            ("203.0.112.255", nil), ("203.0.113.0", "documentation"), ("203.0.113.255", "documentation"), ("203.0.114.0", nil),
            ("223.255.255.255", nil), ("224.0.0.0", "multicast"), ("239.255.255.255", "multicast"),
            ("240.0.0.0", "reserved"), ("255.255.255.254", "reserved"), ("255.255.255.255", "broadcast"),
            ("169.254.169.254", "link-local"), ("8.8.8.8", nil),

            ("::1", "loopback"), ("::1:0:0", "reserved"), ("64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"),
            ("64:ff9b::1:0:0", "reserved"), ("64:ff9b:0:ffff:ffff:ffff:ffff:ffff", "reserved"),
            ("64:ff9b:1::", "private"), ("64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "private"), ("64:ff9b:2::", "reserved"),
            ("ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"), ("100::", "discard-only"),
            ("100::ffff:ffff:ffff:ffff", "discard-only"), ("100:0:0:1::", "reserved"), ("200::1", "reserved"),
            ("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"), ("2000::", nil),
            ("2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nil), ("2001:1::", "reserved"), ("2001:20::1", "reserved"),
            ("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"), ("2001:200::", nil),
            ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", nil), ("2001:db8::", "documentation"),
            ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"), ("2001:db9::", nil),
            ("2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nil), ("2003::", nil), ("2001:4860:4860::8888", nil),
            ("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nil), ("3fff::", "documentation"),
            ("3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"), ("3fff:1000::", nil),
            ("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nil), ("4000::", "reserved"),
            ("5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"), ("5f00::", "reserved"),
            ("5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"), ("5f01::", "reserved"),
            ("fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"), ("fc00::", "private"), ("fd00:ec2::254", "private"),
            ("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private"), ("fe00::", "reserved"),
            ("fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"), ("fe80::", "link-local"),
            ("febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"), ("fec0::", "private"),
            ("feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private"), ("ff00::", "multicast"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"),
        ]) func blocks(address: String, purpose: String?)
    {
        #expect(refusal(of: address) == purpose.map { "\(address) is a \($0) address" })
    }

    @Test(
        "Are judged by where they lead",
        arguments: [
            ("0.0.0.0", "0.0.0.0 leads to the loopback address 127.0.0.1 (unspecified)"),
            ("::", ":: leads to the loopback address ::1 (unspecified)"),
            ("::ffff:0.0.0.0", "::ffff:0.0.0.0 leads to the reserved address 0.0.0.0 (IPv4-mapped)"),
            ("::ffff:127.0.0.1", "::ffff:127.0.0.1 leads to the loopback address 127.0.0.1 (IPv4-mapped)"),
            ("::ffff:a9fe:a9fe", "::ffff:169.254.169.254 leads to the link-local address 169.254.169.254 (IPv4-mapped)"),
            ("::ffff:255.255.255.255", "::ffff:255.255.255.255 leads to the broadcast address 255.255.255.255 (IPv4-mapped)"),
            ("::ffff:8.8.8.8", nil),
            ("64:ff9b::a00:1", "64:ff9b::a00:1 leads to the private address 10.0.0.1 (NAT64)"),
            ("64:ff9b::169.254.169.254", "64:ff9b::a9fe:a9fe leads to the link-local address 169.254.169.254 (NAT64)"),
            ("64:ff9b::9ff:ffff", nil), ("64:ff9b::b00:0", nil), ("64:ff9b::8.8.8.8", nil),
            ("::2", "::2 leads to the reserved address 0.0.0.2 (IPv4-compatible)"),
            ("::127.0.0.1", "::127.0.0.1 leads to the loopback address 127.0.0.1 (IPv4-compatible)"),
            ("::8.8.8.8", "::8.8.8.8 leads to 8.8.8.8 in a way that is not trusted (IPv4-compatible)"),
            ("::ffff:0:c0a8:101", "::ffff:0:c0a8:101 leads to the private address 192.168.1.1 (IPv4-translated)"),
            ("::ffff:0:8.8.8.8", "::ffff:0:808:808 leads to 8.8.8.8 in a way that is not trusted (IPv4-translated)"),
            ("2002:a00:1::", "2002:a00:1:: leads to the private address 10.0.0.1 (6to4)"),
            ("2002:7f00:1:1::1", "2002:7f00:1:1::1 leads to the loopback address 127.0.0.1 (6to4)"),
            ("2002::", "2002:: leads to the reserved address 0.0.0.0 (6to4)"),
            ("2002:808:808::", "2002:808:808:: leads to 8.8.8.8 in a way that is not trusted (6to4)"),
            ("2002:ffff:ffff:ffff::", "2002:ffff:ffff:ffff:: leads to the broadcast address 255.255.255.255 (6to4)"),
            ("2001:0:808:808::f5ff:fffe", "2001:0:808:808::f5ff:fffe leads to the private address 10.0.0.1 (Teredo)"),
            ("2001:0:a00:1::f7f7:f7f7", "2001:0:a00:1::f7f7:f7f7 leads to the private address 10.0.0.1 (Teredo)"),
            ("2001:0:808:404::f7f7:f7f7", "2001:0:808:404::f7f7:f7f7 leads to 8.8.8.8 in a way that is not trusted (Teredo)"),
        ]) func disguises(address: String, reason: String?)
    {
        #expect(refusal(of: address) == reason)
    }

    @Test(
        "That are allowed are dialled although they are private, and so is what leads to them",
        arguments: [
            ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "192.168.1.1", false), ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false), ("::/0", "10.1.2.3", false), ("0.0.0.0/0", "fd00::1", false), ("fd00::/8", "fd00::1", true),
            ("fd00::/8", "fc00::1", false), ("fe80::/10", "fe80::1", true), ("127.0.0.0/8", "0.0.0.0", true), ("::1", "::", true),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true), ("10.0.0.0/8", "64:ff9b::a00:1", true), ("10.0.0.0/8", "2002:a00:1::", true),
            ("10.0.0.0/8", "::10.0.0.1", true), ("10.0.0.0/8", "::ffff:0:10.0.0.1", true), ("10.0.0.0/8", "::ffff:127.0.0.1", false),
            ("10.0.0.0/8", "2001:0:a00:1::f5ff:fffe", true), ("10.0.0.0/8", "2001:0:a00:1::80ff:fffe", false),
            ("10.0.0.0/8", "2001:0:7f00:1::f5ff:fffe", false), ("0.0.0.0/0", "::ffff:0.0.0.0", true), ("0.0.0.0/8", "::1", false),
            // A range speaks of disguised addresses when it is of their kind only.
            ("::/0", "::1", true), ("::/0", "::ffff:127.0.0.1", false), ("::/0", "64:ff9b::a00:1", false),
            ("2000::/3", "2002:a00:1::", false), ("2000::/3", "2001:0:808:808::f5ff:fffe", false), ("0.0.0.0/8", "0.0.0.0", false),
            ("2002::/16", "2002:a00:1::", true), ("2001::/32", "2001:0:808:808::f5ff:fffe", true), ("64:ff9b::/96", "64:ff9b::a00:1", true),
            ("::ffff:10.0.0.0/104", "::ffff:10.0.0.1", true), ("::ffff:10.0.0.0/104", "10.0.0.1", false),
        ]) func allowed(range: String, address: String, isAllowed: Bool) throws
    {
        let guardian = AddressGuard(blocksPrivate: true, allowed: [try #require(AddressRange(range))])
        #expect((refusal(of: address, by: guardian) == nil) == isAllowed)
    }

    @Test(
        "That are denied are never dialled, nor what leads to them",
        arguments: [
            ("8.8.8.0/24", "8.8.8.8", "8.8.8.8 is in the denied range 8.8.8.0/24"), ("8.8.8.0/24", "8.8.9.0", nil),
            ("8.8.8.8", "8.8.8.8", "8.8.8.8 is in the denied range 8.8.8.8/32"),
            ("8.8.8.0/24", "::ffff:8.8.8.8", "::ffff:8.8.8.8 leads to the denied address 8.8.8.8"),
            ("8.8.8.0/24", "64:ff9b::808:808", "64:ff9b::808:808 leads to the denied address 8.8.8.8"),
            ("8.8.8.0/24", "2002:808:808::", "2002:808:808:: leads to the denied address 8.8.8.8"),
            ("8.8.8.8", "2001:0:101:101::f7f7:f7f7", "2001:0:101:101::f7f7:f7f7 leads to the denied address 8.8.8.8"),
            ("1.1.1.1", "2001:0:101:101::f7f7:f7f7", "2001:0:101:101::f7f7:f7f7 leads to the denied address 1.1.1.1"),
            ("127.0.0.0/8", "0.0.0.0", "0.0.0.0 leads to the denied address 127.0.0.1"),
            ("::1", "::", ":: leads to the denied address ::1"), ("0.0.0.0/0", "::1", nil),
            ("2000::/3", "2001:4860::1", "2001:4860::1 is in the denied range 2000::/3"), ("2000::/3", "8.8.8.8", nil),
            ("::ffff:0:0/96", "8.8.8.8", nil),
            ("::ffff:0:0/96", "::ffff:8.8.8.8", "::ffff:8.8.8.8 is in the denied range ::ffff:0.0.0.0/96"),
        ]) func denied(range: String, address: String, reason: String?) throws
    {
        let range = try #require(AddressRange(range))
        #expect(refusal(of: address, by: AddressGuard(denied: [range])) == reason)
        let anything = try ["0.0.0.0/0", "::/0", address].map { try #require(AddressRange($0)) }
        let openHanded = AddressGuard(blocksPrivate: true, allowed: anything, denied: [range], allowedHosts: ["host"])
        #expect(refusal(of: address, by: openHanded) == reason)
    }

    @Test("May be private for the hosts that are allowed, and for no others")
    func hosts() throws {
        var guardian = AddressGuard(blocksPrivate: true, allowedHosts: ["intranet", "[::1]"])
        #expect(refusal(of: "10.0.0.1", host: "intranet", by: guardian) == nil)
        #expect(refusal(of: "::1", host: "[::1]", by: guardian) == nil)
        for host in ["intranet.", "x.intranet", "intranet.example", "tranet", "10.0.0.1", ""] {
            #expect(refusal(of: "10.0.0.1", host: host, by: guardian) == "10.0.0.1 is a private address")
        }
        guardian.denied = [try #require(AddressRange("10.0.0.0/8"))]
        #expect(refusal(of: "10.0.0.1", host: "intranet", by: guardian) == "10.0.0.1 is in the denied range 10.0.0.0/8")
        #expect(refusal(of: "192.168.0.1", host: "intranet", by: guardian) == nil)
    }

    @Test(
        "Are dialled at ports that are allowed only, whatever else is",
        arguments: [("8.8.8.8", 80, true), ("8.8.8.8", 443, true), ("8.8.8.8", 25, false), ("10.0.0.1", 25, false), ("::1", 65535, false)])
    func ports(address: String, port: Int, isAllowed: Bool) throws {
        let anything = try ["0.0.0.0/0", "::/0"].map { try #require(AddressRange($0)) }
        let reason = isAllowed ? nil : "port \(port) is not allowed"
        for blocksPrivate in [false, true] {
            let guardian = AddressGuard(blocksPrivate: blocksPrivate, allowed: anything, allowedHosts: ["host"], allowedPorts: [80, 443])
            #expect(refusal(of: address, port: port, by: guardian) == reason)
        }
    }

    @Test("Of other families are dialled only when nothing is guarded")
    func families() {
        for family in [AF_UNIX, AF_UNSPEC, AF_NETLINK, AF_PACKET] {
            var address = sockaddr()
            address.sa_family = sa_family_t(family)
            #expect(AddressGuard(blocksPrivate: true).refusal(&address, host: "host") == "not an internet address")
            #expect(AddressGuard(allowedPorts: [80]).refusal(&address, host: "host") == "not an internet address")
            #expect(AddressGuard().refusal(&address, host: "host") == nil)
        }
    }

    @Test("Are all dialled by a guard that has nothing to refuse", arguments: ["10.0.0.1", "0.0.0.0", "::1", "2002:a00:1::", "8.8.8.8"])
    func inactive(address: String) throws {
        let range = try #require(AddressRange("192.168.0.0/16"))
        let exceptions = AddressGuard(allowed: [range], allowedHosts: ["intranet"])
        #expect(!AddressGuard().isActive && !exceptions.isActive)
        #expect(refusal(of: address, by: exceptions) == nil)
        #expect(AddressGuard(blocksPrivate: true).isActive)
        #expect(AddressGuard(denied: [range]).isActive)
        #expect(AddressGuard(allowedPorts: [80]).isActive)
    }

    @Test(
        "Are written as ranges in CIDR notation",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("10.1.2.3/8", "10.0.0.0/8"), ("10.1.2.3", "10.1.2.3/32"), ("10.1.2.3/31", "10.1.2.2/31"),
            ("255.255.255.255/0", "0.0.0.0/0"), ("fd00::/8", "fd00::/8"), ("FD12:3456::1/8", "fd00::/8"), ("::1", "::1/128"),
            ("2001:db8::ffff/127", "2001:db8::fffe/127"), ("ffff::1/0", "::/0"), ("::ffff:10.0.0.1/104", "::ffff:10.0.0.0/104"),
        ]) func ranges(text: String, normalForm: String) throws
    {
        let range = try #require(AddressRange(text))
        #expect(range.description == normalForm)
        #expect(range == AddressRange(normalForm))
    }

    @Test(
        "Are not taken for ranges when they are rubbish",
        arguments: [
            "", "/", "/8", "10", "10.0.0/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/ 8", " 10.0.0.0/8",
            "10.0.0.0/8 ", "10.0.0.0/8/8", "10.0.0.0/255.0.0.0", "10.0.0.0/8a", "10.0.0.0/0x8", "10.0.0.0/99999999999999999999",
            "0x0a.0.0.0/8", "010.0.0.0/8", "10.0.0.256", "::/129", "[::1]", "[::1]/128", "fe80::1%lo", "fe80::%1/10", ":::/0",
            "1:2:3:4:5:6:7:8:9",
            "localhost", "10.0.0.0\\8", "10.0.0.1\0", "10.0.0.0/\u{661}", "*",
        ]) func rubbish(text: String)
    {
        #expect(AddressRange(text) == nil)
    }

    @Test(
        "Are in a range from its first to its last",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0", true), ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("10.0.0.0/8", "9.255.255.255", false), ("10.0.0.0/8", "a00::", false), ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::", false), ("::/0", "ffff::", true), ("::/0", "0.0.0.0", false), ("::1", "::1", true), ("::1", "::2", false),
            ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.128", true), ("fe80::/10", "febf::", true),
        ]) func membership(range: String, address: String, isMember: Bool) throws
    {
        #expect(try #require(AddressRange(range)).contains(#require(NumericAddress(address))) == isMember)
    }
}

/// What the guard says to a socket address as libcurl would have it.
private func refusal(
    of text: String, port: Int = 80, host: String = "host", by guardian: AddressGuard = AddressGuard(blocksPrivate: true)
) -> String? {
    var ipv4 = sockaddr_in()
    var ipv6 = sockaddr_in6()
    if inet_pton(AF_INET, text, &ipv4.sin_addr) == 1 {
        ipv4.sin_family = sa_family_t(AF_INET)
        ipv4.sin_port = in_port_t(port).bigEndian
        return withUnsafeBytes(of: &ipv4) { guardian.refusal($0.assumingMemoryBound(to: sockaddr.self).baseAddress!, host: host) }
    }
    guard inet_pton(AF_INET6, text, &ipv6.sin6_addr) == 1 else { return "\(text) is no address" }
    ipv6.sin6_family = sa_family_t(AF_INET6)
    ipv6.sin6_port = in_port_t(port).bigEndian
    // Neither has a say.
    ipv6.sin6_flowinfo = 0xFFFF_FFFF
    ipv6.sin6_scope_id = 7
    return withUnsafeBytes(of: &ipv6) { guardian.refusal($0.assumingMemoryBound(to: sockaddr.self).baseAddress!, host: host) }
}
