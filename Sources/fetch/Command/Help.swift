// --help and --help-all, from the table of options.

import FetchFormats
import FetchKit

/// The texts of the help.
enum Help {
    static let usage = """
        Usage: fetch [options] <url> ...
               producer | fetch [options]
               fetch [options] -i list.txt
        """

    /// One screen: the options that people need most, the first sentence of each.
    static func short(width: Int) -> String {
        let options = OptionTable.all.filter { $0.rank != nil }.sorted { $0.rank! < $1.rank! }
        return """
            \(wrapped("Fetch many URLs at once: bodies, timings and errors, in order, none lost.", width))

            \(usage)

            \(options.map { entry($0, $0.summary, width: width) }.joined(separator: "\n"))

            \(wrapped("Redirects are followed, bodies decompressed, certificates verified. Bodies go to standard output in input order, one line for each failure to standard error.", width))

            """
    }

    /// All options by group.
    static func full(width: Int) -> String {
        let groups = OptionTable.groups.compactMap { group -> String? in
            let options = group.options.filter { !$0.help.isEmpty }
            guard !options.isEmpty else { return nil }
            return "\(group.title):\n" + options.map { entry($0, $0.description, width: width) }.joined(separator: "\n")
        }
        return """
            \(usage)

            \(groups.joined(separator: "\n\n"))

            \(wrapped("Accepted, because it is so anyway: \(settled).", width))

            Examples:
            \(examples)

            Exit status:
            \(exitStatuses.map { wrapped("  \($0)  ".filled(12) + $1, width, indentation: 12) }.joined(separator: "\n"))

            """
    }

    private static let examples = """
          fetch https://example.com
          fetch -j 200 -i urls.txt > bodies
          fetch -i urls.txt --output-dir pages --skip-existing
          fetch -C - -o image.iso https://example.com/image.iso
          fetch --format warc -o site.warc.gz -i urls.txt
          fetch --format jsonl < urls.txt | jq -r 'select(.ok|not) | .url'
        """

    static let exitStatuses = [
        ("0", "all fetched"), ("1", "some failed"), ("64", "usage"), ("65", "the list is none"), ("66", "a named file cannot be read"),
        ("70", "internal error"),
        ("73", "an output cannot be created"), ("74", "an output cannot be written"),
        ("75", "stopped by a limit of yours: deadline, failures"), ("130, 143", "interrupted"),
        ("141", "the reader of the output has left"),
    ]

    static var settled: String {
        let options = OptionTable.compatibility.filter { $0.value == nil }
        return options.map { ($0.letter.map { "-\($0) " } ?? "") + "--\($0.name)" }.joined(separator: ", ")
    }

    /// An option and what is said of it, in two columns.
    private static func entry(_ option: Option, _ text: String, width: Int) -> String {
        // A narrow terminal has one column.
        let indentation = width < 60 ? 8 : 28
        let signature = "  " + (option.letter == nil ? "    " : "") + option.signature
        let isAlone = columns(signature) + 2 > indentation
        let body = wrapped((isAlone ? "" : signature).filled(indentation) + text, width, indentation: indentation)
        return isAlone ? "\(signature)\n\(body)" : body
    }

    private static func wrapped(_ text: String, _ width: Int, indentation: Int = 0) -> String {
        text.wrapped(width, indentation: indentation).joined(separator: "\n")
    }
}

extension Option {
    /// The first sentence, with the default.
    var summary: String { String(help.prefix { $0 != "." }) + (standard.map { " (default: \($0(Configuration())))" } ?? "") }

    /// All that the help says.
    var description: String {
        let names = aliases.isEmpty ? "" : " Also \(aliases.map { "--\($0)" }.joined(separator: ", "))."
        return help + (standard.map { " (default: \($0(Configuration())))" } ?? "") + names
    }
}
