// A URL that `fetch` can ask for. libcurl's own parser decides, so that what was judged here is what is dialled later: two
// parsers that disagree about a URL are a security hole. What is in its normal form beyond doubt is not parsed (HTTPURL+Plain.swift).

internal import CCurl
internal import Glibc

/// An absolute `http` or `https` URL in the normal form of libcurl's URL API
/// (https://curl.se/libcurl/c/curl_url_set.html): scheme present, non-ASCII bytes of path and query percent-encoded, no
/// fragment, no default port.
public struct HTTPURL: Sendable, Hashable, CustomStringConvertible {
    /// The URL as it is dialled, user name and password included. Not for output: see `description`.
    public let absoluteString: String
    /// Scheme, host and port, lower case: what one server is (RFC 6454 section 4).
    public let origin: Origin
    /// True when the URL carries a user name or password.
    public let hasCredentials: Bool

    /// Parses text as a person or a list writes it; without a scheme it means `http://`, as in curl.
    ///
    /// - Throws: `InvalidURL` for what is no `http` or `https` URL, or one that parsers read in different ways.
    public init(_ text: String) throws(InvalidURL) {
        try self.init(bytes: Array(text.utf8))
    }

    /// Parses bytes, which need not be UTF-8: what is no ASCII in path and query is percent-encoded.
    ///
    /// - Throws: `InvalidURL` as the other one.
    public init(bytes: [UInt8]) throws(InvalidURL) {
        if let url = bytes.withUnsafeBytes({ HTTPURL(plain: $0) }) {
            self = url
            return
        }
        try self.init(parsing: bytes)
    }

    /// The same by libcurl alone.
    init(parsing bytes: [UInt8]) throws(InvalidURL) {
        if let reason = Self.defect(in: bytes) { throw InvalidURL(reason: reason) }
        let parser = CurlURL()
        let text = Self.namesScheme(bytes) ? bytes : Array("http://".utf8) + bytes
        try parser.set(text)
        try self.init(parser.settled(after: bytes))
    }

    /// The URL that a `Location` of this one leads to (RFC 3986 section 5, done by libcurl).
    ///
    /// Credentials of this URL go along to the same origin, and to any if `keepingCredentials` says so. Throws for what a list
    /// line is refused for as well: browsers, libcurl and people read such an authority in different ways.
    public func resolving(location: [UInt8], keepingCredentials: Bool = false) throws(InvalidURL) -> HTTPURL {
        if let reason = Self.defect(inAuthority: Self.referenceAuthority(location)) { throw InvalidURL(reason: reason) }
        let parser = CurlURL()
        try parser.set(Array(absoluteString.utf8))
        try parser.set(location)
        let settled = try parser.settled(after: location)
        let target = try HTTPURL(settled)
        guard hasCredentials, !target.hasCredentials, keepingCredentials || target.origin == origin else { return target }
        try settled.copyCredentials(from: absoluteString)
        return try HTTPURL(settled)
    }

    /// The host as it is looked up: lower case, ASCII, an IPv6 address in brackets.
    public var host: String { origin.host }

    /// The URL with its credentials masked.
    public var description: String {
        hasCredentials ? Self.redacted(absoluteString) : absoluteString
    }

    /// `http` or `https`.
    public var scheme: String { origin.isSecure ? "https" : "http" }

    /// `text` is in normal form and has no credentials.
    init(plain text: String, origin: Origin) {
        absoluteString = text
        self.origin = origin
        hasCredentials = false
    }

    private init(_ parser: borrowing CurlURL) throws(InvalidURL) {
        let text = try parser.text()
        let bytes = text.utf8
        // Path and query are encoded by now, and names are in their ASCII form.
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw InvalidURL(reason: "a byte before the path that must be written as %XX")
        }
        // libcurl's normal form is scheme://[user[:password]@]host[:port]/path, whatever was written.
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw InvalidURL(reason: "no scheme") }
        let authorityStart = bytes.index(colon, offsetBy: 3)
        let rest = bytes[authorityStart...]
        let authorityEnd = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        let authority = rest[..<(authorityEnd ?? bytes.endIndex)]
        let at = authority.lastIndex(of: UInt8(ascii: "@"))
        let hostStart = at.map { bytes.index(after: $0) } ?? authorityStart
        let scheme = text[..<colon]
        guard scheme == "http" || scheme == "https" else {
            throw InvalidURL(reason: "scheme \"\(scheme)\" is not supported, only http and https are")
        }
        let host = text[hostStart..<authority.endIndex]
        if host.hasSuffix(":0") { throw InvalidURL(reason: "port 0 cannot be dialled") }
        absoluteString = text
        hasCredentials = at != nil
        origin = Origin(scheme: scheme, authority: host.utf8.contains { $0 &- 65 < 26 } ? host.lowercased() : String(host))
    }

    /// What libcurl would accept, but would understand otherwise than most people.
    private static func defect(in bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "the URL is empty" }
        for byte in bytes {
            if byte == UInt8(ascii: " ") { return "a space in a URL must be written %20" }
            if byte < 0x20 || byte == 0x7F { return "control byte 0x\(hex(byte)) in the URL" }
        }
        let authority = Self.authority(of: bytes)
        if let reason = defect(inAuthority: authority) { return reason }
        // libcurl would take the name for the host, and the password for the path.
        if authority.last == UInt8(ascii: ":"), bytes[authority.endIndex...].contains(UInt8(ascii: "@")) {
            return "a colon without a port; in a password / ? and # must be written %2F %3F and %23"
        }
        return nil
    }

    private static func defect(inAuthority authority: ArraySlice<UInt8>) -> String? {
        if authority.contains(UInt8(ascii: "\\")) { return "a backslash before the path of the URL" }
        if authority.count(where: { $0 == UInt8(ascii: "@") }) > 1 { return "more than one @ before the path of the URL" }
        return nil
    }

    /// What anybody could take for the authority of a reference: behind the scheme, if it has one, and two slashes or backslashes
    /// (browsers read one as the other), or any number of them behind a scheme.
    private static func referenceAuthority(_ reference: [UInt8]) -> ArraySlice<UInt8> {
        let isSlash = { (byte: UInt8) in byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
        var rest = reference[...]
        let scheme = rest.prefix { !isSlash($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: ":") }
        let hasScheme = !scheme.isEmpty && scheme.endIndex < rest.endIndex && rest[scheme.endIndex] == UInt8(ascii: ":")
        if hasScheme { rest = rest[(scheme.endIndex + 1)...] }
        let slashes = rest.prefix(while: isSlash)
        guard slashes.count > 1 || (hasScheme && !slashes.isEmpty) else { return [] }
        let end = rest[slashes.endIndex...].firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
        return rest[slashes.startIndex..<end]
    }

    /// `host:8080` and `host:8080/x` are hosts with a port; `mailto:` or `ftp:/` name a scheme.
    private static func namesScheme(_ bytes: [UInt8]) -> Bool {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return false }
        let name = bytes[..<colon]
        let isScheme = name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isScheme && bytes[(colon + 1)...].starts(with: "/".utf8)
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
