// The options that say what comes out, where it goes and in which form.

import ArgumentParser
import FetchFormats

extension Format: ExpressibleByArgument {
    public init?(argument: String) {
        guard let format = Format.all.first(where: { $0.name == argument }) else { return nil }
        self = format
    }

    public var defaultValueDescription: String { name }

    public static var allValueStrings: [String] { all.map(\.name) }
}

struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Format.all.map { $0.help.isEmpty ? $0.name : "\($0.name): \($0.help)" }.joined(separator: "; ") + ".", valueName: "format"))
    var format = Format.body

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Write the stream to one file instead of standard output.", valueName: "file"))
    var output: [String] = []

    @Flag(name: .customLong("create-dirs"), help: "Make the folders of -o FILE that are missing.")
    var createsDirectories = false

    @Flag(help: "Results in input order. The default for body.")
    var ordered = false

    @Flag(help: "Results as they finish. The default for the other formats.")
    var unordered = false

    @Flag(help: "Also bodies of responses with status 400 and above.")
    var failWithBody = false

    @Option(
        name: [.customShort("w"), .customLong("write-out")],
        help: ArgumentHelp(
            "With body and none: text after each transfer, with curl's variables such as %{response_code}; @FILE reads it (up to 1 MiB).",
            valueName: "template"))
    var writeOut: String?

    @Option(
        help: ArgumentHelp("The columns of csv: keys of jsonl, header:NAME, body. (default: all but headers and bodies)", valueName: "list")
    )
    var columns: String?

    @Flag(inversion: .prefixedNo, help: "Bodies in the records of jsonl and har.")
    var body = true

    @Flag(help: "Hash bodies (SHA-256), for the key sha256.")
    var sha256 = false

    @Option(
        help: ArgumentHelp(
            "Begin another WARC file after so many bytes; needs -o NAME.warc.gz, beside which there is an index, NAME.cdxj.",
            valueName: "size"))
    var warcMaxSize: ByteCount?
}

struct FileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write each body to a file of its own below this directory; the stream has no bodies then. The key \"output\" of a line names one.",
            valueName: "dir"))
    var outputDir: String?

    @Option(
        help: ArgumentHelp(
            "Names of those files, and of entries of a tar archive: {index} {id} {host} {path} {basename} {stem} {ext} {query} {sha256} ... (default: as wget does)",
            valueName: "template"))
    var name: String?

    @Flag(
        name: [.customShort("O"), .customLong("remote-name"), .customLong("remote-name-all")],
        help: "The same as --output-dir . --name {basename}.")
    var remoteName = false

    @Flag(help: "Fetch nothing that has a file already.")
    var skipExisting = false

    @Flag(help: "Overwrite nothing: a name that is taken gets a number.")
    var noClobber = false

    @Flag(help: "Spread the files over folders by a hash of their names, for millions of them.")
    var shardDirs = false

    @Flag(name: [.customShort("R"), .customLong("remote-time")], help: "Give files the time of Last-Modified.")
    var remoteTime = false

    @Option(
        name: [.customShort("C"), .customLong("continue-at")],
        help: ArgumentHelp(
            "With \"-\": keep parts of bodies as NAME.part, and fetch the rest of those that are there; implies -R. Also with -o and one URL.",
            valueName: "-"))
    var continueAt: String?

    @Option(help: ArgumentHelp("Write which URL became which file, as JSON lines.", valueName: "file"))
    var manifest: String?
}
