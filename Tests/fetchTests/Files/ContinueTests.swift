import Foundation
import Support
import Testing

@Suite("Continuing bodies (-C -)") struct ContinueTests {
    private let server: Server
    private let scratch = Scratch()
    private static let size = 2 << 20

    init() throws { server = try Server.scripted() }

    /// The body that `/partial` has.
    private var whole: String {
        String(repeating: "0123456789abcde\n", count: Self.size / 16)
    }

    private func fetch(_ query: String, _ arguments: String...) async throws -> (run: Completed, record: Record) {
        let run = try await Command.fetch(
            ["--output-dir", "\(scratch.path)/out", "--name=file", "--format=jsonl", "-C", "-", "\(server.url)/partial?\(query)"]
                + arguments
        ).run()
        return (run, try #require(try run.records().first))
    }

    @Test("The rest is fetched when the server says that it is of the same body", arguments: ["", "&dates=1"])
    func rest(kind: String) async throws {
        let first = try await fetch("key=a\(kind)", "--retry=0")
        #expect(first.run.status == 1 && first.record.string("error") == "truncated" && first.record.isNull("body_file"))
        #expect(scratch.text("out/file") == nil && scratch.text("out/file.part").map { whole.hasPrefix($0) && $0.count > 1 << 20 } == true)
        let second = try await fetch("key=a\(kind)", "--sha256")
        #expect(second.run.status == 0 && second.record.int("response_code") == 206)
        #expect(second.record.int("size_download").map { $0 < 1 << 20 } == true)
        #expect(scratch.text("out/file") == whole && scratch.names() == ["out", "out/file"])
        let sum = try await Command("sha256sum", ["\(scratch.path)/out/file"]).run().text.prefix(64)
        #expect(second.record.string("sha256") == String(sum))
    }

    @Test("A retry goes on where the body broke off") func retry() async throws {
        let (run, record) = try await fetch("key=b", "--retry=2", "--retry-delay=0.01")
        #expect(run.status == 0 && record.int("num_retries") == 1 && record.int("response_code") == 206)
        #expect(scratch.text("out/file") == whole)
    }

    @Test(
        "Another body, no version, another range: the whole is fetched, and nothing is put together",
        arguments: ["&change=1", "&neither=1"])
    func whole(kind: String) async throws {
        _ = try await fetch("key=c\(kind)", "--retry=0")
        let (run, record) = try await fetch("key=c\(kind)")
        #expect(run.status == 0 && record.int("response_code") == 200 && record.int("size_delivered") == Self.size)
        #expect(scratch.text("out/file") == whole && scratch.names() == ["out", "out/file"])
    }

    @Test("A wrong range is not appended") func wrongRange() async throws {
        try scratch.makeDirectory("out")
        scratch.plant("begin", at: "out/file.part")
        let run = try await Command.fetch("--output-dir", "\(scratch.path)/out", "--name=file", "-C", "-", "\(server.url)/wrong-range")
            .run()
        #expect(run.status == 0 && scratch.text("out/file")?.hasPrefix("0123456789abcde\n") == true)
    }

    @Test("What is complete is not fetched again") func complete() async throws {
        _ = try await fetch("key=d&times=0")
        let (run, record) = try await fetch("key=d&times=0")
        #expect(run.status == 0 && record.int("response_code") == 416 && record.bool("ok") == true && record.int("size_download") == 0)
        #expect(record.string("body_file") == "\(scratch.path)/out/file" && scratch.text("out/file") == whole)
        // All of it had come, but the end was not known.
        #expect(rename("\(scratch.path)/out/file", "\(scratch.path)/out/file.part") == 0)
        #expect(try await fetch("key=d&times=0").run.status == 0)
        #expect(scratch.text("out/file") == whole && scratch.names() == ["out", "out/file"])
    }

    @Test("A file that another program has left unfinished is continued if its time is the server's") func otherProgram() async throws {
        try scratch.makeDirectory("out")
        scratch.plant(String(whole.prefix(1 << 20)), at: "out/file")
        let date = "Mon, 02 Mar 2026 10:00:00 GMT"
        _ = try await Command("touch", ["-d", date, "\(scratch.path)/out/file"]).run()
        let (run, record) = try await fetch("key=e&times=0&dates=1")
        #expect(run.status == 0 && record.int("response_code") == 206 && record.int("size_download") == Self.size - (1 << 20))
        #expect(scratch.text("out/file") == whole)
    }

    @Test("A run that is killed can be continued") func killed() async throws {
        let nginx = try Server.nginx.get()
        let arguments = ["--output-dir", "\(scratch.path)/out", "--name=file", "-C", "-", "\(nginx.url)/40m"]
        let running = try Command.fetch(arguments + ["--limit-rate=20M"]).start()
        #expect(await scratch.wait(for: "out/file.part", bytes: 2 << 20))
        running.send(SIGKILL)
        _ = await running.finish()
        #expect(scratch.size("out/file") == nil)
        let run = try await Command.fetch(["--format=jsonl"] + arguments).run()
        let downloaded = try #require(try run.records().first?.int("size_download"))
        #expect(run.status == 0 && downloaded < 40 << 20)
        let compared = try await Command("cmp", ["-n", "\(40 << 20)", "/dev/zero", "\(scratch.path)/out/file"]).run()
        #expect(compared.status == 0 && scratch.size("out/file") == 40 << 20)
    }
}
