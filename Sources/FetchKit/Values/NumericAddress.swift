// Addresses as numbers: what connect(2) gets, and what each of them is for.

internal import CCurl
internal import Glibc

/// An address as it is on the wire.
struct NumericAddress: Hashable, CustomStringConvertible {
    /// The low 32 bits, or all.
    let bits: UInt128
    let isIPv6: Bool

    var width: Int { isIPv6 ? 128 : 32 }

    init(bits: UInt128, isIPv6: Bool) {
        self.bits = bits
        self.isIPv6 = isIPv6
    }

    /// The IPv4 address in the low bits.
    init(ipv4 bits: UInt128) { self.init(bits: bits & 0xFFFF_FFFF, isIPv6: false) }

    /// Parses what inet_pton(3) takes: no zone, no brackets, no short forms.
    init?(_ text: String) {
        var ipv4 = in_addr()
        var ipv6 = in6_addr()
        guard !text.utf8.contains(0) else { return nil }
        if inet_pton(AF_INET, text, &ipv4) == 1 {
            self.init(ipv4)
        } else if inet_pton(AF_INET6, text, &ipv6) == 1 {
            self.init(ipv6)
        } else {
            return nil
        }
    }

    private init(_ address: in_addr) { self.init(ipv4: UInt128(UInt32(bigEndian: address.s_addr))) }

    private init(_ address: in6_addr) {
        self.init(bits: withUnsafeBytes(of: address) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) }, isIPv6: true)
    }

    /// The address and the port of a socket address; nil for other families.
    static func read(_ address: UnsafePointer<sockaddr>) -> (NumericAddress, port: Int)? {
        let bytes = UnsafeRawPointer(address)
        switch CInt(address.pointee.sa_family) {
        case AF_INET:
            let address = bytes.loadUnaligned(as: sockaddr_in.self)
            return (NumericAddress(address.sin_addr), Int(UInt16(bigEndian: address.sin_port)))
        case AF_INET6:
            let address = bytes.loadUnaligned(as: sockaddr_in6.self)
            return (NumericAddress(address.sin6_addr), Int(UInt16(bigEndian: address.sin6_port)))
        default: return nil
        }
    }

    /// Address and port of this end of a connection (getsockname(2)); nil for what is none, or not an internet one.
    static func local(of descriptor: CInt) -> (address: NumericAddress, port: Int)? { ask(getsockname, descriptor) }

    /// The same of the other end (getpeername(2)).
    static func peer(of descriptor: CInt) -> (address: NumericAddress, port: Int)? { ask(getpeername, descriptor) }

    private static func ask(
        _ call: (CInt, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt, _ descriptor: CInt
    ) -> (address: NumericAddress, port: Int)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, &length) == 0 ? read($0).map { ($0.0, $0.port) } : nil
            }
        }
    }

    var description: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            withUnsafeBytes(of: (bits << (128 - width)).bigEndian) { bytes in
                _ = inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes.baseAddress!, text.baseAddress!, socklen_t(text.count))
            }
            return String(cString: text.baseAddress!)
        }
    }
}
