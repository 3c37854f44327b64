// Which addresses may be dialled: the settings. What they mean stands in Guard/.

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
    public var allowsProxiedRequests = false

    /// A guard with these rules; without any it refuses nothing.
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
}
