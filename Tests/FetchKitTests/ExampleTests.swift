import Foundation
import Support
import Testing

/// The programs of Examples/, as Scripts/test has built them.
@Suite("Examples", .enabled(if: ProcessInfo.processInfo.environment["FETCH_EXAMPLES"] != nil)) struct ExampleTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    private func example(_ name: String, _ arguments: String...) -> Command {
        Command("\(ProcessInfo.processInfo.environment["FETCH_EXAMPLES"]!)/\(name)", arguments)
    }

    @Test("Gathering prints a line for each URL in their order, with and without await", arguments: ["gather", "blocking"])
    func gather(name: String) async throws {
        let urls = ["\(server.url)/ok?ms=100", "\(server.url)/status?code=404", "\(server.url)/text?s=abc"]
        let run = try await example(name, urls[0], urls[1], urls[2]).run()
        #expect(
            run.text == """
                \(urls[0]) 1024 bytes
                \(urls[1]) The requested URL returned error: 404
                \(urls[2]) 3 bytes

                """)
        #expect(run.status == 0, "\(run.errorText)")
    }

    @Test("Streaming fetches as many URLs as asked for") func stream() async throws {
        let run = try await example("stream", "\(server.url)/text?s=", "1000").run()
        #expect(run.text == "200: 1000\n2890 bytes\n" && run.status == 0, "\(run.errorText)")
    }

    @Test("The receiver's files are whole, large ones and small ones, and a body that broke off leaves none") func receiver() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let run = try await example(
            "receiver", folder.path, "\(server.url)/big?mb=5", "\(server.url)/text?s=abc", "\(server.url)/big?mb=3&cut=1"
        ).run()
        #expect(run.text.hasSuffix("2 of 3 saved\n") && run.status == 0, "\(run.text)\(run.errorText)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["0.body", "1.body"])
        #expect(try Data(contentsOf: folder.appendingPathComponent("0.body")).count == 5 << 20)
        #expect(try Data(contentsOf: folder.appendingPathComponent("1.body")) == Data("abc".utf8))
    }

    @Test("The first good answer cancels the others") func cancel() async throws {
        let held = "\(server.url)/hold?key=example"
        let run = try await example("cancel", held, "\(server.url)/text?s=abc").run()
        #expect(run.text == "3 bytes \(server.url)/text?s=abc\ncancelled \(held)\n" && run.status == 0, "\(run.errorText)")
    }

    @Test("The service answers for its clients with one fetcher, refuses private addresses, and ends when it is told to")
    func service() async throws {
        let port = freePort()
        let running = try example("service", "\(port)", "127.0.0.1").start()
        #expect(await running.waitForOutput { String(decoding: $0, as: UTF8.self).hasPrefix("listening") })
        func ask(_ path: String, _ urls: String...) async throws -> String {
            let queries = urls.flatMap { ["--data-urlencode", "url=\($0)"] }
            return try await Command("curl", ["-sG", "http://127.0.0.1:\(port)/\(path)"] + queries).run().text
        }
        let urls = ["\(server.url)/text?s=abc", "\(server.url)/status?code=404", "http://10.0.0.1/"]
        let checked = try await ask("check", urls[0], urls[1], urls[2])
        #expect(checked == "200 ok \(urls[0])\n404 http \(urls[1])\n0 blocked \(urls[2])\n")
        #expect(try await ask("get", urls[0]) == "abc")
        #expect(try await ask("get", urls[2]).contains("private"))
        running.send(SIGTERM)
        let ended = await running.finish()
        #expect(ended.text.hasSuffix("stopped\n") && ended.status == 0, "\(ended.errorText)")
    }
}
