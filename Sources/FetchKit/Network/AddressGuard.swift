// Judges the address that is about to be dialled. A URL has a hundred spellings and a name can change its mind; what connect(2)
// gets is one number, and that is what is judged here.

internal import CCurl
internal import Glibc

/// Which addresses may be dialled.
///
/// A port that is not allowed is refused first, then `denied`, which nothing overrides; then `allowed` and `allowedHosts` are the
/// exceptions from `blocksPrivate`. What an address leads to is judged with it: `64:ff9b::a00:1` is as private as `10.0.0.1`. The
/// IPv6 prefix that a network has chosen for its own NAT64 (RFC 6052 section 2.2) cannot be known; it can be denied.
public struct AddressGuard: Sendable, Hashable {
    /// Whether addresses that are not globally reachable are refused (RFC 6890): private, loopback, link-local, reserved ...
    public var blocksPrivate: Bool
    /// Dialled although they are private. A range must be as long as the prefix of a transition mechanism to speak of the addresses
    /// in it: `2000::/3` does not allow the 6to4 address of `10.0.0.1`, `2002::/16` does, and so does `10.0.0.0/8`.
    public var allowed: [AddressRange]
    /// Never dialled.
    public var denied: [AddressRange]
    /// Hosts that may have private addresses, lower case, as they are in the URL: `intranet`, `[::1]`.
    public var allowedHosts: Set<String>
    /// Empty is any port.
    public var allowedPorts: Set<Int>
    /// What goes through a proxy cannot be judged, because the proxy dials. It is refused, unless this leaves it to the proxy.
    public var leavesProxiedRequests = false

    public init(
        blocksPrivate: Bool = false, allowed: [AddressRange] = [], denied: [AddressRange] = [], allowedHosts: Set<String> = [],
        allowedPorts: Set<Int> = []
    ) {
        self.blocksPrivate = blocksPrivate
        self.allowed = allowed
        self.denied = denied
        self.allowedHosts = allowedHosts
        self.allowedPorts = allowedPorts
    }

    /// Whether anything can be refused. `allowed` and `allowedHosts` are exceptions only.
    public var isActive: Bool { blocksPrivate || !denied.isEmpty || !allowedPorts.isEmpty }

    /// Why `address` may not be dialled for a URL with that host; nil when it may. It must be a whole `sockaddr_in` or
    /// `sockaddr_in6`, as its family says.
    func refusal(_ address: UnsafePointer<sockaddr>, host: String) -> String? {
        guard isActive else { return nil }
        guard let (address, port) = NumericAddress.read(address) else { return "not an internet address" }
        if !allowedPorts.isEmpty, !allowedPorts.contains(port) { return "port \(port) is not allowed" }
        if let reason = denial(of: address) { return reason }
        guard blocksPrivate, !allows(address), !allowedHosts.contains(host) else { return nil }
        return privacy(of: address)
    }

    private func denial(of address: NumericAddress) -> String? {
        if let range = denied.first(where: { $0.contains(address) }) { return "\(address) is in the denied range \(range)" }
        for inner in address.disguise?.uncover(address) ?? [] where denial(of: inner) != nil {
            return "\(address) leads to the denied address \(inner)"
        }
        return nil
    }

    private func allows(_ address: NumericAddress) -> Bool {
        guard let disguise = address.disguise else { return allowed.contains { $0.contains(address) } }
        return allowed.contains { $0.length >= disguise.range.length && $0.contains(address) }
            || disguise.uncover(address).allSatisfy(allows)
    }

    private func privacy(of address: NumericAddress) -> String? {
        guard let disguise = address.disguise else { return address.purpose.map { "\(address) is a \($0) address" } }
        let inner = disguise.uncover(address)
        for each in inner {
            if let purpose = each.purpose { return "\(address) leads to the \(purpose) address \(each) (\(disguise.name))" }
        }
        return disguise.isTrusted ? nil : "\(address) leads to \(inner[0]) in a way that is not trusted (\(disguise.name))"
    }
}
