// --manifest: which URL became which file, one JSON object a line. Made for whoever checks or uses the files later.

import FetchFormats
import FetchKit

/// The list of what was saved, and of what was not.
final class Manifest {
    private let writer: DescriptorWriter

    init(_ writer: DescriptorWriter) { self.writer = writer }

    func write(_ record: Record) throws {
        var json = JSONWriter()
        json.object { $0.add(Self.facts, of: record) }
        json.append(raw: "\n")
        try writer.write(jsonLine: json.bytes)
        writer.endRecord()
    }

    func flush() throws { try writer.flush() }

    func finish() throws { try writer.close() }

    func abandon() { if !writer.isOver { writer.abandon() } }

    private static let facts = [
        Fact("index") { .integer($0.outcome.index) },
        Fact("id") { .text($0.outcome.id) },
        Fact("url") { .text($0.outcome.text) },
        Fact("url_effective") { .text($0.outcome.hops.last?.url.description) },
        Fact("file") { .text($0.file?.path) },
        Fact("size") { .integer($0.file?.size) },
        Fact("sha256") { .text(($0.file?.sha256).map { hexadecimal($0) }) },
        Fact("status") { .integer($0.outcome.response?.statusCode) },
        Fact("content_type") { .field($0.outcome.response?.value(of: "content-type")) },
        Fact("error") { .text($0.outcome.error?.kind.rawValue) },
    ]
}
