// Hexadecimal digits: hashes as people and programs write them, and what URLs and chunks are made of.

/// Two lower-case digits for each byte.
package func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// Bytes from an even number of digits; nil for anything else.
package func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0]! << 4 | digits[$0 + 1]!) }
}

/// The value of a digit in ASCII; nil for anything else.
package func hexadecimalDigit(_ byte: UInt8?) -> UInt8? {
    switch byte {
    case let byte? where byte &- UInt8(ascii: "0") < 10: byte - UInt8(ascii: "0")
    case let byte? where (byte | 0x20) &- UInt8(ascii: "a") < 6: (byte | 0x20) - UInt8(ascii: "a") + 10
    default: nil
    }
}
