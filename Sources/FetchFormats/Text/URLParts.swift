// The parts of a URL that names are made of. The URL was judged and brought to its normal form before; this only cuts it up, and
// accepts anything.

import FetchKit

/// A URL in pieces, without user name and password.
struct URLParts {
    let scheme: [UInt8]
    let host: [UInt8]
    /// The scheme's own where the URL names none; empty for a scheme that has none.
    let port: [UInt8]
    let hasDefaultPort: Bool
    /// From the first slash to the last, as in the URL.
    let folders: [UInt8]
    /// The last part of the path, decoded; `index.html` when the path ends in a slash.
    let basename: [UInt8]
    /// Without the question mark, as in the URL.
    let query: [UInt8]?

    init(_ url: String) {
        var rest = Array(url.utf8).prefix { $0 != UInt8(ascii: "#") }
        let name = rest.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        let hasScheme = rest[name.endIndex...].starts(with: "://".utf8)
        scheme = hasScheme ? Array(name) : []
        if hasScheme { rest = rest[(name.endIndex + 3)...] }

        var authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        rest = rest[authority.endIndex...]
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        let afterBrackets = authority.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
        let hostEnd = authority[afterBrackets...].firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        host = Array(authority[..<hostEnd])
        let named = Array(authority[hostEnd...].dropFirst())
        let ports = ["http": "80", "https": "443"]
        let usual = Array((ports[String(decoding: scheme, as: UTF8.self)] ?? "").utf8)
        port = named.isEmpty ? usual : named
        hasDefaultPort = named.isEmpty || named == usual

        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        query = path.endIndex < rest.endIndex ? Array(rest[(path.endIndex + 1)...]) : nil
        let lastSlash = path.lastIndex(of: UInt8(ascii: "/"))
        folders = lastSlash.map { Array(path[...$0]) } ?? Array("/".utf8)
        let last = lastSlash.map { path[($0 + 1)...] } ?? path
        basename = last.isEmpty ? Array("index.html".utf8) : decoding(last)
    }

    /// The basename up to its last dot, which is no extension's when it comes first.
    var stem: [UInt8] { Array(basename[..<(lastDot ?? basename.endIndex)]) }

    /// What follows the last dot of the basename.
    var ext: [UInt8] { lastDot.map { Array(basename[($0 + 1)...]) } ?? [] }

    private var lastDot: Int? {
        guard let dot = basename.lastIndex(of: UInt8(ascii: ".")), dot > basename.startIndex else { return nil }
        return dot
    }
}

/// Percent-escapes replaced with the bytes they mean, except where that would make a folder or a control character of them.
package func decoding(_ text: some Collection<UInt8>) -> [UInt8] {
    var rest = Array(text)[...]
    var result: [UInt8] = []
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%"), let high = hexadecimalDigit(rest.first), let low = hexadecimalDigit(rest.dropFirst().first) else {
            result.append(byte)
            continue
        }
        rest = rest.dropFirst(2)
        let meant = high << 4 | low
        if meant == UInt8(ascii: "/") || meant < 0x20 || meant == 0x7F {
            result += percentEncoded(meant)
        } else {
            result.append(meant)
        }
    }
    return result
}

/// The text as part of one name.
func escapingSlashes(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(UInt8(ascii: "/")) else { return text }
    return text.flatMap { $0 == UInt8(ascii: "/") ? percentEncoded($0) : [$0] }
}

/// Three characters such as `%0A`.
func percentEncoded(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
}
