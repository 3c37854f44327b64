// Credentials in URLs, for what is printed.

extension HTTPURL {
    /// Text that is or was meant as a URL, with user name and password masked; both, because tokens are given as either. Works
    /// on what no parser accepts, because rejected lines are printed too.
    package static func redacted(_ text: String) -> String {
        guard let range = rangeOfCredentials(in: text) else { return text }
        let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
        return text[..<start] + "***" + text[text.utf8.index(text.startIndex, offsetBy: range.upperBound)...]
    }

    /// Where user name and password are in text that is or was meant as a URL, in bytes; nil when there are none.
    ///
    /// A password may hold `/`, `?` or `#` although a URL does not allow them there: where no port follows the first colon of the
    /// authority, everything up to the last `@` of the text is taken for a password.
    package static func rangeOfCredentials(in text: String) -> Range<Int>? {
        let bytes = text.utf8
        guard let last = bytes.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        let authority = Self.authority(of: bytes)
        guard authority.startIndex <= last else { return nil }
        var end = authority.lastIndex(of: UInt8(ascii: "@"))
        let host = end.map { authority[bytes.index(after: $0)...] } ?? authority
        if !isHostWithPort(host) { end = last }
        return end.map { bytes.distance(from: bytes.startIndex, to: authority.startIndex)..<bytes.distance(from: bytes.startIndex, to: $0) }
    }

    /// False for `name:password`: what follows the first colon, if there is one, must be a port.
    private static func isHostWithPort(_ host: Substring.UTF8View) -> Bool {
        let afterAddress = host.first == UInt8(ascii: "[") ? host.drop { $0 != UInt8(ascii: "]") } : host
        guard let colon = afterAddress.firstIndex(of: UInt8(ascii: ":")) else { return true }
        return UInt16(String(decoding: afterAddress[afterAddress.index(after: colon)...], as: UTF8.self)) != nil
    }

    /// What stands between the scheme's `://`, if there is one, and the path.
    static func authority<Bytes: BidirectionalCollection<UInt8>>(of bytes: Bytes) -> Bytes.SubSequence {
        let isDelimiter = { (byte: UInt8) in byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") }
        var rest = bytes[...]
        if let first = rest.firstIndex(where: isDelimiter), rest[first] == UInt8(ascii: "/"),
            first == rest.startIndex || rest[rest.index(before: first)] == UInt8(ascii: ":")
        {
            rest = rest[first...].drop { $0 == UInt8(ascii: "/") }
        }
        return rest.prefix { !isDelimiter($0) }
    }
}
