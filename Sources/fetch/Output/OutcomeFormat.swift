// What a format is. One file each; a new one is a new file and a line in `OutputFormat`.

import ArgumentParser
import FetchKit

/// Turns outcomes into the bytes of one stream.
protocol OutcomeFormat {
    /// Writes all that the stream says about one outcome, and returns what a person should know about it.
    func encode(_ outcome: Outcome, into sink: any ByteSink) throws -> Remark?
    /// Whether a body may stream: written in parts, before its end is known.
    var streams: Bool { get }
    /// What stands before and after the parts of a body that streams.
    func encodeStart(_ outcome: Outcome, into sink: any ByteSink) throws
    func encodeEnd(_ outcome: Outcome, into sink: any ByteSink) throws
}

extension OutcomeFormat {
    var streams: Bool { false }
    func encodeStart(_ outcome: Outcome, into sink: any ByteSink) throws {}
    func encodeEnd(_ outcome: Outcome, into sink: any ByteSink) throws {}
}

/// Something about an outcome that belongs on standard error.
enum Remark {
    /// The body holds bytes that would upset a terminal and was not written.
    case binaryBody
}

/// The values of `--format`.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case body, jsonl, none

    /// Whether outcomes come in input order unless the user says otherwise: bodies do, because nothing else tells which is
    /// which; records name their URL.
    var isOrdered: Bool { self == .body }
}
