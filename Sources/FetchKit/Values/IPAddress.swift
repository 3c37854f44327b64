// An address as libcurl wants it named, and what hosts the user maps to addresses.

internal import CCurl
internal import Glibc

/// An IPv4 or IPv6 address.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Numeric, without brackets; an IPv6 address may carry a zone.
    public let text: String

    /// Whether it is an IPv6 address.
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
