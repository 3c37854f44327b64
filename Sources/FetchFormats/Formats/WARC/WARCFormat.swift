// --format warc: what web archives keep, the messages of HTTP as they were on the wire (WARC 1.1, ISO 28500:2017).

import FetchKit

extension Format {
    static let warc = Format(
        "warc", order: .alwaysCompletion, refusesTerminal: true, allowsBodyFiles: false, options: [.maxFileSize]
    ) { WARCFormat($0) }
}

/// A WARC file, or a stream of records to standard output.
final class WARCFormat: OutcomeFormat, @unchecked Sendable {
    // Unchecked: one thread makes it, and the one that writes uses it.
    private let settings: FormatSettings
    private let encoder: RecordEncoder
    /// All files are packed but those whose names say that they are not.
    private let isPacked: Bool
    /// The ID of the record that describes the file at hand.
    private var warcinfo = ""
    let needs: FormatNeeds

    init(_ settings: FormatSettings) {
        self.settings = settings
        let isPacked = !(settings.file?.hasSuffix(".warc") ?? false)
        self.isPacked = isPacked
        encoder = RecordEncoder(compresses: isPacked)
        // The standard knows HTTP/1.1 alone.
        needs = FormatNeeds(
            recording: [.connection, .requests, .wire], version: .http1_1,
            archive: settings.file.map {
                ArchiveNames(stem: Self.stem(of: $0), ending: isPacked ? ".warc.gz" : ".warc", indexEnding: ".cdxj")
            })
    }

    /// The name of a file without what says that it is a WARC file.
    private static func stem(of file: String) -> String {
        let base = file.split(separator: "/").last.map(String.init) ?? file
        let ending = [".warc.gz", ".warc", ".gz"].first { file.hasSuffix($0) && base != $0 }
        return ending.map { String(file.dropLast($0.count)) } ?? file
    }

    /// Each file describes itself first.
    func encodeHead(into outlets: Outlets) throws {
        let record = WARCRecord("warcinfo", id: RecordID(settings.random), date: timestamp(settings.clock()))
        record.add("WARC-Filename", outlets.archive?.name)
        record.add("Content-Type", "application/warc-fields")
        var fields = WARCFields()
        fields.add("software", "fetch/\(fetchVersion) libcurl/\(CurlLibrary.current.version)")
        fields.add("format", "WARC File Format 1.1")
        fields.add("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/")
        if !settings.userAgent.isEmpty { fields.add("http-header-user-agent", settings.userAgent) }
        record.head = fields.text.array
        warcinfo = record.id.text
        try encoder.encode(record, into: outlets.stream)
    }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        for record in CaptureRecords(record.outcome, warcinfo: warcinfo, settings).records {
            let start = outlets.archive?.position ?? 0
            let digest = try encoder.encode(record, into: outlets.stream)
            guard let entry = record.entry, let digest, let archive = outlets.archive else { continue }
            // Of a record that is not packed, the two empty lines behind it do not count for other tools.
            let length = archive.position - start - (isPacked ? 0 : 4)
            try archive.note(entry.line(digest: digest, length: length, offset: start, file: archive.name))
        }
        return nil
    }
}
