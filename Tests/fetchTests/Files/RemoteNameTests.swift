import Foundation
import Support
import Testing

/// -J: files are called what the server says, as far as that does no harm.
@Suite("Names of servers") struct RemoteNameTests {
    private let server: Server
    private let scratch = Scratch()

    init() throws { server = try Server.faults.get() }

    /// A response of that body, with the field as the server sends it.
    private func url(_ disposition: String, body: String = "x", host: String = "127.0.0.1") -> String {
        let response =
            "HTTP/1.1 200 OK\r\nContent-Disposition: \(disposition)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let encoded = response.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
        return "http://\(host):\(server.port)/raw?b=\(encoded)"
    }

    private func fetch(_ arguments: [String], _ urls: [String]) async throws -> Completed {
        try await Command.fetch(["-J", "-j1", "--output-dir", "\(scratch.path)/out", "--name", "{basename}"] + arguments + urls).run()
    }

    @Test(
        "Whatever the server says, the file is in its folder and is called something harmless",
        arguments: [
            ("attachment; filename=report.pdf", "report.pdf"), ("attachment; filename=\"../../etc/passwd\"", "passwd"),
            ("attachment; filename=/etc/passwd", "passwd"), ("attachment; filename=.bashrc", "_bashrc"),
            ("attachment; filename*=UTF-8''%00%0A%1B", "%00%0A%1B"), ("attachment; filename=\"\"", "raw"), ("inline", "raw"),
            ("attachment; filename=..", "__"), ("attachment; filename=x; filename*=UTF-8''%E2%82%AC", "€"),
        ]) func names(disposition: String, name: String) async throws
    {
        #expect(try await fetch([], [url(disposition)]).status == 0)
        #expect(scratch.names() == ["out", "out/\(name)"] && scratch.text("out/\(name)") == "x")
    }

    @Test("Two that say the same get two names, and a body that streams is one of them") func same() async throws {
        let large = String(repeating: "y", count: 60_000)
        let urls = [url("attachment; filename=a.txt"), url("attachment; filename=a.txt", body: large)]
        let run = try await fetch(["--format=jsonl", "--body-memory=1k"], urls)
        #expect(run.status == 0)
        let files = try run.records().map { try #require($0.string("body_file")) }
        #expect(files[0] == "\(scratch.path)/out/a.txt")
        #expect(files[1].contains(#/out/a~[0-9a-f]{8}\.txt$/#))
        #expect(try String(contentsOfFile: files[1], encoding: .utf8) == large && scratch.names().count == 3)
    }

    @Test("A server replaces no file, nor what a link leads to, and the key output counts more") func existing() async throws {
        try scratch.makeDirectory("out")
        scratch.plant("mine", at: "out/Makefile")
        scratch.plant("mine", at: "other")
        scratch.link("out/link", to: "\(scratch.path)/other")
        let line = #"{"url":"\#(url("attachment; filename=a"))","output":"chosen"}"#
        scratch.plant(line, at: "list")
        let urls = ["Makefile", "link"].map { url("attachment; filename=\($0)") }
        let run = try await fetch(["-i", "\(scratch.path)/list"], urls)
        #expect(run.status == 0)
        #expect(scratch.text("out/Makefile") == "mine" && scratch.text("out/Makefile.1") == "x" && scratch.text("other") == "mine")
        #expect(scratch.text("out/link.1") == "x" && scratch.text("out/chosen") == "x")
    }

    @Test("Folders are those of the URL where -O does not ask for none") func folders() async throws {
        let run = try await Command.fetch("-J", "--output-dir", "\(scratch.path)/out", url("attachment; filename=a/b")).run()
        #expect(run.status == 0 && scratch.text("out/127.0.0.1+\(server.port)/b") == "x")
    }
}
