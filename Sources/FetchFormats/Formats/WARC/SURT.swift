// The key under which an index knows a URL: host backwards, everything in one of its many spellings
// (http://crawler.archive.org/articles/user_manual/glossary.html#surt). It must be the one that replay tools compute when they look
// for a URL, which is that of the Python package surt.

import FetchKit

/// Sort-friendly URI reordering transform.
package enum SURT {
    /// `com,example)/path?query` for a URL in normal form without credentials.
    package static func key(of url: String) -> [UInt8] {
        let parts = URLParts(url)
        guard !parts.scheme.isEmpty else { return Array(url.utf8) }
        let isAddress = parts.host.first == UInt8(ascii: "[")
        var key = reversed(isAddress ? parts.host.dropFirst().prefix { $0 != UInt8(ascii: "]") } : parts.host)
        if let port = Int(String(decoding: parts.namedPort, as: UTF8.self)), !parts.hasDefaultPort { key += ":\(port)".utf8 }
        key.append(UInt8(ascii: ")"))
        key += canonical(path: parts.path)
        let canonicalQuery = canonical(query: parts.query ?? [])
        if !canonicalQuery.isEmpty { key += Array("?".utf8) + canonicalQuery }
        return key
    }

    // MARK: Host

    private static func reversed(_ host: ArraySlice<UInt8>) -> [UInt8] {
        let dot = UInt8(ascii: ".")
        var name: [UInt8] = []
        for byte in unescaped(Array(host)) {
            // Of two dots one goes.
            if byte == dot && name.last == dot { continue }
            name.append(byte)
        }
        name = lowercase(escaped(Array(name.drop { $0 == dot }.reversed().drop { $0 == dot }.reversed())))
        let parts = withoutWWW(name[...]).split(separator: dot, omittingEmptySubsequences: false)
        return Array(parts.reversed().joined(separator: [UInt8(ascii: ",")]))
    }

    /// Without `www.`, `www2.` and so on.
    private static func withoutWWW(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard name.starts(with: "www".utf8) else { return name }
        let rest = name.dropFirst(3).drop { $0 &- 48 < 10 }
        return rest.first == UInt8(ascii: ".") ? rest.dropFirst() : name
    }

    // MARK: Path

    private static func canonical(path: ArraySlice<UInt8>) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        let segments = unescaped(Array(path)).split(separator: slash, omittingEmptySubsequences: false).dropFirst()
        var kept: [ArraySlice<UInt8>] = []
        for segment in segments {
            if segment.elementsEqual(".".utf8) { continue }
            if segment.elementsEqual("..".utf8), !kept.isEmpty { kept.removeLast() } else { kept.append(segment) }
        }
        // Empty segments go; an empty last one is the slash at the end, which goes too unless it is all there is.
        var joined = kept.dropLast().filter { !$0.isEmpty }
        joined.append(kept.last ?? [])
        let text = lowercase(escaped([slash] + joined.joined(separator: [slash])))
        let path = SessionID.removed(fromPath: text)
        return path.count > 1 && path.last == slash ? path.dropLast() : path
    }

    // MARK: Query

    private static func canonical(query: ArraySlice<UInt8>) -> [UInt8] {
        let text = lowercase(SessionID.removed(fromQuery: escaped(unescaped(Array(query)))))
        guard text.count > 1 else { return text }
        // Sorted by name, then by value; no value comes before an empty one.
        let arguments = text.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map { argument in
            let name = argument.prefix { $0 != UInt8(ascii: "=") }
            return (name: name, text: argument)
        }
        let sorted = arguments.sorted { a, b in
            a.name.elementsEqual(b.name) ? a.text.lexicographicallyPrecedes(b.text) : a.name.lexicographicallyPrecedes(b.name)
        }
        return Array(sorted.map(\.text).joined(separator: [UInt8(ascii: "&")]))
    }

    // MARK: Bytes

    private static func lowercase(_ bytes: [UInt8]) -> [UInt8] { bytes.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 } }

    /// Percent-decoded until nothing changes any more: what is decoded may be the end of another escape.
    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "%")) else { return bytes }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        for byte in bytes {
            decoded.append(byte)
            while decoded.count >= 3, decoded[decoded.count - 3] == UInt8(ascii: "%"),
                let high = hexadecimalDigit(decoded[decoded.count - 2]),
                let low = hexadecimalDigit(decoded[decoded.count - 1])
            {
                decoded.removeLast(3)
                decoded.append(high << 4 | low)
            }
        }
        return decoded
    }

    /// Everything outside of printable ASCII is percent-encoded, and so are # and %.
    private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for byte in bytes {
            let isPlain = byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#") && byte != UInt8(ascii: "%")
            if isPlain { text.append(byte) } else { text += byte.percentEncoded }
        }
        return text
    }
}
