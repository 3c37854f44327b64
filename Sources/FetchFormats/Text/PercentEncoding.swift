// Percent-encoding of URLs (RFC 3986 section 2.1), on bytes.

import FetchKit

extension UInt8 {
    /// Three characters such as `%0A`.
    var percentEncoded: [UInt8] {
        let digits: StaticString = "0123456789ABCDEF"
        return [UInt8(ascii: "%"), digits.utf8Start[Int(self >> 4)], digits.utf8Start[Int(self & 15)]]
    }
}

extension Collection<UInt8> {
    /// With escapes in place of the bytes that `mustEscape` names, which are few.
    func percentEncoded(where mustEscape: (UInt8) -> Bool) -> [UInt8] {
        guard contains(where: mustEscape) else { return Array(self) }
        var result: [UInt8] = []
        result.reserveCapacity(count + 16)
        for byte in self { if mustEscape(byte) { result += byte.percentEncoded } else { result.append(byte) } }
        return result
    }

    /// Escapes replaced with the bytes they mean, except where `isKept` says that those must not be.
    func percentDecoded(keeping isKept: (UInt8) -> Bool = { _ in false }) -> [UInt8] {
        guard contains(UInt8(ascii: "%")) else { return Array(self) }
        var rest = Array(self)[...]
        var result: [UInt8] = []
        result.reserveCapacity(rest.count)
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), let high = hexadecimalDigit(rest.first), let low = hexadecimalDigit(rest.dropFirst().first)
            else {
                result.append(byte)
                continue
            }
            rest = rest.dropFirst(2)
            let meant = high << 4 | low
            if isKept(meant) { result += meant.percentEncoded } else { result.append(meant) }
        }
        return result
    }
}
