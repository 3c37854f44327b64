// What the output of a run is told: which format, which files, and what each holds.

import FetchFormats

/// Everything about the output of a run.
struct OutputSettings: Sendable {
    var format = OutputFormat.body
    var isOrdered = true
    var includesFailedBodies = false
    /// Whether records hold bodies.
    var includesBody = true
    var showsHeads = false
    var isOneOfSeveral = true
    /// The file of the stream; nil is standard output.
    var file: String?
    /// The stream goes to a terminal.
    var isTerminal = false
    /// Whether its folders are made where they are missing.
    var createsDirectories = false
    var writeOut: WriteOut?
    var columns: [Column]?
    var warcMaxSize: Int?
    var directory: FileSettings?
    var manifest: String?
    /// The file of --stats; `-` is standard error.
    var statistics: String?
    /// The file of -c.
    var cookieJar: String?
    /// How entries of an archive are called; nil is the default.
    var entryNames: NameTemplate?

    /// Nothing is ever written to it.
    var isEmpty: Bool { writeOut == nil && (format == .none || (format == .body && directory != nil)) }
}
