import FetchKit
import Foundation
import Support
import Testing

@testable import FetchFormats
@testable import fetch

/// The manual page as its readers have it.
@Suite("Manual") struct ManualTests {
    private let scratch = Scratch()

    @Test("mandoc finds nothing wrong with it, and it fits 80 columns", arguments: [true, false]) func page(isLinted: Bool) async throws {
        let command =
            isLinted
            ? "$FETCH --generate-manual | mandoc -T lint -W warning 2>&1"
            : "$FETCH --generate-manual | mandoc -T utf8 -O width=80 | col -bx | grep -E '.{81}'"
        let run = try await Command.shell(command).run()
        #expect(run.status == (isLinted ? 0 : 1) && run.text.isEmpty, "\(run.text)\(run.errorText)")
    }

    @Test("It has all options with their help, all keys of a record, all formats, classes of errors and exit statuses")
    func completeness() async throws {
        let run = try await Command.shell("$FETCH --generate-manual | mandoc -T utf8 -O width=1000 | col -bx").run()
        let rows = run.text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        // What is alone on a line, or before what is said of it.
        let heads = Set(rows.flatMap { ($0.components(separatedBy: "  ")[0]).components(separatedBy: ", ") })
        // Two blanks are between sentences.
        let lines = rows.map { $0.replacing(#/  +/#, with: " ") }
        for option in OptionTable.all where !option.help.isEmpty {
            #expect(lines.contains { $0.hasPrefix(option.signature.replacing(/[<>]/, with: "")) }, "\(option.name)")
            #expect(lines.contains { $0.hasSuffix(option.description) }, "\(option.name)")
        }
        let keys = (Fact.all + Fact.afterBody).map { "\($0.name)" } + ["body", "body_base64"]
        let names = keys + Format.all.map(\.name) + FetchError.Kind.allCases.map(\.rawValue) + ["65", "130", "143"]
        for name in names { #expect(heads.contains(name), "\(name)") }
    }

    @Test("man prefers it to a page of that name in section 7, and shows that one when asked for it") func besidePostgreSQL() async throws {
        for section in ["1", "7"] { try scratch.makeDirectory("man/man\(section)") }
        scratch.plant(".TH FETCH 7\n.SH NAME\nFETCH \\- retrieve rows from a query using a cursor\n", at: "man/man7/fetch.7")
        let man = "MANPATH=\(scratch.path)/man MANWIDTH=80 MANPAGER=cat man"
        let run = try await Command.shell("$FETCH --generate-manual > \(scratch.path)/man/man1/fetch.1; \(man) fetch; \(man) 7 fetch").run()
        let titles = run.text.split(separator: "\n").filter { $0.hasPrefix("FETCH(") }.map { $0.prefix(8) }
        #expect(run.status == 0 && titles == ["FETCH(1)", "FETCH(7)"], "\(run.errorText)")
    }
}
