import Foundation
import Support
import Testing

@Suite("Format har") struct HARTests {
    @Test("Is what an independent validator accepts, whatever became of the URLs") func validator() async throws {
        let (faults, nginx) = (try Server.faults.get(), try Server.nginx.get())
        let list =
            [
                "ok", "chain?n=3", "redirect?to=/ok", "status?code=404", "binary", "gzip-ok", "odd-headers", "odd-reason", "folded",
                "lf-only",
                "nul-header", "no-colon", "http10", "two-lengths", "length-and-chunked", "short-body", "gzip-cut", "interim", "loop",
                "reset",
                "empty", "many-headers?n=50", "text?s=%FF+&&a=b=c&%zz",
            ].map { "\(faults.url)/\($0)" } + [
                "\(nginx.url)/text.txt", "\(nginx.url)/moved", "http://127.0.0.1:\(freePort())/", "no scheme", "ftp://h/", "",
                "http://nowhere.invalid/", #"{"url":"\#(faults.url)/echo","body":"a=b","id":"one"}"#,
                #"{"url":"\#(faults.url)/echo","body_base64":"/wA=","method":"PUT"}"#,
            ]
        let run = try await Command.fetch("-s", "--retry=0", "--max-redirs=5", "--format=har").run(stdin: list.joined(separator: "\n"))
        let archive = try Archive(run)
        try await archive.expectValid()
        #expect(Set(archive.entries.compactMap { $0.int("_index") }) == Set(0..<list.filter { !$0.isEmpty }.count))
        for entry in archive.entries { entry.expectSoundTimings() }
    }

