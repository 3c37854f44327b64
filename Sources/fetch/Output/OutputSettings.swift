// What the output of a run is told: which format, which files, and what each holds.

import FetchFormats

/// Everything about the output of a run.
struct OutputSettings: Sendable {
    var format: any OutcomeFormat = NoneFormat()
    var isOrdered = true
    var isOneOfSeveral = true
    /// The file of the stream; nil is standard output.
    var file: String?
    /// The stream goes to a terminal.
    var isTerminal = false
    /// Whether its folders are made where they are missing.
    var createsDirectories = false
    /// The size in bytes from which an archive goes on in another file.
    var maxFileSize: Int?
    /// The files that the template of -w names.
    var writeOutFiles: [WriteOut.File] = []
    var directory: FileSettings?
    var manifest: String?
    /// The file of the heads; `-` is standard output.
    var heads: String?
    /// The file of what has failed.
    var failedLines: String?
    /// The file of --stats; `-` is standard error.
    var statistics: String?
    /// The file of -c.
    var cookieJar: String?

    /// Nothing is asked, but only said what would be.
    var plan: Plan?

    /// The file that is opened first.
    var firstFile: String? { maxFileSize == nil ? file : format.needs.archive?.part(0) }
}
