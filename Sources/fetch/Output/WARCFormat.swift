// --format warc: what web archives keep, the messages of HTTP as they were on the wire (WARC 1.1, ISO 28500:2017).

import FetchFormats
import FetchKit
import Glibc

/// A WARC file, or a stream of records to standard output.
final class WARCFormat: OutcomeFormat {
    /// The first record of standard output.
    let head: [UInt8]
    private let encoder: RecordEncoder
    /// Nil for standard output.
    private let files: WARCFiles?
    private let userAgent: String
    /// The ID of the record that describes the file at hand.
    private var warcinfo: String

    init(_ target: OutputTarget, index: OutputTarget?, file: String?, maxSize: Int?, configuration: Configuration) {
        encoder = RecordEncoder(compresses: file.map { WARCFiles.compresses($0) } ?? true)
        files = file.map {
            WARCFiles(target, index: index, file: $0, maxSize: maxSize, temporaryDirectory: configuration.bodies.spillDirectory)
        }
        userAgent = configuration.http.userAgent
        let record = Self.makeWarcinfo(file: nil, userAgent: userAgent)
        warcinfo = record.id.text
        let memory = MemorySink()
        if files == nil { _ = try? encoder.encode(record, into: memory) }
        head = memory.bytes
    }

    /// The first file that `-o` names.
    static func name(of file: String, _ maxSize: Int?) -> String { maxSize == nil ? file : WARCFiles.name(of: file, number: 0) }

    func encode(_ record: Record, into sink: any ByteSink) throws -> Remark? {
        guard let files else {
            for record in CaptureRecords(record.outcome, warcinfo: warcinfo).records { try encoder.encode(record, into: sink) }
            return nil
        }
        try files.write { files in
            try files.makeRoom()
            try begin(files)
            for record in CaptureRecords(record.outcome, warcinfo: warcinfo).records {
                let start = files.writer.position
                let digest = try encoder.encode(record, into: files.writer)
                if let entry = record.entry { try files.note(entry, from: start, digest: digest) }
            }
            files.endRecords()
        }
        return nil
    }

    func flush() throws { try files?.write { try $0.writer.flush() } }

    func finish() throws {
        try files?.write { files in
            try begin(files)
            try files.finish()
        }
    }

    /// Each file describes itself first.
    private func begin(_ files: WARCFiles) throws {
        guard files.isNew else { return }
        let record = Self.makeWarcinfo(file: files.name, userAgent: userAgent)
        warcinfo = record.id.text
        try encoder.encode(record, into: files.writer)
        files.endRecords()
    }

    private static func makeWarcinfo(file: String?, userAgent: String) -> WARCRecord {
        var record = WARCRecord("warcinfo", date: timestamp(WARCDate.now))
        record.add("WARC-Filename", file)
        record.add("Content-Type", "application/warc-fields")
        var fields = WARCFields()
        fields.add("software", "fetch/\(fetchVersion) libcurl/\(CurlLibrary.current.version)")
        fields.add("format", "WARC File Format 1.1")
        fields.add("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/")
        if !userAgent.isEmpty { fields.add("http-header-user-agent", userAgent) }
        record.head = fields.bytes
        return record
    }

    private final class MemorySink: ByteSink {
        var bytes: [UInt8] = []

        func write(_ piece: UnsafeRawBufferPointer) { bytes.append(contentsOf: piece) }
    }
}
