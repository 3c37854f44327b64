import Foundation
import Support
import Testing

@testable import FetchFormats
@testable import fetch

@Suite("Options") struct OptionTests {
    @Test(
        "curl's compatibility are understood",
        arguments: [
            (["-sSfL", "u"], ["--silent", "--show-error", "--fail", "--location", "u"]), (["-j64"], ["--concurrency=64"]),
            (["-j", "64"], ["--concurrency=64"]), (["-Hname:value"], ["--header=name:value"]),
            (["-sSLm2"], ["--silent", "--show-error", "--location", "--max-time=2"]),
            (["-H", "-x: y"], ["--header=-x: y"]), (["-kX", "PUT", "u"], ["--insecure", "--request=PUT", "u"]),
            (["-Zk"], ["--parallel", "--insecure"]),
            (["--header", "--odd"], ["--header=--odd"]), (["--", "-s"], ["--", "-s"]), (["-"], ["-"]),
            (["--format=none", "-"], ["--format=none", "-"]),
            (["-?"], ["-?"]), (["--max-time", "-1"], ["--max-time=-1"]),
        ]) func compatibility(typed: [String], expected: [String])
    {
        #expect(ShortOptions.expand(typed) == expected)
    }

    @Test(
        "Durations",
        arguments: [
            ("2", 2_000_000), ("2.5", 2_500_000), ("500ms", 500_000), ("1m", 60_000_000), ("1h", 3_600_000_000), ("0", 0),
            ("3s", 3_000_000),
            ("", nil), ("-1", nil), ("x", nil), ("1d", nil), ("1e99", nil), ("nan", nil), ("inf", nil),
        ] as [(String, Int64?)]) func durations(text: String, microseconds: Int64?)
    {
        #expect(TimeLimit(argument: text)?.duration == microseconds.map { Duration.microseconds($0) })
    }

    @Test(
        "Sizes",
        arguments: [
            ("512", 512), ("1k", 1024), ("1K", 1024), ("1.5M", 1_572_864), ("2G", 2 << 30), ("", nil), ("-1", nil), ("k", nil), ("1x", nil),
            ("1e99", nil), ("nan", nil),
        ] as [(String, Int?)]) func sizes(text: String, bytes: Int?)
    {
        #expect(ByteCount(argument: text)?.bytes == bytes)
    }
}

@Suite("What is printed in place of a run") struct UsageTests {
    static let texts = ["--help", "-h", "--version", "-V", "--generate-completion-script=bash"]

    @Test("It is an output like any other", arguments: texts) func asked(option: String) async throws {
        let run = try await Command.fetch(option).run()
        #expect(run.status == 0 && !run.text.isEmpty && run.text.hasSuffix("\n") && run.errors.isEmpty)
        let full = try await Command.shell("$FETCH \(option) > /dev/full").run()
        #expect(full.status == 74 && full.errorText == "fetch: cannot write to standard output: No space left on device\n")
        #expect(try await Command.shell("$FETCH \(option) >&-").run().status == 74)
        // A pipe that has no reader any more.
        let program = "import os, subprocess, sys; r, w = os.pipe(); os.close(r); print(subprocess.call(sys.argv[1:], stdout=w))"
        let left = try await Command(Paths.python, ["-c", program, Command.fetchPath, option]).run()
        #expect(left.text == "-13\n" && left.errors.isEmpty)
    }

    @Test("A usage error is one also where it cannot be shown, and shows no password") func errors() async throws {
        for redirection in ["2>/dev/full", "2>&-", "2>/dev/null"] {
            #expect(try await Command.shell("$FETCH --frobnicate \(redirection)").run().status == 64)
        }
        let run = try await Command.fetch("-m", "http://user:c4n4ry@host/").run()
        #expect(run.status == 64 && run.errorText.contains("***@host") && !run.errorText.contains("c4n4ry"))
    }
}

@Suite("Numbers for people") struct HumanUnitTests {
    @Test(
        "Durations",
        arguments: [
            (0, "0us"), (999, "999us"), (1000, "1.00ms"), (12_340, "12.3ms"), (999_999, "1000ms"), (1_250_000, "1.25s"),
            (125_000_000, "2m05s"), (7_500_000_000, "2h05m"),
        ] as [(Int64, String)]) func durations(microseconds: Int64, text: String)
    {
        #expect(human(.microseconds(microseconds)) == text)
    }

    @Test("Sizes", arguments: [(0, "0B"), (1023, "1023B"), (1536, "1.50K"), (2 << 30, "2.00G")] as [(Int64, String)])
    func sizes(bytes: Int64, text: String) {
        #expect(human(bytes: bytes) == text)
    }

    @Test("What would move a terminal's cursor is shown instead") func printableText() {
        #expect(printable("a\u{1b}[31mb\u{202e}\n") == "a\\u{1b}[31mb\\u{202e}\\u{a}")
        #expect(printable("plain \u{e9}\u{4e2d}") == "plain \u{e9}\u{4e2d}")
    }

    @Test("Groups of digits") func groups() {
        #expect([0, 999, 1000, 1_234_567].map(grouped) == ["0", "999", "1,000", "1,234,567"])
    }
}
