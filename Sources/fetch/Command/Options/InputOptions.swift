// Where URLs come from, and where options do.

extension OptionTable {
    static let input = [
        Option("url", .init("url"), "A URL, as if it stood alone; for config files.") { $0.settings.urls.append($1.text) },
        Option(
            "input", letter: "i", .init("file", .files), "Read URLs from a file, one a line. - is standard input. Can be repeated.",
            rank: 1, meanings: "--input-file --files-from --urls-from-file --url-list --list"
        ) { $0.settings.lists.append($1.text) },
        Option(turning: "glob", "Expand {a,b} and [1-9] in lists as well, not only in URL arguments.") {
            $0.settings.globbing = $1 ? .everywhere : .ofArguments
        },
        Option(turning: "globoff", letter: "g", "Take {} and [] in URL arguments as they are.") {
            $0.settings.globbing = $1 ? .off : .ofArguments
        },
        Option(
            turning: "dry-run",
            "Print method and URL of each request in place of sending it. After a tab, the file that the body would get."
        ) { $0.isDryRun = $1 },
        Option(
            information: .requestsOfCurl, "from-curl", value: .init("command", secret: .everything),
            "Print the requests of a curl command as JSON lines, for lists. - reads it from standard input, as a browser copies it. What does not "
                + "fit in a line is told on standard error, and the status is 1."
        ),
        Option(
            "config", letter: "K", .init("file", .files),
            "Read options from a file. One a line, in curl's syntax, up to 1 MiB. Can be repeated.", meanings: "--conf-path"
        ) { _, file in
            // Where there is one its lines have taken its place.
            throw UnreadableFile("cannot read \(file.text): no such file")
        },
    ]
}
