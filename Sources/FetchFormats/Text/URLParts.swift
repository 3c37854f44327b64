// A URL cut into its parts (RFC 3986 section 3). What is cut was judged and brought to its normal form before; anything is accepted.

/// The parts of a URL as they are written in it.
struct URLParts {
    /// Empty where there is none.
    let scheme: ArraySlice<UInt8>
    let hasCredentials: Bool
    /// An IPv6 address is in its brackets.
    let host: ArraySlice<UInt8>
    /// Empty where there is none.
    let namedPort: ArraySlice<UInt8>
    /// From its first slash on.
    let path: ArraySlice<UInt8>
    /// Without the question mark.
    let query: ArraySlice<UInt8>?
    /// Without the number sign.
    let fragment: ArraySlice<UInt8>?

    init(_ url: String) {
        let bytes = Array(url.utf8)
        var rest = bytes.prefix { $0 != UInt8(ascii: "#") }
        fragment = rest.endIndex < bytes.endIndex ? bytes[(rest.endIndex + 1)...] : nil
        let name = rest.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        let hasScheme = rest[name.endIndex...].starts(with: "://".utf8)
        scheme = hasScheme ? name : []
        if hasScheme { rest = rest[(name.endIndex + 3)...] }

        var authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        rest = rest[authority.endIndex...]
        let at = authority.lastIndex(of: UInt8(ascii: "@"))
        hasCredentials = at != nil
        if let at { authority = authority[(at + 1)...] }
        let afterBrackets = authority.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
        host = authority[..<(authority[afterBrackets...].firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex)]
        namedPort = authority[host.endIndex...].dropFirst()

        path = rest.prefix { $0 != UInt8(ascii: "?") }
        query = path.endIndex < rest.endIndex ? rest[(path.endIndex + 1)...] : nil
    }

    /// That of the scheme; empty for one that has none.
    var defaultPort: String {
        if scheme.elementsEqual("https".utf8) { return "443" }
        return scheme.elementsEqual("http".utf8) ? "80" : ""
    }

    var hasDefaultPort: Bool { namedPort.isEmpty || namedPort.elementsEqual(defaultPort.utf8) }

    /// The scheme's own where the URL names none.
    var port: [UInt8] { namedPort.isEmpty ? Array(defaultPort.utf8) : Array(namedPort) }
}
