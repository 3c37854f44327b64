// What a format is. One file each; a new one is a new file, and a line in `OutputFormat` and in `Settings.makeFormat`.

import ArgumentParser
import FetchKit

/// Turns records into the bytes of one stream.
protocol OutcomeFormat {
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
    var head: [UInt8] { [] }
    var separator: [UInt8] { [] }
    var trailer: [UInt8] { [] }
    var streams: Bool { false }
    func encodeStart(_ record: Record, into sink: any ByteSink) throws {}
    func encodeEnd(_ record: Record, into sink: any ByteSink) throws {}
    func flush() throws {}
    func finish() throws {}
}

/// What the output knows of one request: its outcome, and what became of the body.
struct Record {
    let outcome: Outcome
    /// The file that holds the body.
    var file: SavedFile?
}

/// A body that has a file of its own.
struct SavedFile {
    /// As a program that runs where we run opens it.
    var path: String
    /// In bytes.
    var size: Int64
    /// The hash of all that is in it, if it is known.
    var sha256: [UInt8]?
}

/// Something about an outcome that belongs on standard error.
enum Remark {
    /// The body holds bytes that would upset a terminal and was not written.
    case binaryBody
}

/// The values of `--format`.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case body, jsonl, csv, tar, warc, har, none

    /// Whether outcomes come in input order unless the user says otherwise: bodies do, because nothing else tells which is
    /// which; records name their URL.
    var isOrdered: Bool { self == .body }
}
