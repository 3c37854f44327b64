// The index of WARC files: CDXJ, as pywb and Common Crawl have it (https://pywb.readthedocs.io, "CDXJ format"). One line for each
// response, sorted, so that a replay tool finds a URL by bisection.

import FetchKit
import Glibc

/// What the index says of a response besides where it lies.
struct CDXEntry {
    let url: String
    /// As the record has it.
    let date: String
    let mime: String?
    let status: String

    init(url: String, date: String, head: ResponseHead) {
        self.url = url
        self.date = date
        mime = head.mediaType
        status = head.statusText
    }

    /// Key, time and a JSON object of strings, as the tool cdxj-indexer writes it.
    func line(digest: String, length: Int, offset: Int, file: String) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(512)
        line += SURT.key(of: url)
        line.append(UInt8(ascii: " "))
        line += date.utf8.prefix(19).filter { $0 &- 48 < 10 }
        line += " {".utf8
        append("", "url", url, to: &line)
        if let mime { append(", ", "mime", mime, to: &line) }
        append(", ", "status", status, to: &line)
        append(", ", "digest", digest, to: &line)
        append(", ", "length", String(length), to: &line)
        append(", ", "offset", String(offset), to: &line)
        append(", ", "filename", file, to: &line)
        line.append(UInt8(ascii: "}"))
        return line
    }

    private func append(_ separator: StaticString, _ key: StaticString, _ value: String, to line: inout [UInt8]) {
        separator.withUTF8Buffer { line.append(contentsOf: $0) }
        line.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { line.append(contentsOf: $0) }
        line += "\": \"".utf8
        for unit in value.utf16 { append(unit, to: &line) }
        line.append(UInt8(ascii: "\""))
    }

    /// ASCII alone, as Python's json has it.
    private func append(_ unit: UInt16, to line: inout [UInt8]) {
        switch unit {
        case 0x22, 0x5C: line += [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: unit)]
        case 0x20...0x7E: line.append(UInt8(truncatingIfNeeded: unit))
        case 0x0A: line += "\\n".utf8
        case 0x0D: line += "\\r".utf8
        case 0x09: line += "\\t".utf8
        case 0x08: line += "\\b".utf8
        case 0x0C: line += "\\f".utf8
        default:
            let text = String(unit, radix: 16)
            line += "\\u\(String(repeating: "0", count: 4 - text.count))\(text)".utf8
        }
    }
}

/// The index file: collected while the run goes on, written at its end.
final class CDXIndex {
    private let path: String
    private let target: OutputTarget
    private let lines: SortedLines
    private var isFinished = false

    /// Takes away an index that is there: what it says is no longer true. `target` is the file that gets its name in the end, so that
    /// whoever finds the index finds all of it.
    init(_ target: OutputTarget, path: String, temporaryDirectory: String) {
        self.path = path
        self.target = target
        lines = SortedLines(temporaryDirectory: temporaryDirectory)
        unlink(path)
    }

    deinit { if !isFinished { unlink(target.name) } }

    func add(_ line: [UInt8]) throws { try lines.add(line) }

    func finish() throws {
        let writer = DescriptorWriter(target)
        try lines.forEachLine { try writer.write($0) }
        try writer.settle()
        // Before it is closed, and with that unlocked.
        guard rename(target.name, path) == 0 else { throw OutputError.failed(name: path, errno: errno) }
        isFinished = true
        try writer.close()
    }
}
