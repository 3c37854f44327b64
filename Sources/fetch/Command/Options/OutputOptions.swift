// What comes out, where it goes and in which form; and what a person is told.

import FetchFormats
import FetchKit

extension OptionTable {
    static let output = [
        Option(
            "format", .init("format", .choices(Format.all.map(\.name))),
            "\(Format.all.map(\.name).joined(separator: ", ")). "
                + Format.all.filter { !$0.help.isEmpty }.map { "\($0.name): \($0.help)" }.joined(separator: "; ") + ".",
            standard: { _ in Format.body.name }, rank: 16, meanings: "--out-null --warc-file"
        ) {
            guard let format = Format.all.first(where: { [name = $1.text] in $0.name == name }) else {
                throw $1.isNot("a format: \(Format.all.map(\.name).joined(separator: ", "))")
            }
            $0.format = format
        },
        Option(
            "output", letter: "o", .file, "Write all results to one file.", rank: 17, meanings: "--output-document --out --output-file"
        ) { $0.outputs.append($1.text) },
        Option(turning: "create-dirs", "Make the folders of -o FILE that are missing.") { $0.output.createsDirectories = $1 },
        Option(turning: "ordered", "Results in input order. The default for body.") { $0.isOrdered = $1 },
        Option(turning: "unordered", "Results as they finish. The default for the other formats.") { $0.isOrdered = !$1 },
        Option(turning: "fail-with-body", "Also bodies of responses with status 400 and above.", meanings: "--content-on-error") {
            $0.formatSettings.includesFailedBodies = $1
        },
        Option(
            turning: "include", also: ["show-headers"],
            "The heads of each response before its body, those of redirects too. With body.", meanings: "--save-headers"
        ) { $0.includesHeads = $1 },
        Option(
            "dump-header", letter: "D", .file,
            "Write the heads of responses to a file, in the order of the results. - is standard output."
        ) { $0.output.heads = $1.text },
        Option(
            "failed", .file,
            "Write what failed to a file, each line as it was read below the reason. A list to fetch again, with -i and the same options.",
            meanings: "--save-session --rejected-log"
        ) { $0.output.failedLines = $1.text },
        Option(
            "write-out", letter: "w", .init("template"),
            "Text after each transfer, with curl's variables. Such as %{response_code}; @FILE reads it (up to 1 MiB). With body and none.",
            rank: 20
        ) {
            // Of a file, curl takes no line ends: those of the output are written \n.
            let text =
                $1.text.hasPrefix("@")
                ? try $0.contents(of: String($1.text.dropFirst()), .text, for: "-w").filter { ![0x0A, 0x0D, 0].contains($0) }
                : Array($1.text.utf8)
            $0.formatSettings.writeOut = WriteOut(text)
            $0.formatOptions.append((.writeOut, $1.option))
        },
        Option(
            "columns", .init("list"), "The columns of csv: keys of jsonl, header:NAME, body.",
            standard: { _ in "all but headers and bodies" }
        ) {
            $0.formatSettings.columns = $1.text
            $0.formatOptions.append((.columns, $1.option))
        },
        Option(turning: "csv-safe", "An apostrophe before cells of csv that a spreadsheet would take for formulas.") {
            $0.formatSettings.hasSafeCells = $1
            if $1 { $0.formatOptions.append((.safeCells, "--csv-safe")) }
        },
        Option(turning: "body", "Bodies in the records of jsonl and har. (default: on)") { $0.formatSettings.includesBodies = $1 },
        Option(turning: "sha256", "Hash bodies (SHA-256), for the key sha256.", meanings: "--hash --checksum") {
            $0.wantsHashes = $1
        },
        Option(
            "warc-max-size", .size,
            "Begin another WARC file after so many bytes. Needs -o NAME.warc.gz, beside which there is an index, NAME.cdxj."
        ) {
            let size = try $1.size()
            guard size > 0 else { throw $1.isNot("a size of 1 or more") }
            $0.output.maxFileSize = size
            $0.formatOptions.append((.maxFileSize, $1.option))
        },
    ]

