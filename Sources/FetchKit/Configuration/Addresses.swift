// Where connections go to and come from.

extension Configuration {
    /// Names, addresses, and the interface of this end.
    public struct Addresses: Sendable {
        /// Lookups at once, each on a thread of its own.
        public var resolverThreads = 32
        /// Which families are looked up and connected to (`CURLOPT_IPRESOLVE`).
        public var family = AddressFamily.any
        /// Hosts whose addresses are known; the last match counts.
        public var overrides: [HostOverride] = []
        /// Hosts that are asked at another host; the first match counts.
        public var detours: [Detour] = []
        /// The interface, its address or a host name, that connections come from (`CURLOPT_INTERFACE`).
        public var interface: String?
        /// All connections go to this Unix domain socket.
        public var unixSocket: String?

        /// The defaults.
        public init() {}
    }
}

/// Which families of addresses are used.
public enum AddressFamily: Sendable {
    /// IPv6 and IPv4: a family that has no connection after a moment leaves the turn to the other one (after RFC 8305).
    case any
    /// IPv4 only.
    case ipv4
    /// IPv6 only.
    case ipv6
}

/// A host and port in whose place another one is asked (curl's `--connect-to`); the request stays as it is.
public struct Detour: Sendable {
    /// Lower case; empty is any.
    public var host: String
    /// The port of the URL; nil is any.
    public var port: Int?
    /// Empty is the same.
    public var toHost: String
    /// Nil is the same.
    public var toPort: Int?

    /// Names are taken in any case.
    public init(host: String, port: Int?, toHost: String, toPort: Int?) {
        self.host = host.lowercased()
        self.port = port
        self.toHost = toHost.lowercased()
        self.toPort = toPort
    }

    func matches(_ host: String, _ port: Int) -> Bool {
        (self.host.isEmpty || self.host == host) && (self.port == nil || self.port == port)
    }
}

/// A host whose addresses the user gives (curl's `--resolve`).
public struct HostOverride: Sendable {
    /// Lower case; `*` is any host.
    public var host: String
    /// Nil is any port.
    public var port: Int?
    /// In order of preference; at most eight are tried.
    public var addresses: [IPAddress]

    /// The name is taken in any case.
    public init(host: String, port: Int?, addresses: [IPAddress]) {
        self.host = host.lowercased()
        self.port = port
        self.addresses = addresses
    }

    func matches(_ host: String, _ port: Int) -> Bool {
        (self.host == "*" || self.host == host) && (self.port == nil || self.port == port)
    }
}
