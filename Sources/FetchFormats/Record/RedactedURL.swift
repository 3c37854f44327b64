// The parts of a URL for -w, out of the form in which URLs are shown: a person's name and password are masked in it.

import FetchKit

/// A URL in parts, as libcurl's URL API calls them. Nil where the URL has none.
struct RedactedURL {
    let scheme: String
    /// Behind the scheme, up to the path.
    private let authority: Substring
    /// From the path on.
    private let target: Substring
    let fragment: String?
    /// The API has it for protocols that are not ours.
    let options: String? = nil

    /// `written` is what the user gave for the URL: its normal form has no fragment.
    init(_ url: HTTPURL, written: String = "") {
        let whole = url.description
        scheme = url.scheme
        let start = whole.utf8.index(whole.startIndex, offsetBy: scheme.utf8.count + 3)
        let end = whole.utf8[start...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? whole.endIndex
        authority = whole[start..<end]
        target = whole[end...]
        fragment = written.utf8.firstIndex(of: UInt8(ascii: "#")).map { String(written[written.utf8.index(after: $0)...]) }
    }

    var user: String? { hasCredentials ? "***" : nil }
    var password: String? { user }

    var host: String {
        guard name.first == "[", let percent = name.firstIndex(of: "%") else { return String(name) }
        return name[..<percent] + "]"
    }

    /// Of an IPv6 address.
    var zone: String? {
        guard name.first == "[", let percent = name.firstIndex(of: "%") else { return nil }
        let zone = name[name.index(after: percent)...].dropLast()
        return String(zone.hasPrefix("25") ? zone.dropFirst(2) : zone)
    }

    var port: String {
        let port = place[name.endIndex...].dropFirst()
        return port.isEmpty ? (scheme == "https" ? "443" : "80") : String(port)
    }

    var path: String { String(target[..<(queryStart ?? target.endIndex)]) }
    var query: String? { queryStart.map { String(target[target.utf8.index(after: $0)...]) } }

    private var hasCredentials: Bool { authority.utf8.contains(UInt8(ascii: "@")) }
    private var queryStart: String.Index? { target.utf8.firstIndex(of: UInt8(ascii: "?")) }

    /// Host and port.
    private var place: Substring {
        authority.utf8.lastIndex(of: UInt8(ascii: "@")).map { authority[authority.utf8.index(after: $0)...] } ?? authority
    }

    /// The host as it is in the URL.
    private var name: Substring {
        let place = place
        let afterBracket = place.utf8.firstIndex(of: UInt8(ascii: "]")) ?? place.startIndex
        return place[..<(place.utf8[afterBracket...].firstIndex(of: UInt8(ascii: ":")) ?? place.endIndex)]
    }
}
