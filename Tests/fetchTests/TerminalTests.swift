import Foundation
import Support
import Testing

@Suite("Terminals") struct TerminalTests {
    @Test("Bodies, heads and messages with escapes are harmless on a terminal, and untouched in a pipe") func pseudoterminal() async throws
    {
        let server = try Server.faults.get()
        let url = "'\(server.url)/text?s=%1B[31mred'"
        let seen = try await Command.shell("script -qec \"$FETCH -g \(url)\" /dev/null < /dev/null").run()
        #expect(!seen.output.contains(0x1B) && seen.text.contains("\\u001b[31mred"))
        #expect(try await Command.shell("$FETCH -g \(url)").run().output.contains(0x1B))
        let heads = try await Command.shell(
            "script -qec \"$FETCH -I \(server.url)/odd-headers; $FETCH \(server.url)/odd-reason\" /dev/null < /dev/null"
        ).run()
        #expect(!heads.output.contains(0x1B) && !heads.output.contains(7))
    }

    @Test("A file that is a terminal is one, for the stream and for -w") func devices() async throws {
        let server = try Server.faults.get()
        let run = { (options: String) in
            try await Command.shell("script -qec \"$FETCH -g \(options) > /dev/null 2>&1\" /dev/null < /dev/null").run()
        }
        let shown = try await run("-o /dev/tty '\(server.url)/text?s=%1B[31mred'")
        #expect(!shown.output.contains(0x1B) && shown.text.contains("\\u001b[31mred"))
        #expect(try await !run("-o /dev/tty '\(server.url)/text?s=zero%00byte'").text.contains("zero"))
        let scratch = Scratch()
        scratch.plant("turned \u{202e}around\n", at: "list")
        let written = try await run("-i \(scratch.path)/list -w '%output{/dev/tty}%{url}'")
        #expect(written.text.contains("turned \\u202earound"), "\(written.text)")
    }

    @Test("Messages break between words, those of -v and of usage errors too") func wrapping() async throws {
        let url = "\(try Server.faults.get().url)/text?s=\(String(repeating: "a", count: 20))"
        for (options, start) in [(["-v", url], "* [0] GET"), (["--retires", "3"], "fetch: there is no")] {
            let terminal = [
                Paths.servers.appendingPathComponent("terminal.py").path, "--columns", "36", "--stdout", "/dev/null", "--",
                Command.fetchPath,
            ]
            let run = try await Command(Paths.python, terminal + options).run()
            let seen = try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
            let screen = try #require(seen["screen"] as? [String])
            #expect(screen.count > 1 && screen[0].hasPrefix(start), "\(screen)")
            // The URL is longer than a line, and broken by the terminal.
            #expect(screen.dropFirst().allSatisfy { $0.hasPrefix("  ") || $0.hasSuffix("aaa") }, "\(screen)")
        }
    }

    @Test("Manifest and statistics turn no text around on a terminal, and are as they came in a pipe") func reports() async throws {
        let scratch = Scratch()
        let server = try Server.faults.get()
        let list = "{\"url\":\"\(server.url)/text\",\"id\":\"manifest\u{202e}\",\"output\":\"x\"}\nstatistics \u{202e}\n"
        try list.write(toFile: "\(scratch.path)/list", atomically: true, encoding: .utf8)
        let line = "$FETCH -s -i list --output-dir . --manifest - --stats -"
        let shown = try await Command.shell("cd \(scratch.path); script -qec '\(line)' /dev/null < /dev/null").run()
        #expect(shown.text.contains("manifest\\u202e") && shown.text.contains("statistics \\u202e") && !shown.text.contains("\u{202e}"))
        let piped = try await Command.shell("cd \(scratch.path); \(line) 2>&1 | cat").run()
        #expect(piped.text.contains("manifest\u{202e}") && piped.text.contains("statistics \u{202e}"))
    }
}
