import FetchKit
import Foundation
import Support
import Testing

@testable import FetchFormats
@testable import fetch

/// The pages for those who know another program: no command in them is out of date.
@Suite("Pages of other programs") struct SwitchingPagesTests {
    private static let folder = Paths.servers.appendingPathComponent("../../../Documentation/Switching").standardized
    static let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? []

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    /// The blocks of code in that language.
    private static func blocks(_ language: String, in text: String) -> [String] {
        text.matches(of: /(?ms)^```([a-z]+)\n(.*?)^```$/).filter { $0.output.1 == language }.map { String($0.output.2) }
    }

    /// What a reader has: every file, no variable, no terminal.
    private var surroundings: Surroundings {
        var surroundings = Surroundings()
        surroundings.contents = { _, _ in [] }
        surroundings.body = { _ in [] }
        surroundings.obstacle = { _ in nil }
        return surroundings
    }

    @Test("There is one for each, of a length that is read") func pages() throws {
        #expect(Self.names == ["aiohttp.md", "aria2c.md", "curl.md", "httpx.md", "wget.md", "xargs.md"])
        for name in Self.names { #expect(try Self.text(name).split(separator: "\n", omittingEmptySubsequences: false).count <= 90) }
    }

    @Test("Every command of fetch in their examples is one", arguments: names) func commands(name: String) throws {
        var count = 0
        for block in Self.blocks("sh", in: try Self.text(name)) {
            for words in try ShellWords(block).commands where words[0] == "fetch" {
                count += 1
                if words.contains("--from-curl") { continue }
                #expect(throws: Never.self, "\(words)") { try Settings(Array(words.dropFirst()), in: surroundings) }
            }
        }
        #expect(count >= 2)
    }

    @Test("Every option of fetch in their tables is there, with a value that it takes", arguments: names) func tables(name: String) throws {
        var count = 0
        for row in try Self.text(name).split(separator: "\n") where row.hasPrefix("| ") && !row.hasPrefix("| --") {
            // A bar within a cell is escaped.
            let cells = row.replacing("\\|", with: "\u{1}").split(separator: "|").map { $0.replacing("\u{1}", with: "|") }
            try #require(cells.count == 2, "\(row)")
            for span in cells[1].matches(of: /`([^`]+)`/).map(\.output.1) where span.hasPrefix("-") || span.hasPrefix("fetch ") {
                count += 1
                let words = try ShellWords(String(span)).commands[0]
                #expect(throws: Never.self, "\(row)") {
                    var draft = Draft(surroundings: surroundings, readsStandardInput: false)
                    let arguments = try Arguments(words.filter { $0 != "fetch" }, in: surroundings)
                    for occurrence in arguments.occurrences { try draft.apply(occurrence) }
                }
            }
        }
        #expect(count > 10)
    }

    @Test("Every line of JSON in them is a request") func lines() throws {
        for name in Self.names {
            for line in try Self.blocks("json", in: Self.text(name)).flatMap({ $0.split(separator: "\n") }) {
                var reader = RequestLine(template: RequestTemplate(), file: name)
                guard case .request? = reader.candidate(.whole(Array(line.utf8)[...]), number: 1) else {
                    Issue.record("\(name): \(line)")
                    continue
                }
            }
        }
    }

    @Test("What the page of curl shows in a terminal is what comes") func console() async throws {
        for block in Self.blocks("console", in: try Self.text("curl.md")) {
            for example in "\n\(block)".components(separatedBy: "\n$ ").dropFirst() {
                let parts = example.split(separator: "\n", maxSplits: 1)
                let run = try await Command.shell("fetch() { $FETCH \"$@\"; }; { \(parts[0]); } 2>&1").run()
                let shown = String(decoding: withoutLoader(run.output), as: UTF8.self)
                #expect(shown.trimmingCharacters(in: .newlines) == parts[1].trimmingCharacters(in: .newlines))
            }
        }
    }
}
