import Foundation
import Support
import Testing

@testable import FetchFormats
@testable import fetch

/// The arguments in one way of writing: long names, values after an equals sign, URLs as they are.
func canonical(_ arguments: [String]) throws -> [String] {
    var reader = ArgumentReader(arguments)
    var words: [String] = []
    while let occurrence = try reader.next() { words.append(occurrence.canonical) }
    return words
}

extension Occurrence {
    var canonical: String {
        if typed.isEmpty { return value }
        return "--\(isOn ? "" : "no-")\(option.name)" + (option.value == nil ? "" : "=\(value)")
    }
}

@Suite("Options") struct OptionTests {
    @Test(
        "A line is read as curl reads it",
        arguments: [
            (["-sSfL", "u"], ["--silent", "--show-error", "--fail", "--location", "u"]), (["-j64"], ["--concurrency=64"]),
            (["-j", "64"], ["--concurrency=64"]), (["-Hname:value"], ["--header=name:value"]),
            (["-sSLm2"], ["--silent", "--show-error", "--location", "--max-time=2"]),
            (["-sSoFILE", "u"], ["--silent", "--show-error", "--output=FILE", "u"]),
            (["-sj64", "u"], ["--silent", "--concurrency=64", "u"]),
            (["-H", "-x: y"], ["--header=-x: y"]), (["-kX", "PUT", "u"], ["--insecure", "--request=PUT", "u"]),
            (["-Zk"], ["--parallel", "--insecure"]), (["--header", "--odd"], ["--header=--odd"]), (["-o", "--"], ["--output=--"]),
            (["--", "-s"], ["-s"]), (["u", "--", "-s", "--"], ["u", "-s", "--"]), (["-"], ["-"]),
            (["--format=none", "-"], ["--format=none", "-"]), (["--max-time", "-1"], ["--max-time=-1"]),
            (["--header=", "u"], ["--header=", "u"]), (["--header=a=b"], ["--header=a=b"]), (["-A", "", "u"], ["--user-agent=", "u"]),
            (["u", "-s", "v", "-k"], ["u", "--silent", "v", "--insecure"]), (["--no-silent"], ["--no-silent"]),
            (["--clobber", "--no-clobber"], ["--no-no-clobber", "--no-clobber"]), (["--parallel-max", "3"], ["--concurrency=3"]),
            (["--url", "u", ""], ["--url=u", ""]), (["-#"], ["--progress"]), (["-oé", "ü"], ["--output=é", "ü"]),
        ]) func reading(typed: [String], expected: [String]) throws
    {
        #expect(try canonical(typed) == expected)
    }

    @Test(
        "What cannot be read is refused with a sentence",
        arguments: [
            (["-H"], "-H needs a value: -H, --header <header>"), (["-sSo"], "-o needs a value: -o, --output <file>"),
            (["--retry"], "--retry needs a value: --retry <n>"), (["--jobs"], "--jobs needs a value: -j, --concurrency <n>"),
            (["--silent=yes"], "--silent takes no value"), (["--no-silent="], "--no-silent takes no value"),
            (["--no-header", "x"], "there is no --no-header: only a switch has its opposite"),
            (["--frobnicate"], "there is no option --frobnicate; fetch --help-all lists all"),
            (["--frobnicate=x"], "there is no option --frobnicate; fetch --help-all lists all"),
            (["-?"], "there is no -?: use -h, --help (The options that people need most)"),
            (["-sE"], "-E needs a value: -E, --cert <file[:password]>"),
            (["-s9x"], "there is no option -9; fetch --help-all lists all"),
            (["--" + "\u{1b}[31m"], "there is no option --\\u001b[31m; fetch --help-all lists all"),
        ]) func refusals(typed: [String], message: String)
    {
        #expect(throws: UsageError(message)) { try canonical(typed) }
    }

    @Test("Of a long argument 2 KB are shown") func longArgument() {
        let error = #expect(throws: UsageError.self) { try canonical(["--" + String(repeating: "x", count: 1 << 20)]) }
        #expect(error.map { $0.description.utf8.count < 2200 } == true)
    }

