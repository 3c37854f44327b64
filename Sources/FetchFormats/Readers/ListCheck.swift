// A page, an archive or a program that was given as a list of URLs is one mistake, not a failure for each of its lines.

import FetchKit

/// Judges by its first block whether a file is a list.
package enum ListCheck {
    /// So many lines without a URL are needed, because a list may begin with a wrong one, if the first is not the start of a document.
    private static let lines = 5

    /// What the file seems to be and what to do; nil for a list.
    package static func objection(_ block: ArraySlice<UInt8>, _ reader: RequestLine) -> String? {
        if block.starts(with: [0xFF, 0xFE]) || block.starts(with: [0xFE, 0xFF]) {
            return "the list is UTF-16: convert it with iconv -f UTF-16 -t UTF-8"
        }
        if block.starts(with: [0x1F, 0x8B]) { return "the list is compressed: use zcat and a pipe" }
        return hasURL(block.withoutByteOrderMark, reader) ? nil : description(of: block.withoutByteOrderMark)
    }

    private static func hasURL(_ block: ArraySlice<UInt8>, _ reader: RequestLine) -> Bool {
        var (reader, splitter, rejected, isFound) = (reader, LineSplitter(), 0, false)
        // A last line that has no end may go on in the next block.
        splitter.split(block) { line in
            guard !isFound, rejected < lines, let candidate = reader.candidate(line, number: 0) else { return }
            switch candidate {
            case .request: isFound = true
            case .rejected: rejected += 1
            }
            // A row of a table, or a request with something wrong in it.
            if case .whole(let bytes) = line, Row.startsWithURL(bytes) || JSONRequest.url(in: bytes) != nil { isFound = true }
        }
        return isFound || (rejected < lines && !startsDocument(block))
    }

    /// Whether the first characters are those of HTML, XML or a JSON array, which may be one line or a few. A URL may begin with a bracket
    /// as well: `[::1]/`.
    private static func startsDocument(_ block: ArraySlice<UInt8>) -> Bool {
        let start = block.lazy.filter { $0 > 0x20 }.prefix(2)
        guard start.first == UInt8(ascii: "[") else { return start.first == UInt8(ascii: "<") }
        return start.count == 2 && "\"{]".utf8.contains(start[start.index(after: start.startIndex)])
    }

    private static func description(of block: ArraySlice<UInt8>) -> String {
        let isControl = { (byte: UInt8) in byte < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D].contains(byte) }
        if block.contains(where: isControl) { return "it looks like binary data, not like a list of URLs: give text with one URL per line" }
        switch block.first(where: { $0 > 0x20 }) {
        case UInt8(ascii: "<"):
            return "it looks like HTML or XML, not like a list of URLs: take the links out of it first, one per line"
        case UInt8(ascii: "[") where startsDocument(block):
            return "it looks like a JSON array, not like a list of URLs: jq -rc '.[]' makes one line of each element"
        case UInt8(ascii: "{"):
            return "it looks like JSON without requests, not like a list of URLs: give one object with a \"url\" per line"
        default: return "no URL in its first \(lines) lines: give one URL per line"
        }
    }
}
