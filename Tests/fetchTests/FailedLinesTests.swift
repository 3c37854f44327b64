import Foundation
import Support
import Testing

/// --failed: what did not go well, as a list.
@Suite("Failed lines") struct FailedLinesTests {
    private let server: Server
    private let scratch = Scratch()

    init() throws { server = try Server.faults.get() }

    /// The text of the file, without the reasons.
    private func lines(_ name: String = "failed") throws -> [String] {
        try #require(scratch.text(name)).split(separator: "\n").filter { !$0.hasPrefix("# ") }.map(String.init)
    }

    @Test("Each line that failed is there as it was read, below its reason, and asks for the same again") func again() async throws {
        let lines = [
            "  \(server.url)/status?code=404 ", "\(server.url)/text?s=good", "# comment", "no URL",
            #"{"url":"\#(server.url)/status?code=500","method":"PUT","headers":{"A":"b"},"body":"c","id":"x"}"#, #"{"url":1}"#,
            "http://user:secret@127.0.0.1:1/{a}",
        ]
        scratch.plant(lines.joined(separator: "\r\n"), at: "list")
        let options = ["--retry", "0", "--unordered", "--failed", "\(scratch.path)/failed"]
        let run = try await Command.fetch(options + ["-i", "\(scratch.path)/list"]).run()
        #expect(run.status == 1 && run.text == "good" && !run.errorText.contains("secret"))
        #expect(try self.lines().sorted() == [lines[0], "#no URL", lines[6], lines[4], "#{\"url\":1}"].sorted())
        let text = try #require(scratch.text("failed"))
        #expect(text.contains("list:1: http: The requested URL returned error: 404\n\(lines[0])\n"))
        #expect(text.contains("list:7: connect: connection refused\n\(lines[6])\n"))
        #expect(text.contains("list:6: input: the key \"url\" is missing or no text\n#{\"url\":1}\n"))

        let second = try await Command.fetch(
            ["--retry", "0", "--format", "jsonl", "--failed", "\(scratch.path)/second", "-i", "\(scratch.path)/failed"]
        ).run()
        #expect(try second.records().map { $0.string("method") ?? "" }.sorted() == ["GET", "GET", "PUT"])
        #expect(try self.lines("second").sorted() == [lines[0], lines[6], lines[4]].sorted())
    }

    @Test("URLs of arguments are there with patterns expanded; what is no text keeps its bytes") func arguments() async throws {
        let list = "\(scratch.path)/list"
        let line = Data("\(server.url)/status?code=404&".utf8) + Data([0xFF, 0xE9])
        _ = FileManager.default.createFile(atPath: list, contents: line)
        let run = try await Command.fetch(
            "-s", "--failed", "\(scratch.path)/failed", "\(server.url)/status?code=40{3,4}", "a b\nhttp://c/", "-i", list
        ).run()
        #expect(run.status == 1)
        let bytes = try #require(FileManager.default.contents(atPath: "\(scratch.path)/failed"))
        let lines = bytes.split(separator: UInt8(ascii: "\n")).filter { !$0.starts(with: Data("# ".utf8)) }
        let urls = [403, 404].map { Data("\(server.url)/status?code=\($0)".utf8) }
        #expect(Set(lines) == Set(urls + [Data("#a b http://c/".utf8), line]))
    }

    @Test("Only its owner reads it, it is there when nothing fails, and where it cannot be the run does not start") func file() async throws
    {
        let path = "\(scratch.path)/failed"
        let run = try await Command.fetch("--failed", path, "\(server.url)/ok").run()
        #expect(run.status == 0 && scratch.text("failed") == "")
        #expect((try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) == 0o600)
        let none = try await Command.fetch("--failed", "\(scratch.path)/none/failed", "\(server.url)/text?s=a").run()
        #expect(none.status == 73 && none.text.isEmpty)
        let empty = try await Command.fetch("-i", path).run()
        #expect(empty.status == 0)
    }

    @Test("After Ctrl-C it has what was cancelled, and says that there was more") func interruption() async throws {
        let key = UUID().uuidString
        let urls = ["\(server.url)/silent?key=\(key)", "\(server.url)/text?s=waits"]
        let running = try Command.fetch("-j1", "--failed", "\(scratch.path)/failed").start()
        running.write(urls.map { "\($0)\n" }.joined())
        try await server.waitForRelease(key)
        running.send(SIGINT)
        #expect(await running.finish(deadline: .seconds(60)).status == 130)
        #expect(try lines().sorted() == urls.sorted())
        let text = try #require(scratch.text("failed"))
        #expect(text.contains("# standard input:1: cancelled: ") && text.hasSuffix("what was not read is not here\n"))
    }
}
