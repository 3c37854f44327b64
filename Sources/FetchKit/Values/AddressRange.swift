// Ranges of addresses, as people write them.

internal import Glibc

/// A block of addresses in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3).
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    private let first: NumericAddress
    let length: Int

    /// Parses `10.0.0.0/8` or `fd00::/8`; without a length it is the one address. Bits after the length do not matter.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NumericAddress(String(parts[0])) else { return nil }
        if parts.count == 1 {
            length = address.width
        } else {
            // Int() would take a sign.
            guard parts[1].utf8.allSatisfy({ $0 &- 48 < 10 }), let length = Int(parts[1]), length <= address.width else { return nil }
            self.length = length
        }
        let hostBits = address.width - length
        first = NumericAddress(bits: (address.bits >> hostBits) << hostBits, isIPv6: address.isIPv6)
    }

    func contains(_ address: NumericAddress) -> Bool {
        address.isIPv6 == first.isIPv6 && (address.bits ^ first.bits) >> (first.width - length) == 0
    }

    public var description: String { "\(first)/\(length)" }
}
