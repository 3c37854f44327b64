// The heads of HTTP messages as an archive keeps them: as they were, but in the words of HTTP/1.1, which is all that the standard
// knows, and without what nobody else may read.

import FetchKit

/// Bytes from the first line to the empty one.
enum HTTPHead {
    /// The same head with HTTP/1.1 in its first line where that says HTTP/2 or 3, and readers would stumble.
    static func asHTTP1(_ head: [UInt8], isRequest: Bool) -> [UInt8] {
        guard let end = head.firstIndex(where: { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) else { return head }
        let line = head[..<end]
        let space = UInt8(ascii: " ")
        let version = isRequest ? line[(line.lastIndex(of: space).map { $0 + 1 } ?? 0)...] : line.prefix { $0 != space }
        guard version.starts(with: "HTTP/".utf8), !version.starts(with: "HTTP/1".utf8) else { return head }
        return Array(head[..<version.startIndex] + Array("HTTP/1.1".utf8) + head[version.endIndex...])
    }

    /// The same head with *** for the values of fields that say who the user is.
    static func withoutSecrets(_ head: [UInt8]) -> [UInt8] {
        let fields = HeadFields(head)
        if !fields.fields.contains(where: { HeaderField.isSecret(fields.name($0)) }) { return head }
        var clean: [UInt8] = []
        clean.reserveCapacity(head.count)
        var rest = head[...]
        var isSecret = false
        while !rest.isEmpty {
            let line = rest[..<(rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex)]
            rest = rest[line.endIndex...]
            // A line that begins with a blank goes on with the one before.
            let continues = line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t")
            if continues && isSecret { continue }
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            isSecret = name.count < line.count && HeaderField.isSecret(name[...])
            clean += isSecret ? Array(name) + Array(": ***\r\n".utf8) : Array(line)
        }
        return clean
    }

    /// What a request's head says about the content behind it.
    static func contentLength(of head: [UInt8]) -> Int? {
        Int(String(decoding: HeadFields(head).value(of: "content-length"), as: UTF8.self))
    }
}

extension ResponseHead {
    /// Whether the body came in chunks.
    var isChunked: Bool {
        guard bytes.starts(with: "HTTP/1".utf8), let last = values(of: "transfer-encoding").last else { return false }
        return String(decoding: last, as: UTF8.self).lowercased().hasSuffix("chunked")
    }

    /// Whether nothing is missing from a body, as far as it shows.
    func isWhole(_ body: Body) -> Bool {
        if isChunked {
            var chunks = ChunkedDecoder()
            return (try? body.forEachPiece { chunks.decode($0) { _ in } }) != nil && chunks.state == .done
        }
        guard let length = values(of: "content-length").last else { return false }
        return Int(String(decoding: length, as: UTF8.self)) == body.count
    }

    /// As the field WARC-Protocol calls it (https://github.com/iipc/warc-specifications/issues/42).
    var protocolName: String? {
        switch httpVersion {
        case "": nil
        case let version where version.hasPrefix("1"): "http/\(version)"
        case let version: "h\(version)"
        }
    }

    /// The number in the status line, as it stands there.
    var statusText: String {
        let line = bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        let words = line.split(separator: UInt8(ascii: " "))
        return words.count > 1 ? String(decoding: words[1], as: UTF8.self) : ""
    }

    /// The media type without parameters; nil when there is none.
    var mediaType: String? {
        guard let value = value(of: "content-type") else { return nil }
        let type = value.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        return String(decoding: type.utf8Text, as: UTF8.self)
    }
}