    static let files = [
        Option(
            "output-dir", .folder,
            "Write each body to a file of its own, below this folder. The stream has no bodies then. The key \"output\" of a line names a file.",
            rank: 18, meanings: "-P --directory-prefix --dir"
        ) {
            $0.files.directory = $1.text
            $0.savesBodies = true
        },
        Option(
            "name", .init("template"),
            "Names of those files, and of entries of a tar archive: {index} {id} {host} {path} {basename} {stem} {ext} {query} {sha256} ...",
            standard: { _ in "as wget does" }
        ) {
            $0.nameTemplate = $1.text
            $0.needingFiles.append($1.option)
        },
        Option(
            turning: "portable-names",
            "In those names, percent-encode : ? * < > | \" of URLs and lists, which not every file system has. (default: on)",
            meanings: "--restrict-file-names"
        ) {
            $0.files.rules = NameRules(isPortable: $1)
            $0.formatSettings.nameRules = $0.files.rules
            if !$1 { $0.needingFiles.append("--no-portable-names") }
        },
        Option(turning: "remote-name", letter: "O", also: ["remote-name-all"], "The same as --output-dir . --name {basename}.") {
            $0.isRemoteName = $1
            $0.savesBodies = $1
        },
        Option(
            turning: "remote-header-name", letter: "J",
            "Take names of files from the server, where Content-Disposition has one. Implies --no-clobber.",
            meanings: "--content-disposition"
        ) {
            $0.files.takesRemoteNames = $1
            if $1 { $0.needingFiles.append("-J") }
        },
        Option(turning: "skip-existing", "Fetch nothing that has a file already.", rank: 19) {
            $0.files.existing = $1 ? .skip : .replace
            if $1 { $0.needingFiles.append("--skip-existing") }
        },
        Option(turning: "no-clobber", "Overwrite nothing: a name that is taken gets a number.", meanings: "--auto-file-renaming") {
            $0.files.existing = $1 ? .number : .replace
            if $1 { $0.needingFiles.append("--no-clobber") }
        },
        Option(turning: "shard-dirs", "Spread the files over folders by a hash of their names, for millions of them.") {
            $0.files.isSharded = $1
            if $1 { $0.needingFiles.append("--shard-dirs") }
        },
        Option(
            turning: "remote-time", letter: "R", "Give files the time of Last-Modified.", meanings: "--timestamping --use-server-timestamps"
        ) {
            $0.files.keepsTime = $1
            if $1 { $0.needingFiles.append("-R") }
        },
        Option(
            "continue-at", letter: "C", .init("-"),
            "With \"-\": keep parts of bodies as NAME.part, and fetch the rest of those that are there. Implies -R. Also with -o and one URL.",
            meanings: "--continue --resume"
        ) {
            guard $1.text == "-" else { throw UsageError("\($1.option) takes '-': what is there decides where to go on") }
            $0.isContinued = true
            $0.needingFiles.append("-C")
        },
        Option("manifest", .file, "Write which URL became which file, as JSON lines.", meanings: "--xattr") {
            $0.output.manifest = $1.text
            $0.needingFiles.append("--manifest")
        },
    ]

    static let messages = [
        Option(turning: "timings", "A line of timings per URL, on standard error.") { $0.report.timings = $1 },
        Option(
            "failures", .init("which", .choices(Reporter.Failures.allCases.map(\.rawValue))),
            "Which failures get a line: all, or few of each host and reason. (default: few on a terminal)"
        ) {
            guard let failures = Reporter.Failures(rawValue: $1.text) else { throw $1.isNot("all or few") }
            $0.failures = failures
        },
        Option(
            turning: "summary", "Tables of times and errors at the end, on standard error. (default: four lines on a terminal)",
            meanings: "--stats-all"
        ) { $0.report.summary = $1 },
        Option(turning: "hosts", "In the summary, a table of the hosts.", meanings: "--host-stats") { $0.report.hosts = $1 },
        Option("stats", .file, "Write what the summary says to a file, as JSON; - is standard error.", meanings: "--stats-site") {
            $0.output.statistics = $1.text
        },
        Option(
            turning: "progress", letter: "#", also: ["progress-bar", "progress-meter"],
            "A line that tells how it goes, on standard error. (default: on a terminal)", meanings: "--show-progress --force-progress --bar"
        ) { $0.progress = $1 },
        Option(turning: "quiet", letter: "q", "Only errors.", rank: 21) { $0.isQuiet = $1 },
        Option(turning: "silent", letter: "s", "Not even errors; the exit status still tells. -S brings the errors back.") {
            $0.isSilent = $1
        },
        Option(turning: "show-error", letter: "S", "Errors also with -s.") { $0.showsErrors = $1 },
        Option(
            turning: "verbose", letter: "v", "Each request with the address dialled, reuse and redirects.", rank: 22,
            meanings: "--debug --server-response --trace --trace-ascii --trace-config --trace-ids --trace-time"
        ) { $0.report.attempts = $1 },
        Option(information: .help, "help", letter: "h", "The options that people need most.", meanings: "-? --usage"),
        Option(information: .fullHelp, "help-all", "All options.", rank: 23, meanings: "--manual -M"),
        Option(information: .version, "version", letter: "V", "Versions of fetch, libcurl and TLS."),
        Option(
            information: .completions, "generate-completion-script",
            value: .init("shell", .choices(Completions.Shell.allCases.map(\.rawValue))), "Completions for a shell: bash, zsh, fish."),
        Option(information: .manual, "generate-manual", "The manual page fetch(1), as its source."),
    ]
}
