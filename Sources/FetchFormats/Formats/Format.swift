// The registry of formats. A new one is a file or a folder beside this one, and its line in `all`.

import FetchKit

/// A format as the command line knows it.
package struct Format: Sendable {
    package static let all: [Format] = [
        .body,
        .jsonl,
        .csv,
        .tsv,
        .tar,
        .warc,
        .har,
        .none,
    ]

    package let name: String
    /// What it is; empty where the name says enough.
    package let help: String
    package let order: Order
    package let refusesTerminal: Bool
    /// Whether bodies may have files of their own.
    package let allowsBodyFiles: Bool
    /// Those of the options that not every format has.
    package let options: Set<Option>
    private let make: @Sendable (FormatSettings) throws -> any OutcomeFormat

    init(
        _ name: String, _ help: String = "", order: Order = .completion, refusesTerminal: Bool = false, allowsBodyFiles: Bool = true,
        options: Set<Option> = [], make: @escaping @Sendable (FormatSettings) throws -> any OutcomeFormat
    ) {
        self.name = name
        self.help = help
        self.order = order
        self.refusesTerminal = refusesTerminal
        self.allowsBodyFiles = allowsBodyFiles
        self.options = options
        self.make = make
    }

    /// Throws where an option has a value that the format cannot use.
    package func make(_ settings: FormatSettings) throws -> any OutcomeFormat {
        let made = try make(settings)
        let format = settings.isTerminal ? TerminalFormat(base: made) : made
        return settings.writeOut.map { WriteOutFormat($0, base: format, settings) } ?? format
    }

    /// The order of outcomes unless the user says otherwise. Bodies come in input order because nothing else tells which is which.
    package enum Order: Sendable {
        case input
        case completion
        /// Whatever the user says.
        case alwaysCompletion
    }

    package enum Option: Sendable {
        case writeOut, columns, safeCells, entryNames, maxFileSize
        /// Where bodies have files `-o` names that of the body, because nothing else would be in it.
        case bodyName
        /// The heads of responses stand before their bodies.
        case heads
    }
}

/// What formats are made from: what the options say, and what they get from outside.
package struct FormatSettings: Sendable {
    /// Also bodies of responses with status 400 and above.
    package var includesFailedBodies = false
    /// Whether records hold bodies.
    package var includesBodies = true
    /// Bodies have files of their own.
    package var savesBodies = false
    /// Heads of responses stand before their bodies.
    package var includesHeads = false
    package var isOneOfSeveral = true
    /// The list of columns.
    package var columns: String?
    /// Whether a spreadsheet takes no cell for a formula.
    package var hasSafeCells = false
    package var writeOut: WriteOut?
    /// How entries of an archive are called; nil is the default.
    package var entryNames: NameTemplate?
    package var nameRules = NameRules()
    /// The file of the stream; nil is standard output.
    package var file: String?
    package var userAgent = ""
    /// The stream goes to a terminal.
    package var isTerminal = false
    /// Standard output, standard error, and the files that the template of `-w` names, are terminals.
    package var isOutputTerminal = false
    package var isErrorTerminal = false
    package var areFilesTerminals: [Bool] = []
    /// Microseconds since 1970.
    let clock: @Sendable () -> Int64
    let random: @Sendable () -> UInt64

    package init(clock: @escaping @Sendable () -> Int64, random: @escaping @Sendable () -> UInt64) {
        self.clock = clock
        self.random = random
    }

    /// Which bodies a stream of bodies holds, and which one of records, where it has any.
    var bodies: Configuration.Bodies.Kept { savesBodies ? .none : includesFailedBodies ? .all : .successful }
    var recordBodies: Configuration.Bodies.Kept { savesBodies || !includesBodies ? .none : .all }
}
