import Foundation
import Support
import Testing

@Suite("Bodies on standard output") struct BodyOutputTests {
    private let server: Server
    private let nginx: Server

    init() throws {
        server = try Server.faults.get()
        nginx = try Server.nginx.get()
    }

    @Test("Come in input order, byte for byte, nothing added") func order() async throws {
        let run = try await Command.fetch(
            "\(server.url)/text?s=1&ms=200", "\(server.url)/ok?ms=300&n=3", "\(server.url)/text?s=2", "\(server.url)/binary"
        ).run()
        #expect(run.output == Data("1".utf8) + Data("012".utf8) + Data("2".utf8) + Data(0...255))
        #expect(run.status == 0 && run.errors.isEmpty)
    }

    @Test("Come as they finish when unordered") func unordered() async throws {
        let key = UUID().uuidString
        let running = try Command.fetch("--unordered", "\(server.url)/hold?s=second&key=\(key)", "\(server.url)/text?s=first").start()
        #expect(await running.waitForOutput { $0 == Data("first".utf8) })
        _ = try await Command.fetch("\(server.url)/release?key=\(key)").run()
        #expect(await running.finish().text == "firstsecond")
    }

    @Test("Of failures are left out; each failure is one line on standard error and status 1") func failures() async throws {
        let closed = freePort()
        let run = try await Command.fetch(
            "\(server.url)/text?s=a", "\(server.url)/status?code=404", "http://127.0.0.1:\(closed)/x", "\(server.url)/text?s=b"
        ).run()
        #expect(run.text == "ab" && run.status == 1 && run.errorLines.count == 2)
        #expect(run.errorLines.contains("fetch: \(server.url)/status?code=404: The requested URL returned error: 404"))
        #expect(run.errorLines.contains { $0.hasPrefix("fetch: http://127.0.0.1:\(closed)/x: connection refused") })
    }

    @Test("Of status 400 and above are there with --fail-with-body, and it stays a failure") func failWithBody() async throws {
        let run = try await Command.fetch("--fail-with-body", "\(server.url)/status?code=404", "\(server.url)/short-body").run()
        #expect(run.text == "status 404\n" && run.status == 1)
    }

    @Test("Never come in part: what is cut before 1 MiB does not come at all", arguments: ["", "--unordered", "--fail-with-body"])
    func cut(option: String) async throws {
        let options = option.isEmpty ? [] : [option]
        let run = try await Command.fetch(
            options + ["\(server.url)/short-body?n=900000", "\(server.url)/gzip-cut?n=500000", "\(server.url)/text?s=x"]
        ).run()
        #expect(run.text == "x" && run.status == 1)
    }

    @Test("That are cut past 1 MiB have streamed, and the failure is told") func cutLate() async throws {
        let run = try await Command.fetch("\(server.url)/big?mb=3&cut=1").run()
        #expect(run.output.count == 3 * 1_048_576 - 1 && run.status == 1 && run.errorLines.count == 1)
    }

    @Test(
        "Stream in input order although a later one is faster, or as they come, and never one within another",
        arguments: ["--ordered", "--unordered"])
    func streaming(order: String) async throws {
        let sizes = ["a": 3, "b": 2, "c": 4, "d": 1].sorted { $0.key < $1.key }
        let urls = sizes.enumerated().map { "\(server.url)/big?s=\($1.key)&mb=\($1.value)&ms=\(300 - 100 * $0)" }
        let run = try await Command.fetch([order] + urls + ["\(server.url)/text?s=e"]).run()
        // A body is a run of one letter, and so is nothing else.
        var runs: [(letter: String, count: Int)] = []
        var start = run.output.startIndex
        while start < run.output.endIndex {
            let end = run.output[start...].firstIndex { $0 != run.output[start] } ?? run.output.endIndex
            runs.append((String(decoding: run.output[start...start], as: UTF8.self), end - start))
            start = end
        }
        if order == "--unordered" { runs.sort { $0.letter < $1.letter } }
        #expect(runs.map(\.letter) == ["a", "b", "c", "d", "e"] && run.status == 0)
        #expect(runs.map(\.count) == sizes.map { $0.value << 20 } + [1])
    }

    @Test("Compressed ones come decoded, whole or not at all") func gzip() async throws {
        let run = try await Command.fetch("\(server.url)/gzip-ok?n=3000000").run()
        #expect(run.output.count == 3_000_000 && run.status == 0)
        let plain = try await Command.fetch("-HAccept-Encoding: gzip", "\(server.url)/gzip-ok?n=100").run()
        #expect(plain.output.starts(with: [0x1F, 0x8B]))
    }

    @Test("Go through a slow reader without loss") func slowReader() async throws {
        let run = try await Command.shell("$FETCH \(nginx.url)/40m \(nginx.url)/text.txt | (sleep 1; wc -c)").run()
        #expect(run.text.trimmingCharacters(in: .whitespacesAndNewlines) == "\((40 << 20) + 22000)")
    }

    @Test("On a terminal are told apart, and binary is refused with a hint") func terminal() async throws {
        let run = try await Command.shell(
            "script -qec '$FETCH --no-summary \(server.url)/text?s=one \(server.url)/text?s=two \(server.url)/binary' /dev/null </dev/null | tr -d '\\r'"
        ).run()
        #expect(run.text.contains("==> \(server.url)/text?s=one <==\none\n\n==> \(server.url)/text?s=two <==\ntwo\n"))
        #expect(run.text.contains("binary body not shown on a terminal") && !run.output.contains(0))
    }

    @Test("Need a list or a URL: a terminal on standard input gets the usage and status 64") func usage() async throws {
        let run = try await Command.shell("script -qec '$FETCH' /dev/null </dev/null").run()
        #expect(run.status == 64 && run.text.contains("Usage: fetch"))
        #expect(try await Command.fetch("--bogus").run().status == 64)
        #expect(try await Command.fetch("-H", "no colon", server.url).run().status == 64)
        #expect(try await Command.fetch("-H", "a: b\r\nX: y", server.url).run().status == 64)
    }
}
