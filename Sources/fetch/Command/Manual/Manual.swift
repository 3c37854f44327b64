// fetch(1), which `--generate-manual` prints in mdoc(7): sections that are written, and what the program knows of itself.

import FetchFormats
import FetchKit

/// The manual page.
enum Manual {
    /// When something that is written here was last changed.
    private static let date = "November 25, 2026"

    static var text: String {
        [
            #"""
            .\" Made by fetch --generate-manual.
            .Dd \#(date)
            .Dt FETCH 1
            .Os fetch \#(fetchVersion)
            """#,
            introduction, options, input, order, formats, keys, errors, signals, environment, files, exitStatus, examples, end,
        ].joined(separator: "\n") + "\n"
    }

    /// An item for each option that the help shows, by group.
    private static var options: String {
        let groups = OptionTable.groups.compactMap { group -> String? in
            let options = group.options.filter { !$0.help.isEmpty }
            guard !options.isEmpty else { return nil }
            return list(".Ss \(group.title)", options.map { (signature($0), escaped($0.description)) })
        }
        return #"""
            .Sh OPTIONS
            The command line is read as curl reads it: letters may share a dash
            .Pq Fl sSL ,
            a value may follow its letter
            .Pq Fl j64
            or stand after an equals sign
            .Pq Fl \-concurrency=64 ,
            and options and URLs come in any order; after
            .Fl \-
            there are only URLs.
            .Fl \-no\-
            and the name of a switch turns it off.
            .Pp
            A
            .Ar time
            is in seconds, or has a unit: 500ms, 2s, 1m, 1h.
            A
            .Ar size
            is in bytes, or in powers of 1024: 100k, 16M, 2G.
            A
            .Ar rate
            is a number for a second, a minute or an hour: 10/s, 30/m, 1000/h.
            \#(groups.joined(separator: "\n"))
            .Ss Accepted, because it is so anyway
            \#(escaped(Help.settled)).
            """#
    }

    private static func signature(_ option: Option) -> String {
        let letter = option.letter.map { "Fl \(escaped("\($0)")) , " } ?? ""
        return letter + "Fl \\-\(escaped(option.name))" + (option.value.map { " Ar \\&\(escaped($0.name))" } ?? "")
    }

    private static var errors: String {
        list(
            #"""
            .Sh ERRORS OF REQUESTS
            A request that fails has one of these classes, in records
            .Pq Cm error ,
            messages, summaries and statistics.
            """#, FetchError.Kind.allCases.map { ("Cm \($0.rawValue)", escaped(meaning(of: $0))) })
    }

    private static var exitStatus: String {
        list(
            #"""
            .Sh EXIT STATUS
            A run without any URL in its list is one without failures.
            """#, Help.exitStatuses.map { ("Li \(escaped($0))", escaped("\($1.prefix(1).uppercased())\($1.dropFirst()).")) })
    }

    /// Items with what is said of them, below an opening.
    private static func list(_ opening: String, _ items: [(head: String, text: String)]) -> String {
        let lines = items.map { ".It \($0.head)\n\($0.text)" }
        return "\(opening)\n.Bl -tag -width Ds\n\(lines.joined(separator: "\n"))\n.El"
    }

    /// Text as roff takes it: each sentence begins a line, what roff gives a meaning is written as what it stands for.
    private static func escaped(_ text: String) -> String {
        let special: [Character: String] = ["\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "~": "\\(ti", "^": "\\(ha", "\"": "\\(dq"]
        let characters = text.map { special[$0] ?? String($0) }.joined()
        // A dot that stands alone is the folder, and ends no sentence.
        let sentences = characters.replacing(" . ", with: " .\\& ").replacing(". ", with: ".\n").split(separator: "\n")
        let lines = sentences.flatMap { String($0).wrapped(80, indentation: 0) }
        return lines.map { $0.hasPrefix(".") ? "\\&\($0)" : String($0) }.joined(separator: "\n")
    }
}
