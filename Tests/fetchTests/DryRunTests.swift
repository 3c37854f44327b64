import Foundation
import Support
import Testing

/// --dry-run: what would be asked.
@Suite("Dry run") struct DryRunTests {
    private let scratch = Scratch()

    @Test("Each request is a line, input that is none is an error, and nobody is asked") func lines() async throws {
        // Whoever connects to it is refused: it would be a failure.
        let list = ["http://me:secret@127.0.0.1:1/a?b#c", "no URL", #"{"url":"127.0.0.1:1/d","method":"PUT","body":"x"}"#]
        let run = try await Command.fetch("--dry-run", "http://127.0.0.1:1/{x,y}", "-").run(stdin: list.joined(separator: "\n"))
        let url = "http://127.0.0.1:1"
        #expect(run.text == "GET \(url)/x\nGET \(url)/y\nGET http://***@127.0.0.1:1/a?b\nPUT \(url)/d\n" && run.status == 1)
        #expect(run.errorText == "fetch: standard input:2: no URL: a space in a URL must be written %20\n")
    }

    @Test("Files have their names there, none is made or emptied, and what exists is not asked for") func files() async throws {
        scratch.plant("kept", at: "o")
        try scratch.makeDirectory("there")
        scratch.plant("x", at: "there/b")
        let before = scratch.names()
        let urls = ["http://127.0.0.1:1/a", "http://127.0.0.1:1/b"]
        let options = [
            "--dry-run", "--name", "{basename}", "--skip-existing", "--manifest", "\(scratch.path)/m", "--failed", "\(scratch.path)/f",
        ]
        let run = try await Command.fetch(options + ["--output-dir", "\(scratch.path)/there"] + urls).run()
        #expect(run.text == "GET \(urls[0])\t\(scratch.path)/there/a\n" && run.status == 0 && run.errors.isEmpty)
        let new = try await Command.fetch(["--dry-run", "--output-dir", "\(scratch.path)/new/"] + urls).run()
        #expect(new.text == ["a", "b"].map { "GET http://127.0.0.1:1/\($0)\t\(scratch.path)/new/127.0.0.1+1/\($0)\n" }.joined())
        #expect(
            try await Command.fetch(["--dry-run", "-I", "-o", "\(scratch.path)/o"] + urls).run().text
                == urls.map { "HEAD \($0)\n" }.joined())
        #expect(scratch.names() == before && scratch.text("o") == "kept")
    }

    @Test("Limits of the input hold, and a long list comes whole") func many() async throws {
        let list = (0..<20_000).map { "http://127.0.0.1:1/\($0 / 2)\n" }.joined()
        let run = try await Command.fetch("--dry-run", "--dedupe", "--limit", "9000").run(stdin: list)
        #expect(run.text == (0..<9000).map { "GET http://127.0.0.1:1/\($0)\n" }.joined() && run.status == 0)
    }
}
