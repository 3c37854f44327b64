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
}
