import Foundation
import Support
import Testing

@testable import FetchKit
@testable import fetch

@Suite("Failures in bulk") struct FailureLinesTests {
    private static func outcome(_ url: String, _ message: String, kind: FetchError.Kind = .connect, status: Int? = nil) throws -> Outcome {
        try .sample(url, status: status, error: FetchError(kind, message))
    }

    private static func shown(_ lines: inout FailureLines, _ count: Int, _ outcome: Outcome) -> Int {
        (0..<count).count { _ in lines.shows(outcome, outcome.error!) }
    }

    @Test("Ten failures of a host and reason get a line each, the others one line in all") func dead() throws {
        var lines = FailureLines()
        #expect(Self.shown(&lines, 1000, try Self.outcome("http://dead.example/", "connection refused")) == 10)
        #expect(Self.shown(&lines, 10, try Self.outcome("http://other.example/", "connection refused")) == 10)
        #expect(Self.shown(&lines, 12, try Self.outcome("http://dead.example/", "error: 404", kind: .http, status: 404)) == 10)
        #expect(Self.shown(&lines, 11, try Self.outcome("http://dead.example/", "error: 500", kind: .http, status: 500)) == 10)
        #expect(
            lines.closing == [
                "... 990 more from dead.example: connection refused", "... 2 more from dead.example: error: 404",
                "... 1 more from dead.example: error: 500",
            ])
    }

    @Test("What is not tried because the host is down counts as what it was given up for") func givenUp() throws {
        var lines = FailureLines()
        #expect(Self.shown(&lines, 8, try Self.outcome("http://dead.example/", "connection refused")) == 8)
        let untried = try Outcome.undispatched("http://dead.example/9", FetchError(.hostDown, "not tried"))
        #expect(Self.shown(&lines, 92, untried) == 2)
        #expect(lines.closing == ["... 90 more from dead.example: connection refused"])
        #expect(Self.shown(&lines, 1, try Outcome.undispatched("http://x.example/", FetchError(.hostDown, "not tried"))) == 1)
    }

    @Test("Lines that are no requests count by their list") func input() throws {
        var lines = FailureLines()
        let outcome = Outcome(
            index: 0, rejected: RejectedInput(text: "x y", source: Request.Source(file: "-", line: 7), reason: "not a URL"))
        #expect(Self.shown(&lines, 15, outcome) == 10)
        #expect(lines.closing == ["... 5 more from standard input: not a URL"])
    }

    @Test("There are at most ten closing lines, and a thousand hosts are told apart") func bounds() throws {
        var lines = FailureLines()
        for host in 0..<1500 {
            let outcome = try Self.outcome("http://h\(host).example/", "refused")
            #expect(Self.shown(&lines, 11 + host % 2, outcome) == (host < 1000 ? 10 : host == 1000 ? 10 : 0))
        }
        // Of the thousand, 9 have lines, each with 2 more; the others have 500 * 1 + 491 * 2, and 10 of those that are not told apart
        // were shown.
        let rest = 500 + 491 * 2 + 250 * 11 + 250 * 12 - 10
        #expect(lines.closing.count == 10)
        // Those that are not told apart are the most.
        #expect(lines.closing[0] == "... \(grouped(250 * 11 + 250 * 12 - 10)) more from other hosts and reasons")
        let counts = lines.closing.map { Int($0.split(separator: " ")[1].replacing(",", with: ""))! }
        #expect(counts.reduce(0, +) == rest + 9 * 2)
    }

    @Test("A terminal gets few lines, a pipe gets all of them, and --failures says otherwise") func terminals() async throws {
        let server = try Server.faults.get()
        let scratch = Scratch()
        scratch.plant((1...30).map { "\(server.url)/status?code=404&n=\($0)" }.joined(separator: "\n"), at: "list")
        let arguments = ["--no-progress", "--no-summary", "-i", "\(scratch.path)/list"]
        let terminal = [Paths.servers.appendingPathComponent("terminal.py").path, "--stdout", "/dev/null", "--", Command.fetchPath]
        for (options, lines) in [([], 11), (["--failures=all"], 30)] {
            let run = try await Command(Paths.python, terminal + arguments + options).run()
            let seen = try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
            let screen = try #require(seen["screen"] as? [String]).filter { $0.hasPrefix("fetch: ") }
            #expect(screen.count == lines)
            #expect((screen.last?.hasPrefix("fetch: ... 20 more from 127.0.0.1:\(server.port): ") == true) == (lines == 11))
        }
        for (options, lines) in [([], 30), (["--failures=few"], 11)] {
            #expect(try await Command.fetch(arguments + options).run().errorLines.count == lines)
        }
    }
}
