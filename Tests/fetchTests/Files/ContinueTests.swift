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
        arguments: ["&change=1", "&neither=1", "&wrong=1"])
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
        // That server sends a part whatever it is asked for.
        #expect(run.status == 1 && scratch.names() == ["out", "out/file.part"] && scratch.text("out/file.part") == "begin")
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
        // So slowly that it is killed long before its end.
        let running = try Command.fetch(arguments + ["--limit-rate=1M"]).start()
        #expect(await scratch.wait(for: "out/file.part", bytes: 1 << 20))
        running.send(SIGKILL)
        _ = await running.finish()
        #expect(scratch.size("out/file") == nil)
        let run = try await Command.fetch(["--format=jsonl"] + arguments).run()
        let downloaded = try #require(try run.records().first?.int("size_download"))
        #expect(run.status == 0 && downloaded < 40 << 20)
        let compared = try await Command("cmp", ["-n", "\(40 << 20)", "/dev/zero", "\(scratch.path)/out/file"]).run()
        #expect(compared.status == 0 && scratch.size("out/file") == 40 << 20)
    }

    @Test("-o and -C - continue one file, as with curl") func oneFile() async throws {
        let file = "\(scratch.path)/file"
        let arguments = ["-C", "-", "-o", file, "--retry=0", "\(server.url)/partial?key=f"]
        let first = try await Command.fetch(arguments).run()
        #expect(first.status == 1 && scratch.text("file") == nil && scratch.size("file.part").map { $0 > 1 << 20 } == true)
        let second = try await Command.fetch(arguments + ["-w", "%{http_code} %{size_download}"]).run()
        #expect(second.status == 0 && second.text.hasPrefix("206 ") && scratch.text("file") == whole && scratch.names() == ["file"])
        for wrong in [["\(server.url)/ok"], ["--format=jsonl"], ["-C", "100"]] {
            #expect(try await Command.fetch(arguments + wrong).run().status == 64)
        }
    }

    @Test("What a server says about a range that it does not have is no part of the body", arguments: ["page=100", "page=2000000"])
    func errorPage(page: String) async throws {
        try scratch.makeDirectory("out")
        _ = try await fetch("key=g&times=0&\(page)")
        #expect(rename("\(scratch.path)/out/file", "\(scratch.path)/out/file.part") == 0)
        #expect(try await fetch("key=g&times=0&\(page)", "--fail-with-body").run.status == 0)
        #expect(scratch.text("out/file") == whole && scratch.names() == ["out", "out/file"])
        // One that is not complete, and for which the server has another opinion.
        scratch.plant(whole + "more", at: "out/file.part")
        _ = unlink("\(scratch.path)/out/file")
        let (run, record) = try await fetch("key=g&times=0&dates=1&\(page)", "--fail-with-body")
        #expect(run.status == 0 && record.int("response_code") == 200 && scratch.text("out/file") == whole)
    }

    @Test("A rest that breaks off early is asked for again from the same place") func brokenRest() async throws {
        let (run, record) = try await fetch("key=h&recut=1000", "--retry=3", "--retry-delay=0.01")
        #expect(run.status == 0 && record.int("num_retries") == 2 && scratch.text("out/file") == whole)
    }

    @Test("A rest that is shorter than its range is not whole") func shortRest() async throws {
        _ = try await fetch("key=i&short=1", "--retry=0")
        let (run, record) = try await fetch("key=i&short=1", "--retry=0")
        #expect(run.status == 1 && record.string("error") == "truncated" && scratch.text("out/file") == nil)
    }

    @Test("The version is that of the part that is there, not of an earlier one") func forgottenVersion() async throws {
        _ = try await fetch("key=j&times=9", "--retry=0")
        // Now without a version: the part is another one.
        _ = try await fetch("key=j&times=9&change=1&neither=1", "--retry=0")
        let (run, record) = try await fetch("key=j&times=0")
        #expect(run.status == 0 && record.int("response_code") == 200 && scratch.text("out/file") == whole)
    }

    @Test("A body called like the part of another is not taken for it") func partNames() async throws {
        let lines = ["a.part", "a", "b", "b.part"].map { #"{"url":"\#(server.url)/text?s=\#($0)","output":"\#($0)"}"# }
        let run = try await Command.fetch("-j1", "--output-dir", "\(scratch.path)/out", "-C", "-", "--format=jsonl").run(
            stdin: lines.joined(separator: "\n"))
        let records = try run.records()
        #expect(records.count == 4 && Set(records.compactMap { $0.string("body_file") }).count == 4)
        for record in records {
            let name = try #require(record.string("body_file")).dropFirst(scratch.path.count + 1)
            #expect(record.string("url")?.hasSuffix("s=\(scratch.text(String(name)) ?? "")") == true)
        }
    }

    @Test("A request for heads leaves files alone") func heads() async throws {
        try scratch.makeDirectory("out")
        scratch.plant(String(whole.prefix(1000)), at: "out/file.part")
        scratch.plant("old", at: "out/file")
        let (run, record) = try await fetch("key=k&times=0", "-I")
        #expect(run.status == 0 && record.isNull("body_file"))
        #expect(scratch.text("out/file") == "old" && scratch.size("out/file.part") == 1000)
    }

    @Test("A page that comes instead of the rest is a file of its own") func pageInstead() async throws {
        let (run, _) = try await fetch("key=l&then=404&page=100&neither=1", "--retry=1", "--retry-delay=0.01", "--fail-with-body")
        #expect(run.status == 1 && scratch.size("out/file") == 100)
    }
}
