// Where formats write to. They open nothing: descriptors, their order and their ends are those of whoever makes the outlets.

/// Where a format writes to.
package struct Outlets {
    /// The stream, or memory as long as it is not the record's turn.
    package var stream: any ByteSink
    /// Where the stream is a file; nil where it is the stream.
    let standardOutput: (any ByteSink)?
    let standardError: any ByteSink
    /// The files that the template of `-w` names.
    let files: [any ByteSink]
    /// The file of an archive.
    package var archive: (any Archive)?

    package init(
        stream: any ByteSink, standardOutput: (any ByteSink)?, standardError: any ByteSink, files: [any ByteSink], archive: (any Archive)?
    ) {
        self.stream = stream
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.files = files
        self.archive = archive
    }
}

/// A file of records that can be found by where they lie.
package protocol Archive: AnyObject {
    /// The name of the file at hand, without folders.
    var name: String { get }
    /// How many bytes were written to it.
    var position: Int { get }
    /// Adds a line to the index, if there is one.
    func note(_ line: [UInt8]) throws
}

/// What the files of an archive are called.
package struct ArchiveNames: Sendable {
    let stem: String
    let ending: String
    let indexEnding: String

    /// The name of one file of several.
    package func part(_ number: Int) -> String { "\(stem)-\(digits(number, 5))\(ending)" }

    /// The name of the index of all of them.
    package var index: String { stem + indexEnding }
}
