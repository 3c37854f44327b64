// The parts of a URL for -w: a person's name and password are masked.

import FetchKit

/// A URL in parts, as libcurl's URL API calls them. Nil where the URL has none.
struct RedactedURL {
    private let parts: URLParts
    let fragment: String?
    /// The API has it for protocols that are not ours.
    let options: String? = nil

    /// `written` is what the user gave for the URL: its normal form has no fragment.
    init(_ url: HTTPURL, written: String = "") {
        parts = URLParts(url.absoluteString)
        fragment = Self.text(URLParts(written).fragment)
    }

    var scheme: String? { Self.text(parts.scheme) }
    var user: String? { parts.hasCredentials ? "***" : nil }
    var password: String? { user }
    var host: String? { Self.text(zoneStart.map { parts.host[..<$0] + "]".utf8 } ?? parts.host) }
    var port: String? { Self.text(parts.port[...]) }
    var path: String? { Self.text(parts.path) }
    var query: String? { Self.text(parts.query) }

    /// Of an IPv6 address.
    var zone: String? {
        guard let zoneStart else { return nil }
        let zone = parts.host[(zoneStart + 1)...].dropLast()
        return Self.text(zone.starts(with: "25".utf8) ? zone.dropFirst(2) : zone)
    }

    private var zoneStart: Int? { parts.host.first == UInt8(ascii: "[") ? parts.host.firstIndex(of: UInt8(ascii: "%")) : nil }

    private static func text(_ bytes: ArraySlice<UInt8>?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
}