    @Test("Every option is declared once, and says what it does") func table() {
        let names = OptionTable.all.flatMap { [$0.name] + $0.aliases }
        let letters = OptionTable.all.compactMap(\.letter)
        #expect(Set(names).count == names.count && Set(letters).count == letters.count)
        for option in OptionTable.all where !option.help.isEmpty {
            #expect(option.help.hasSuffix(".") || option.help.hasSuffix(")") || option.help.hasSuffix("..."), "\(option.name)")
        }
        for name in OptionTable.alternatives.joined() { #expect(OptionTable.option(name: name)?.option.name == name) }
        // None of them hides another one, and what another program calls it is not its own name.
        let meanings = OptionTable.all.flatMap { $0.meanings.split(separator: " ").map(String.init) }
        #expect(Set(meanings).count == meanings.count)
        for meaning in meanings { #expect(throws: UsageError.self, "\(meaning)") { try canonical([meaning, "x"]) } }
    }

    @Test(
        "Durations",
        arguments: [
            ("2", 2_000_000), ("2.5", 2_500_000), ("500ms", 500_000), ("1m", 60_000_000), ("1h", 3_600_000_000), ("0", 0),
            ("3s", 3_000_000),
            ("", nil), ("-1", nil), ("x", nil), ("1d", nil), ("1e99", nil), ("nan", nil), ("inf", nil),
        ] as [(String, Int64?)]) func durations(text: String, microseconds: Int64?)
    {
        #expect((try? Argument(option: "-m", text: text).duration()) == microseconds.map { Duration.microseconds($0) })
    }

    @Test(
        "Sizes",
        arguments: [
            ("512", 512), ("1k", 1024), ("1K", 1024), ("1.5M", 1_572_864), ("2G", 2 << 30), ("", nil), ("-1", nil), ("k", nil), ("1x", nil),
            ("1e99", nil), ("nan", nil),
        ] as [(String, Int?)]) func sizes(text: String, bytes: Int?)
    {
        #expect((try? Argument(option: "--limit-rate", text: text).size()) == bytes)
    }
}

@Suite("Help") struct HelpTests {
    @Test("One screen has the options that people need", arguments: [80, 100]) func short(width: Int) {
        let lines = Help.short(width: width).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 40 && lines.allSatisfy { columns(String($0)) <= width })
        #expect((20...24).contains(lines.count { $0.contains("--") }))
        for option in ["-i,", "-j,", "--retry", "-o,", "--output-dir", "--format", "--help-all"] {
            #expect(lines.contains { $0.contains(option) })
        }
    }

    @Test("The whole help has every option once, and breaks lines between words", arguments: [44, 80, 132]) func full(width: Int) {
        let text = Help.full(width: width)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("  fetch ") }
        for option in OptionTable.all where !option.help.isEmpty {
            #expect(lines.count { $0.hasSuffix(option.signature) || $0.contains("\(option.signature)  ") } == 1, "\(option.name)")
        }
        for option in OptionTable.compatibility where option.value == nil { #expect(text.contains("--\(option.name)")) }
        #expect(lines.allSatisfy { columns(String($0)) <= width })
    }

    @Test("Defaults are those of the configuration") func defaults() throws {
        let concurrency = try #require(OptionTable.option(name: "concurrency")).option
        #expect(concurrency.summary == "Transfers at once (default: 64)")
        #expect(Help.full(width: 1000).contains("(default: 16M)"))
    }
}

@Suite("What is printed in place of a run") struct UsageTests {
    static let texts = ["--help", "-h", "--help-all", "--version", "-V", "--generate-completion-script=bash", "--generate-manual"]

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
        #expect(printable("a\u{1b}[31mb\u{202e}\n") == "a\\u001b[31mb\\u202e\\u000a")
        #expect(printable("plain \u{e9}\u{4e2d}") == "plain \u{e9}\u{4e2d}")
    }

    @Test("Groups of digits") func groups() {
        #expect([0, 999, 1000, 1_234_567].map(grouped) == ["0", "999", "1,000", "1,234,567"])
    }
}
