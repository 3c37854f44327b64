// The lines of an index of WARC files: CDXJ, as pywb and Common Crawl have it (https://pywb.readthedocs.io, "CDXJ format"). One line for
// each response.

import FetchKit

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
        var line = ByteBuffer(capacity: 512)
        line.append(SURT.key(of: url))
        line.append(UInt8(ascii: " "))
        line.append(date.utf8.prefix(19).filter { $0 &- 48 < 10 })
        line.append(" {")
        append("", "url", url, to: &line)
        if let mime { append(", ", "mime", mime, to: &line) }
        append(", ", "status", status, to: &line)
        append(", ", "digest", digest, to: &line)
        append(", ", "length", String(length), to: &line)
        append(", ", "offset", String(offset), to: &line)
        append(", ", "filename", file, to: &line)
        line.append(UInt8(ascii: "}"))
        return line.array
    }

    private func append(_ separator: StaticString, _ key: StaticString, _ value: String, to line: inout ByteBuffer) {
        line.append(separator)
        line.append(UInt8(ascii: "\""))
        line.append(key)
        line.append("\": \"")
        JSONText.append(ascii: value, to: &line)
        line.append(UInt8(ascii: "\""))
    }
}
