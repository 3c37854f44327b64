// What a format is once it is made: a value that says what it needs of a run, and turns records into bytes.

package import FetchKit

/// Turns records into the bytes of one stream.
package protocol OutcomeFormat: Sendable {
    var needs: FormatNeeds { get }
    /// Stands between two records.
    var separator: [UInt8] { get }
    /// Makes the stream whole when it stands behind any record.
    var trailer: [UInt8] { get }
    /// Writes what stands before the first record of a file.
    func encodeHead(into outlets: Outlets) throws
    /// Writes all that the stream says about one outcome, and returns what a person should know about it.
    func encode(_ record: Record, into outlets: Outlets) throws -> Remark?
    /// Writes what stands before the parts of a body that streams, of whose outcome only the beginning is known.
    func encodeBegin(_ record: Record, into outlets: Outlets) throws
    /// Writes what stands behind the parts of a body that streamed.
    func encodeEnd(_ record: Record, into outlets: Outlets) throws
}

extension OutcomeFormat {
    package var separator: [UInt8] { [] }
    package var trailer: [UInt8] { [] }
    package func encodeHead(into outlets: Outlets) throws {}
    package func encodeBegin(_ record: Record, into outlets: Outlets) throws {}
    package func encodeEnd(_ record: Record, into outlets: Outlets) throws {}
}

/// What a format needs of a run.
package struct FormatNeeds: Sendable {
    /// Which bodies go into the stream.
    package var bodies = Configuration.Bodies.Kept.none
    /// What must be kept of each hop.
    package var recording: Recording = []
    package var hashes = false
    /// Whether a body may stream: written in parts, before its end is known.
    package var streams = false
    /// The version of HTTP where the user names none.
    package var version: Configuration.HTTP.Version?
    /// Whether anything is ever written.
    package var writes = true
    /// The files of an archive; nil for other streams.
    package var archive: ArchiveNames?
}

/// Something about an outcome that belongs on standard error.
package enum Remark {
    /// The body holds bytes that would upset a terminal and was not written.
    case binaryBody
}