    @Test("The validator would not accept everything") func strictness() async throws {
        let server = try Server.faults.get()
        let archive = try Archive(try await Command.fetch("--format=har", "\(server.url)/ok").run())
        for (field, other) in [
            (#""headersSize":"#, #""headerSize":"#), (#""status":200"#, #""status":"200""#), (#""timings":"#, #""_timings":"#),
            (#""startedDateTime":"20"#, #""startedDateTime":"x20"#),
        ] {
            #expect(archive.text.contains(field))
            let broken = Data(archive.text.replacingOccurrences(of: field, with: other).utf8)
            #expect(try await Archive.validate(broken).status != 0, "\(other)")
        }
    }

    @Test("An empty list gives an empty log") func empty() async throws {
        let archive = try Archive(try await Command.fetch("-s", "--format=har").run())
        try await archive.expectValid()
        #expect(archive.entries.isEmpty)
    }

    @Test("Tells of TLS, HTTP/2, and of connections that are used again") func connections() async throws {
        let (nginx, authority) = (try Server.nginxTLS.get(), try Certificates.shared.get().authority)
        let run = try await Command.fetch(
            "--http2", "--cacert", authority, "-j1", "--ordered", "--format=har", "\(nginx.url)/text.txt", "\(nginx.url)/1"
        ).run()
        let archive = try Archive(run)
        try await archive.expectValid()
        let (first, second) = (try #require(archive.entries.first), try #require(archive.entries.last))
        #expect(first.object("response").string("httpVersion") == "HTTP/2" && first.object("request").string("httpVersion") == "HTTP/2")
        let content = first.object("response").object("content")
        #expect(content.int("size") == 22_000 && content.string("text")?.utf8.count == 22_000)
        #expect(content.int("compression")! > 0)
        #expect(first.object("response").int("bodySize")! + content.int("compression")! == 22_000)
        let (made, reused) = (first.object("timings"), second.object("timings"))
        #expect(made.double("ssl")! > 0 && made.double("ssl")! <= made.double("connect")! && made.double("dns")! >= 0)
        #expect(["dns", "connect", "ssl"].allSatisfy { reused.double($0) == -1 } && reused.double("wait")! > 0)
        #expect(first.string("connection") != nil && first.string("connection") == second.string("connection"))
        #expect(first.string("serverIPAddress") == "127.0.0.1")
        for entry in archive.entries { entry.expectSoundTimings() }
    }

    @Test("Has an entry for each hop, and one for what never was a request") func hops() async throws {
        let server = try Server.faults.get()
        let run = try await Command.fetch(
            "-s", "--ordered", "--retry=0", "--format=har", "\(server.url)/chain?n=2", "http://127.0.0.1:\(freePort())/", "a b"
        ).run()
        let entries = try Archive(run).entries
        #expect(entries.map { $0.int("_index") } == [0, 0, 0, 1, 2])
        #expect(entries.map { $0.object("response").int("status") } == [301, 301, 200, 0, 0])
        #expect(entries[0].object("response").string("redirectURL") == "/chain?n=1")
        #expect(entries[1].object("request").string("url") == "\(server.url)/chain?n=1")
        #expect(entries[2].object("response").object("content").string("text") == "end\n")
        #expect(entries[0].object("response").object("content").string("text") == nil)
        #expect(entries.map { $0.string("_error") } == [nil, nil, nil, "connect", "input"])
        #expect(entries[3].object("timings").double("connect")! > 0 && entries[3].int("_exitcode") == 7)
        #expect(entries[4].object("request").string("url") == "about:blank" && entries[4].string("_input") == "a b")
        #expect(entries[4].string("_errormsg")?.isEmpty == false)
    }

    @Test("Holds what was sent") func requests() async throws {
        let server = try Server.faults.get()
        let lines = [
            #"{"url":"\#(server.url)/echo?q=caf%C3%A9+x&flag","body":"a=\u00e9","headers":{"Content-Type":"text/x"}}"#,
            #"{"url":"\#(server.url)/echo","body_base64":"/wA=","method":"PUT"}"#,
        ]
        let run = try await Command.fetch("--ordered", "--format=har").run(stdin: lines.joined(separator: "\n"))
        let requests = try Archive(run).entries.map { $0.object("request") }
        let (text, bytes) = (try #require(requests.first), try #require(requests.last))
        #expect(text.string("method") == "POST" && text.int("bodySize") == 4 && text.object("postData").string("text") == "a=\u{e9}")
        #expect(text.object("postData").string("mimeType") == "text/x")
        #expect(text.pairs("queryString") == ["q=caf\u{e9} x", "flag="])
        #expect(text.pairs("headers").contains("Content-Length=4"))
        // The server's answer is the head as it came, and the content.
        let answer = try Archive(run).entries[0].object("response").object("content").string("text")
        #expect(text.int("headersSize") == answer?.utf8.count.advanced(by: -4))
        #expect(bytes.object("postData").string("text") == "/wA=" && bytes.object("postData").string("comment") == "base64")
    }

    @Test("Carries bodies as text or base64, or not at all") func bodies() async throws {
        let server = try Server.faults.get()
        let urls = ["\(server.url)/binary", "\(server.url)/big?mb=3", "\(server.url)/status?code=404", "\(server.url)/short-body"]
        let contents = try Archive(try await Command.fetch(["--retry=0", "--ordered", "--format=har"] + urls).run()).contents
        #expect(contents[0].string("text") == Data(0...255).base64EncodedString() && contents[0].string("encoding") == "base64")
        #expect(contents[1].string("text")?.utf8.count == 3 << 20 && contents[1].string("encoding") == nil)
        #expect(contents[2].string("text") == "status 404\n" && contents[3].string("text") == nil)
        let without = try Archive(try await Command.fetch(["--retry=0", "--no-body", "--ordered", "--format=har"] + urls).run())
        #expect(without.contents.allSatisfy { $0.string("text") == nil } && without.contents[1].int("size") == 3 << 20)
    }

    @Test("Never shows a secret", arguments: SecretTests.ways) func secrets(way: [String]) async throws {
        let server = try Server.faults.get()
        let dead = freePort()
        for path in SecretTests.paths {
            let arguments = way.map {
                $0.replacing("HOST", with: "127.0.0.1:\(server.port)").replacing("PATH", with: path).replacing(
                    "PROXY", with: "127.0.0.1:\(dead)")
            }
            let run = try await Command.fetch(["-s", "--retry=0", "--max-redirs=1", "--format=har"] + arguments).run()
            #expect(!run.text.contains("c4n4ry") && !run.text.contains(Data("user:c4n4ry".utf8).base64EncodedString()))
            #expect(try !Archive(run).entries.isEmpty)
        }
    }
}

/// An HTTP archive that was written.
private struct Archive {
    let text: String
    let entries: [Fields]

    init(_ run: Completed) throws {
        text = run.text
        let whole = try JSONSerialization.jsonObject(with: run.output) as? [String: Any] ?? [:]
        let log = try #require(whole["log"] as? [String: Any])
        #expect(log["version"] as? String == "1.2")
        entries = try #require(log["entries"] as? [[String: Any]]).map { Fields($0) }
    }

    var contents: [Fields] { entries.map { $0.object("response").object("content") } }

    func expectValid() async throws {
        let validation = try await Self.validate(Data(text.utf8))
        #expect(validation.status == 0, "\(validation.errorText)")
    }

    /// hario-core has the standard as a model; strict, so that nothing is converted.
    static func validate(_ archive: Data) async throws -> Completed {
        let script = """
            import json, sys
            from hario_core.models.har_1_2 import HarLog
            log = json.loads(sys.stdin.buffer.read().decode("utf-8"))["log"]
            HarLog.model_validate_json(json.dumps(log), strict=True)
            """
        return try await Command(Paths.python, ["-c", script]).run(stdin: archive)
    }
}

/// A JSON object.
private struct Fields {
    let all: [String: Any]

    init(_ all: [String: Any]) { self.all = all }

    func string(_ key: String) -> String? { all[key] as? String }
    func int(_ key: String) -> Int? { all[key] as? Int }
    func double(_ key: String) -> Double? { all[key] as? Double }

    /// The object there; empty when there is none.
    func object(_ key: String) -> Fields { Fields(all[key] as? [String: Any] ?? [:]) }

    /// A list of names and values.
    func pairs(_ key: String) -> [String] {
        (all[key] as? [[String: String]] ?? []).map { "\($0["name"] ?? "?")=\($0["value"] ?? "?")" }
    }

    /// That the phases of an entry are what the standard asks for, and add up to its time.
    func expectSoundTimings() {
        let timings = object("timings")
        let phases = ["blocked", "dns", "connect", "send", "wait", "receive"].map { timings.double($0) ?? .nan }
        #expect(phases.allSatisfy { $0 >= 0 || $0 == -1 } && phases[3...].allSatisfy { $0 >= 0 }, "\(all)")
        #expect(timings.double("ssl")! <= max(0, phases[2]))
        #expect(abs(phases.filter { $0 >= 0 }.reduce(0, +) - double("time")!) < 1e-6)
    }
}
