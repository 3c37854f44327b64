// URLs that are in libcurl's normal form as they stand, which most are. Recognizing them costs a fiftieth of parsing them. The rules are
// narrow: what is accepted here, libcurl returns unchanged, and what is in doubt is left to it.

internal import Glibc

extension HTTPURL {
    /// Bytes of the form `scheme://host[:port]/path`: a name in lower case or an IPv4 address, and a path of plain characters without
    /// dot segments. Nil when they are not.
    init?(plain bytes: UnsafeRawBufferPointer) {
        let scheme = bytes.starts(with: "http://".utf8) ? 4 : bytes.starts(with: "https://".utf8) ? 5 : 0
        guard scheme > 0 else { return nil }
        let authority = scheme + 3
        guard let end = bytes[authority...].firstIndex(of: UInt8(ascii: "/")), Self.isPlainPath(bytes[end...]) else { return nil }
        let host = bytes[authority..<(bytes[authority..<end].firstIndex(of: UInt8(ascii: ":")) ?? end)]
        guard Self.isPlainHost(host), host.endIndex == end || Self.isPlainPort(bytes[(host.endIndex + 1)..<end], isSecure: scheme == 5)
        else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let start = text.utf8.index(text.startIndex, offsetBy: authority)
        self.init(
            plain: text,
            origin: Origin(
                scheme: text.prefix(scheme), authority: String(text[start..<text.utf8.index(text.startIndex, offsetBy: end)])))
    }

    /// The same of bytes that are probably like `neighbour`, as the lines of one list often are: the origin need not be judged again.
    package init?(plain bytes: UnsafeRawBufferPointer, like neighbour: HTTPURL) {
        var text = neighbour.origin.text
        let isLike = text.withUTF8 { origin in
            bytes.count > origin.count && bytes[origin.count] == UInt8(ascii: "/")
                && memcmp(bytes.baseAddress!, origin.baseAddress!, origin.count) == 0 && Self.isPlainPath(bytes[origin.count...])
        }
        guard isLike else { return nil }
        self.init(plain: String(decoding: bytes, as: UTF8.self), origin: neighbour.origin)
    }

    /// No percent sign is plain: its normal form differs between versions of libcurl.
    private static func isPlainPath(_ path: Slice<UnsafeRawBufferPointer>) -> Bool {
        var previous: UInt8 = 0
        for byte in path {
            guard plain[Int(byte)] || (byte == UInt8(ascii: ".") && previous != UInt8(ascii: "/")) else { return false }
            previous = byte
        }
        // An empty query goes.
        return previous != UInt8(ascii: "?")
    }

    /// Which bytes are plain wherever they stand in a path.
    private static let plain: [Bool] = {
        let text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_?=&+,~"
        return (0...UInt8.max).map { byte in text.utf8.contains(byte) }
    }()

    /// A name whose last label begins with a letter, so that it is no number in any notation, or an IPv4 address of four numbers. Names
    /// with letters outside of ASCII (`xn--`) have a form that libcurl decides about.
    private static func isPlainHost(_ host: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard !host.isEmpty, host.count < 254 else { return false }
        var isAddress = true
        var labels = 0
        for label in host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            labels += 1
            guard let first = label.first, label.allSatisfy({ $0 &- 97 < 26 || $0 &- 48 < 10 || $0 == UInt8(ascii: "-") }),
                !label.starts(with: "xn--".utf8)
            else { return false }
            isAddress = isAddress && isPlainNumber(label, upTo: 255)
            if label.endIndex == host.endIndex { return first &- 97 < 26 || (isAddress && labels == 4) }
        }
        return false
    }

    private static func isPlainPort(_ port: Slice<UnsafeRawBufferPointer>, isSecure: Bool) -> Bool {
        isPlainNumber(port, upTo: 65535) && port.first != UInt8(ascii: "0") && !port.elementsEqual((isSecure ? "443" : "80").utf8)
    }

    /// Digits, without a zero in front that would make the number octal.
    private static func isPlainNumber(_ digits: Slice<UnsafeRawBufferPointer>, upTo most: Int) -> Bool {
        guard (1...5).contains(digits.count), digits.allSatisfy({ $0 &- 48 < 10 }), digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return false }
        return digits.reduce(0) { $0 * 10 + Int($1 &- 48) } <= most
    }
}
