// What curl's -d family makes of its arguments: one form, to be sent as a body or, with -G, at the end of a URL.

/// Data as a browser sends a form (curl manual page, "-d, --data").
package struct FormData: Sendable {
    /// One option as it was typed.
    package enum Piece: Equatable, Sendable {
        /// `--data`: after an `@` the name of a file, of which CR, LF and NUL are left out.
        case data(String)
        /// `--data-raw`: as it is.
        case raw(String)
        /// `--data-binary`: after an `@` the name of a file, which is sent as it is.
        case binary(String)
        /// `--data-urlencode`: `content`, `=content`, `name=content`, `@file` or `name@file`; names are encoded already.
        case urlEncoded(String)

        /// The file that the piece names; `-` is standard input.
        package var file: String? {
            switch self {
            case .data(let text), .binary(let text): FormData.fileName(text)
            case .raw: nil
            case .urlEncoded(let text):
                // An `@` counts only where there is no `=`.
                text.utf8.contains(UInt8(ascii: "="))
                    ? nil : text.utf8.firstIndex(of: UInt8(ascii: "@")).map { String(text[text.utf8.index(after: $0)...]) }
            }
        }
    }

    /// The pieces, also empty ones, with `&` between them.
    package let bytes: [UInt8]

    /// `read` gives the contents of a file; `-` is standard input.
    package init(_ pieces: [Piece], read: (String) throws -> [UInt8]) rethrows {
        bytes = Array(try pieces.map { try Self.bytes(of: $0, read) }.joined(separator: [UInt8(ascii: "&")]))
    }

    /// The URL with the data as its query, or at the end of the query it has; a fragment stays behind it. Bytes that no URL may
    /// hold, and `#`, which would begin a fragment, are encoded; the rest is as it was given.
    package func appended(toQueryOf url: String) -> String {
        if bytes.isEmpty { return url }
        let beforeFragment = url.utf8.prefix { $0 != UInt8(ascii: "#") }
        let hasQuery = beforeFragment.contains(UInt8(ascii: "?"))
        let needsSeparator = hasQuery && !"?&".utf8.contains(beforeFragment.last ?? 0)
        let query = bytes.flatMap { byte in
            (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "#") ? [byte] : byte.percentEncoded
        }
        return String(url[..<beforeFragment.endIndex]) + (needsSeparator ? "&" : hasQuery ? "" : "?")
            + String(decoding: query, as: UTF8.self) + url[beforeFragment.endIndex...]
    }

    private static func bytes(of piece: Piece, _ read: (String) throws -> [UInt8]) rethrows -> [UInt8] {
        switch piece {
        case .data(let text):
            guard let file = fileName(text) else { return Array(text.utf8) }
            return try read(file).filter { $0 != 0 && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        case .binary(let text): return try fileName(text).map(read) ?? Array(text.utf8)
        case .raw(let text): return Array(text.utf8)
        case .urlEncoded(let text):
            // An `@` counts only where there is no `=`.
            guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) ?? text.utf8.firstIndex(of: UInt8(ascii: "@")) else {
                return encoded(Array(text.utf8))
            }
            let name = text.utf8[..<sign]
            let rest = text.utf8[text.utf8.index(after: sign)...]
            let content = text.utf8[sign] == UInt8(ascii: "=") ? Array(rest) : try read(String(decoding: rest, as: UTF8.self))
            return (name.isEmpty ? [] : name + [UInt8(ascii: "=")]) + encoded(content)
        }
    }

    private static func fileName(_ text: String) -> String? {
        text.utf8.first == UInt8(ascii: "@") ? String(decoding: text.utf8.dropFirst(), as: UTF8.self) : nil
    }

    /// All but the unreserved characters of RFC 3986, section 2.3, as `%XX`; a blank as `+`, as forms have it and curl does.
    private static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                [byte]
            case UInt8(ascii: " "): [UInt8(ascii: "+")]
            default: byte.percentEncoded
            }
        }
    }
}
