import Foundation
import Support
import Testing

@Suite("Format jsonl") struct JSONLinesTests {
    private static let keys = [
        "index", "id", "input_file", "input_line", "input_base64", "url", "url_effective", "method", "response_code", "http_version",
        "scheme", "remote_ip",
        "remote_port", "content_type", "headers", "size_download", "size_delivered", "size_header", "size_request", "size_upload",
        "num_redirects", "redirects",
        "num_retries", "num_connects", "time_queue", "time_namelookup", "time_connect", "time_appconnect", "time_pretransfer",
        "time_starttransfer",
        "time_redirect", "time_total", "speed_download", "started_at", "ok", "length_unproved", "tls_verified", "error", "exitcode",
        "errormsg", "body",
        "body_base64", "body_file", "sha256",
    ]

    @Test("Has all keys for every outcome, in the same order") func keys() async throws {
        let server = try Server.faults.get()
        let list =
            ["ok", "binary", "status?code=404", "silent", "short-body", "loop"].map { "\(server.url)/\($0)" } + [
                "http://127.0.0.1:\(freePort())/", "no scheme",
            ]
        let run = try await Command.fetch("-s", "--speed-time=1", "--format=jsonl").run(stdin: list.joined(separator: "\n"))
        let records = try run.records()
        #expect(records.count == list.count)
        for record in records {
            #expect(Set(record.fields.keys) == Set(Self.keys))
            // Without the redirects, which have keys of the same names.
            let line = record.line.replacingOccurrences(of: #""redirects":\[.*?\]"#, with: #""redirects":[]"#, options: .regularExpression)
            let places = Self.keys.compactMap { line.range(of: "\"\($0)\":")?.lowerBound }
            #expect(places == places.sorted())
        }
        #expect(Set(records.compactMap { $0.int("index") }) == Set(0..<list.count))
    }

    @Test("Says what curl says of the same transfer") func curl() async throws {
        let nginx = try Server.nginx.get()
        let record = try #require(
            try await Command.fetch("--format=jsonl", "-HAccept-Encoding:", "\(nginx.url)/text.txt").run().records().first)
        let curl = try await Command("curl", ["-s", "-o", "/dev/null", "-w", "%{json}", "\(nginx.url)/text.txt"]).run()
        let expected = try #require(try curl.records().first)
        for key in ["response_code", "size_download", "size_header", "num_redirects", "num_connects", "exitcode", "remote_port"] {
            #expect(record.int(key) == expected.int(key), "\(key)")
        }
        for key in ["content_type", "http_version", "method", "remote_ip", "url_effective"] {
            #expect(record.string(key) == expected.string(key), "\(key)")
        }
    }

    @Test("Is valid whatever a server sends") func oddHeaders() async throws {
        let server = try Server.faults.get()
        let record = try #require(try await Command.fetch("--format=jsonl", "\(server.url)/odd-headers").run().records().first)
        let headers = try #require(record.fields["headers"] as? [String: [String]])
        #expect(headers["x-latin"] == ["caf\u{e9}"] && headers["x-utf8"] == ["\u{20ac}"] && headers["x-twice"] == ["1", "2"])
        #expect(headers["x-quote"] == [#""a\b""#] && headers["x-bell"] == ["\u{7}\u{1b}[31m"])
    }

    @Test("Carries bodies as text or base64, also large ones") func bodies() async throws {
        let server = try Server.faults.get()
        let nginx = try Server.nginx.get()
        // Read outside: here 40 MB of escaped zeros would take half a minute, and other tests would wait for the processor.
        let program = "import json, sys\nfor r in map(json.loads, sys.stdin): print(r['body'] and len(r['body']), r['body_base64'])"
        let run = try await Command.shell(
            "$FETCH --format=jsonl --ordered \(server.url)/binary '\(server.url)/big?mb=3' \(nginx.url)/40m | \(Paths.python) -c \"\(program)\""
        ).run()
        #expect(run.text == "None \(Data(0...255).base64EncodedString())\n\(3 << 20) None\n\(40 << 20) None\n", "\(run.errorText)")
    }

    @Test("Never shows a secret") func secrets() async throws {
        let server = try Server.faults.get()
        let authority = server.url.replacingOccurrences(of: "http://", with: "user:canary@")
        for format in ["jsonl", "body", "none"] {
            let run = try await Command.fetch(
                "--format", format, "-v", "--timings", "--summary", "-H", "Authorization: canary", "http://\(authority)/nothing",
                "http://\(authority)/loop", "http://user:canary@127.0.0.1:1/", "http://u:canary@h:0/"
            ).run()
            #expect(!run.text.contains("canary") && !run.errorText.contains("canary"))
            #expect(run.status == 1)
        }
    }
}
