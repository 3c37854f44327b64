import Foundation
import Support
import Testing

/// -D, --include and -I: the heads of responses.
@Suite("Heads") struct HeadsTests {
    private let server: Server
    private let scratch = Scratch()

    init() throws { server = try Server.faults.get() }

    private func head(_ status: String, _ fields: String...) -> String {
        (["HTTP/1.1 \(status)"] + fields + ["", ""]).joined(separator: "\r\n")
    }

    private var redirect: String { "\(server.url)/redirect?to=/text?s=hello" }
    private var redirected: String {
        head("302 Found", "Location: /text?s=hello", "Content-Length: 6") + head("200 OK", "Content-Length: 5")
    }

    @Test("-D has the heads of all hops in the order of the results, those of failures too") func file() async throws {
        let key = UUID().uuidString
        // The second one is there before the first.
        let running = try Command.fetch(
            "--retry", "0", "-D", "\(scratch.path)/heads", "\(server.url)/hold?key=\(key)", redirect, "\(server.url)/status?code=404",
            "\(server.url)/release?key=\(key)"
        ).start()
        let run = await running.finish(deadline: .seconds(60))
        #expect(run.status == 1 && run.text.contains("hello") && !run.text.contains("HTTP/1.1"))
        let heads = try #require(scratch.text("heads"))
        let first = try #require(heads.range(of: "\r\n\r\n")).upperBound
        #expect(heads[..<first].hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(heads[first...].hasPrefix(redirected + "HTTP/1.1 404 "))
        #expect(heads.components(separatedBy: "HTTP/1.1 ").count == 6)
    }

    @Test("--include and -D - put them before each body, also one that streams", arguments: [["--include"], ["-D", "-"]])
    func include(options: [String]) async throws {
        let run = try await Command.fetch(options + ["--retry", "0", redirect, "\(server.url)/status?code=404", "\(server.url)/big?mb=3"])
            .run()
        #expect(run.text.hasPrefix("\(redirected)helloHTTP/1.1 404 "))
        let last = try #require(run.text.range(of: "\r\n\r\n", options: .backwards))
        #expect(run.text[..<last.lowerBound].hasSuffix("HTTP/1.1 200 OK\r\nContent-Length: 3145728"))
        #expect(run.text[last.upperBound...].utf8.count == 3 << 20)
    }

    @Test("-D - is standard output where the results go elsewhere") func standardOutput() async throws {
        let url = "\(server.url)/text?s=hello"
        for options in [
            ["-o", "\(scratch.path)/body"], ["--format=none"], ["--output-dir", scratch.path], ["--format=jsonl", "-o", "/dev/null"],
        ] {
            let run = try await Command.fetch(options + ["-D", "-", url]).run()
            #expect(run.text == head("200 OK", "Content-Length: 5") && run.status == 0, "\(options)")
        }
        #expect(scratch.text("body") == "hello")
    }

    @Test("-I shows those of redirects as well") func method() async throws {
        #expect(try await Command.fetch("-I", redirect).run().text == redirected)
    }

    @Test("A terminal gets nothing of them that controls it") func terminal() async throws {
        let response = "HTTP/1.1%20200%20OK%0D%0AX:%20%1B[2J%0D%0AContent-Length:%201%0D%0A%0D%0Ax"
        for options in ["--include", "-D - --format none", "-D - -o /dev/null"] {
            let run = try await Command.shell(
                "script -qec \"$FETCH -g --no-progress-meter --no-summary \(options) '\(server.url)/raw?b=\(response)'\" /dev/null"
            )
            .run()
            #expect(run.text.contains("X: \\u001b[2J") && !run.text.contains("\u{1B}[2J"), "\(options)")
        }
    }
}
