// What a format is. One file each; a new one is a new file, and a line in `OutputFormat` and in `Settings.makeFormat`.

import FetchKit

/// Turns records into the bytes of one stream.
package protocol OutcomeFormat {
    /// Stands before the first record.
    var head: [UInt8] { get }
    /// Stands between two records.
    var separator: [UInt8] { get }
    /// Makes the stream whole when it stands behind any record.
    var trailer: [UInt8] { get }
    /// Writes all that the stream says about one outcome, and returns what a person should know about it.
    func encode(_ record: Record, into sink: any ByteSink) throws -> Remark?
    /// Whether a body may stream: written in parts, before its end is known.
    var streams: Bool { get }
    /// What stands before and after the parts of a body that streams.
    func encodeStart(_ record: Record, into sink: any ByteSink) throws
    func encodeEnd(_ record: Record, into sink: any ByteSink) throws
    /// For formats with files of their own: everything so far goes out, and the end.
    func flush() throws
    func finish() throws
}

extension OutcomeFormat {
    package var head: [UInt8] { [] }
    package var separator: [UInt8] { [] }
    package var trailer: [UInt8] { [] }
    package var streams: Bool { false }
    package func encodeStart(_ record: Record, into sink: any ByteSink) throws {}
    package func encodeEnd(_ record: Record, into sink: any ByteSink) throws {}
    package func flush() throws {}
    package func finish() throws {}
}

/// Something about an outcome that belongs on standard error.
package enum Remark {
    /// The body holds bytes that would upset a terminal and was not written.
    case binaryBody
}

/// The values of `--format`.
package enum OutputFormat: String, CaseIterable, Sendable {
    case body, jsonl, csv, tar, warc, har, none

    /// Whether outcomes come in input order unless the user says otherwise: bodies do, because nothing else tells which is
    /// which; records name their URL.
    package var isOrdered: Bool { self == .body }
}
