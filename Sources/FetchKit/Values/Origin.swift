// Scheme, host and port of a URL.

/// Scheme, host and port of a URL: what limits, connections and secrets belong to.
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    let text: String
    /// False for a numeric address.
    let needsLookUp: Bool

    /// `authority` is host and port, lower case.
    init(scheme: Substring, authority: String) {
        text = "\(scheme)://\(authority)"
        // libcurl writes every IPv4 address as four numbers, and IPv6 in brackets.
        let isNumeric = authority.utf8.allSatisfy { $0 &- 48 < 10 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
        needsLookUp = authority.first != "[" && !(isNumeric && IPAddress(String(authority.prefix { $0 != ":" })) != nil)
    }

    /// Host without port, lower case; an IPv6 address in brackets.
    var host: String {
        let (start, end) = bounds
        return String(text[start..<end])
    }

    var port: Int {
        let end = bounds.end
        return end == text.endIndex ? (isSecure ? 443 : 80) : Int(text[text.index(after: end)...]) ?? 0
    }

    private var bounds: (start: String.Index, end: String.Index) {
        let start = text.utf8.index(text.startIndex, offsetBy: isSecure ? 8 : 7)
        let authority = text[start...]
        let afterBracket = authority.firstIndex(of: "]") ?? start
        return (start, text[afterBracket...].firstIndex(of: ":") ?? text.endIndex)
    }

    public var description: String { text }

    public static func == (a: Origin, b: Origin) -> Bool { a.text == b.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    var isSecure: Bool { text.hasPrefix("https:") }

    /// Whether a secret for this origin may go to `other`: the same origin, or the step from http to https on the same host
    /// with default ports.
    func mayShareSecrets(with other: Origin) -> Bool {
        if self == other { return true }
        guard text.hasPrefix("http://"), other.text.hasPrefix("https://") else { return false }
        let host = text.dropFirst("http://".count)
        return !hasPort(host) && host == other.text.dropFirst("https://".count)
    }

    private func hasPort(_ host: Substring) -> Bool {
        guard let colon = host.lastIndex(of: ":") else { return false }
        return !host[colon...].contains("]")
    }
}
