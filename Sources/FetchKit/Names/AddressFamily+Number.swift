// Which addresses getaddrinfo(3) is asked for.

internal import CCurl
internal import Glibc

extension AddressFamily {
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
