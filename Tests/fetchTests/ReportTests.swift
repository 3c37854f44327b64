import Foundation
import Support
import Testing

@Suite("Messages for people") struct ReportTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    @Test("Timings are a table on standard error, and standard output is untouched") func timings() async throws {
        let run = try await Command.fetch(
            "--timings", "\(server.url)/text?s=a", "\(server.url)/status?code=404", "http://127.0.0.1:\(freePort())/"
        ).run()
        #expect(run.text == "a")
        let lines = run.errorLines.filter { !$0.hasPrefix("fetch: ") }
        #expect(
            lines.count == 4
                && lines[0].split(whereSeparator: \.isWhitespace).map(String.init) == [
                    "status", "dns", "connect", "tls", "first", "total", "size", "url",
                ])
        #expect(
            lines.contains { $0.hasPrefix("200 ") } && lines.contains { $0.hasPrefix("404 ") }
                && lines.contains { $0.hasPrefix("connect ") })
        let ends = lines.map { $0.distance(from: $0.startIndex, to: $0.range(of: "  ", options: .backwards)!.lowerBound) }
        #expect(Set(ends).count == 1, "the columns are aligned")
    }

    @Test("The summary counts, names errors with an example, and has percentiles") func summary() async throws {
        let run = try await Command.fetch(
            "--summary", "--format=none", "\(server.url)/ok", "\(server.url)/status?code=404", "\(server.url)/status?code=500"
        ).run()
        #expect(run.output.isEmpty)
        for part in ["3 URLs in", "1 fetched, 2 failed", "p50", "p99", "max", "first byte", "http", "such as \(server.url)/status?code="] {
            #expect(run.errorText.contains(part))
        }
    }

    @Test("A failure says after how many tries") func tries() async throws {
        let run = try await Command.fetch("--retry=2", "--retry-delay=0", "\(server.url)/status?code=503").run()
        #expect(run.errorText.hasSuffix(": 503 after 3 tries\n"), "\(run.errorText)")
    }

    @Test("Quiet leaves only errors, silent not even those, and the status still tells") func quiet() async throws {
        let quiet = try await Command.fetch("-q", "\(server.url)/status?code=404").run()
        #expect(quiet.errorLines.count == 1 && quiet.status == 1)
        let silent = try await Command.fetch("-s", "\(server.url)/status?code=404").run()
        #expect(silent.errors.isEmpty && silent.status == 1)
    }

    @Test("Verbose shows the address, reuse and redirects") func verbose() async throws {
        let run = try await Command.fetch("-v", "\(server.url)/redirect?to=/ok").run()
        #expect(run.errorLines.count == 2)
        #expect(
            run.errorLines[0].contains("127.0.0.1 port \(server.port), new connection")
                && run.errorLines[0].contains("redirected to \(server.url)/ok"))
        #expect(run.errorLines[1].contains("connection reused"))
    }

    @Test("Escapes from a server never reach standard error") func escapes() async throws {
        let run = try await Command.fetch("-v", "--timings").run(stdin: "http://h/\u{1b}[31m\nhttp://h\u{202e}/x y\n")
        #expect(!run.errors.contains(0x1B) && !run.errorText.contains("\u{202e}"))
    }

    @Test("Help has groups and examples, version names libcurl") func help() async throws {
        let help = try await Command.fetch("--help-all").run()
        for part in ["Examples:", "Input:", "Output:", "Exit status:", "--per-host", "-j, --concurrency"] {
            #expect(help.text.contains(part))
        }
        #expect(help.status == 0)
        let version = try await Command.fetch("-V").run()
        #expect(version.text.hasPrefix("fetch ") && version.text.contains("libcurl/") && version.status == 0)
    }

    @Test("curl's compatibility work on the real command line") func compatibility() async throws {
        let run = try await Command.fetch("-sSfLZ", "-j64", "-HX-One:1", "-A", "agent", "-X", "PUT", "\(server.url)/echo").run()
        #expect(run.text.hasPrefix("PUT /echo HTTP/1.1") && run.text.contains("X-One: 1") && run.text.contains("User-Agent: agent"))
        #expect(try await Command.fetch("-XHEAD", "\(server.url)/ok").run().status == 0)
    }
}
