// An address as libcurl wants it named, and what hosts the user maps to addresses.

internal import CCurl
internal import Glibc

/// An IPv4 or IPv6 address.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Numeric, without brackets; an IPv6 address may carry a zone.
    public let text: String

    public var isIPv6: Bool { text.utf8.contains(UInt8(ascii: ":")) }

    public var description: String { text }

    /// Parses a numeric address, with or without brackets; nil for anything else.
    public init?(_ text: String) {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        var address = in6_addr()
        let isValid = inet_pton(AF_INET, bare, &address) == 1 || inet_pton(AF_INET6, String(bare.prefix { $0 != "%" }), &address) == 1
        guard isValid else { return nil }
        self.text = bare
    }

    init?(_ address: UnsafePointer<sockaddr>) {
        let length = address.pointee.sa_family == sa_family_t(AF_INET6) ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer -> String? in
            let code = getnameinfo(address, socklen_t(length), buffer.baseAddress, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
            return code == 0 ? String(cString: buffer.baseAddress!) : nil
        }
        guard let text else { return nil }
        self.text = text
    }

    /// As `CURLOPT_CONNECT_TO` takes it, for any host and port; a nil port is the URL's own.
    func connectTo(port: Int?) -> String { (isIPv6 ? "::[\(text)]:" : "::\(text):") + (port.map { "\($0)" } ?? "") }
}

/// Which families of addresses are used.
public enum AddressFamily: Sendable {
    case any
    case ipv4
    case ipv6

    var number: CInt {
        switch self {
        case .any: Self.hasIPv6 ? AF_UNSPEC : AF_INET
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        }
    }

    /// Whether this machine can make IPv6 sockets at all: if not, half of each lookup is for nothing.
    private static let hasIPv6: Bool = {
        let descriptor = socket(AF_INET6, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0 || errno != EAFNOSUPPORT
    }()
}

/// A host and port in whose place another one is asked (curl's `--connect-to`); the request stays as it is.
public struct Detour: Sendable {
    /// Lower case; empty is any.
    public var host: String
    /// Nil is any.
    public var port: Int?
    /// Empty is the same.
    public var toHost: String
    /// Nil is the same.
    public var toPort: Int?

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

/// A host whose addresses the user knows better (curl's `--resolve`).
public struct HostOverride: Sendable {
    /// Lower case; `*` is any host.
    public var host: String
    /// Nil is any port.
    public var port: Int?
    public var addresses: [IPAddress]

    public init(host: String, port: Int?, addresses: [IPAddress]) {
        self.host = host.lowercased()
        self.port = port
        self.addresses = addresses
    }

    func matches(_ host: String, _ port: Int) -> Bool {
        (self.host == "*" || self.host == host) && (self.port == nil || self.port == port)
    }
}
