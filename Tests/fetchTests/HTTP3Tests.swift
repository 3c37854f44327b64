import Foundation
import Support
import Testing

@Suite("HTTP/3", .enabled(if: Libcurl.hasHTTP3)) struct HTTP3Tests {
    private func fetch(_ server: Server, _ paths: [String], _ options: String...) async throws -> [Record] {
        let trust = ["--http3", "--cacert", try Certificates.shared.get().authority, "--format=jsonl", "--ordered"]
        let list = paths.map { "\(server.url)/\($0)" }.joined(separator: "\n")
        return try await Command.fetch(trust + options).run(stdin: list).records()
    }

    /// What a server without TCP has counted, this question included.
    private func stats(_ server: Server) async throws -> [String: Int] {
        let run = try await Command.fetch("-k", "--http3", "\(server.url)/stats").run()
        return try JSONSerialization.jsonObject(with: run.output) as? [String: Int] ?? [:]
    }

    @Test("Speaks HTTP/3: bodies with and without a length, empty, compressed, large") func bodies() async throws {
        let records = try await fetch(
            try Server.http3.get(),
            ["ok", "burst", "no-length", "empty-no-length", "gzip-ok", "status?code=404", "big?mb=20", "big?mb=3&nolength=1"])
        #expect(records.map { $0.string("http_version") } == Array(repeating: "3", count: 8))
        #expect(records.map { $0.string("error") } == [nil, nil, nil, nil, nil, "http", nil, nil])
        #expect(records.map { $0.int("size_delivered") } == [1024, 500, 1000, 0, 10000, 11, 20 << 20, 3 << 20])
        #expect(records.allSatisfy { $0.bool("length_unproved") == false && $0.bool("tls_verified") == true })
    }

    @Test("Many requests share one connection at once") func multiplexing() async throws {
        let server = try Server.http3()
        let records = try await fetch(server, (1...30).map { "together?n=30&i=\($0)" }, "--per-host=30", "-j30")
        #expect(records.count == 30 && records.allSatisfy { $0.bool("ok") == true && $0.string("http_version") == "3" })
        #expect(records.reduce(0) { $0 + $1.int("num_connects")! } == 1)
        let stats = try await stats(server)
        #expect(stats["most"] == 30 && stats["connections"] == 2)
    }

    @Test("What is sent arrives, though for a long time nothing but acknowledgements comes back") func upload() async throws {
        let file = Paths.temporary("http3-upload")
        let data = Data((0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })
        try data.write(to: file)
        let hash = try await Command("sha256sum", [file.path]).run().text.prefix(64)
        let server = try Server.http3.get()
        for (method, options) in [("POST", ["--data-binary", "@\(file.path)"]), ("PUT", ["--data-binary", "@\(file.path)", "-XPUT"])] {
            let run = try await Command.fetch(["-k", "--http3", "-w%{stderr}%{http_version}", "\(server.url)/received"] + options).run()
            #expect(run.text == "\(method) \(data.count) \(hash)\n" && run.errorText == "3")
        }
    }

    @Test(
        "A body that is cut short is not whole, however the server ends it",
        arguments: [
            "rst", "rst?nolength=1", "rst?code=256", "rst?nolength=1&code=256", "cut", "cut?nolength=1", "cut?code=258", "short-body",
        ])
    func cut(path: String) async throws {
        let record = try #require(try await fetch(try Server.http3.get(), [path], "--retry=0").first)
        #expect(record.string("http_version") == "3" && record.string("error") == "truncated" && record.int("size_download") ?? 0 <= 5000)
    }

    @Test("A stall is noticed") func stall() async throws {
        let record = try #require(try await fetch(try Server.http3.get(), ["stall"], "--retry=0", "--speed-time=1").first)
        #expect(record.string("http_version") == "3" && record.string("error") == "timeout_stall")
    }

    @Test("A connection that brings nothing but frames that are part of no response is given up") func flood() async throws {
        let record = try #require(try await fetch(try Server.http3(), ["ping-flood"], "--retry=0").first)
        #expect(record.string("error") == "protocol" && record.int("exitcode") == 95)
    }

    @Test("TCP is taken where nothing listens on UDP") func closed() async throws {
        let records = try await fetch(try Server.http2.get(), ["ok?i=1", "ok?i=2"], "--retry=0")
        #expect(records.count == 2 && records.allSatisfy { $0.bool("ok") == true && $0.string("http_version") == "2" })
        let old = try await fetch(try Server.tlsFaults.get(), ["ok"], "--retry=0")
        #expect(old.count == 1 && old.allSatisfy { $0.bool("ok") == true && $0.string("http_version") == "1.1" })
    }

    @Test("TCP is taken where UDP has no answer, and the next time at once") func dropped() async throws {
        let server = try Server.http3("--mute", "--tcp=0")
        let record = try #require(try await fetch(server, ["ok"], "--retry=0").first)
        #expect(record.bool("ok") == true && record.string("http_version") == "1.1")
        #expect(try await server.stats()["peers"] == 1)
        // Whoever has answered over TCP is not asked over UDP for each connection.
        let more = try await fetch(server, (1...6).map { "ok?i=\($0)" }, "-j1", "-HConnection: close")
        #expect(more.count == 6 && more.allSatisfy { $0.bool("ok") == true && $0.int("num_connects") == 1 })
        #expect(try await server.stats()["peers"] == 2)
    }

    @Test("Where HTTP/3 has failed twice, the next try does without") func retry() async throws {
        for path in ["rst", "cut?nolength=1"] {
            let server = try Server.http3("--tcp=2")
            let record = try #require(try await fetch(server, [path], "--retry=2", "--retry-delay=0.01").first)
            #expect(record.bool("ok") == true && record.string("http_version") == "1.1" && record.int("num_retries") == 2)
        }
        let server = try Server.http3()
        let refused = try #require(try await fetch(server, ["refused"], "--retry=0").first)
        #expect(refused.string("error") == "connect")
        let record = try #require(try await fetch(server, ["flaky?key=a&how=rst"], "--retry=2", "--retry-delay=0.01").first)
        #expect(record.bool("ok") == true && record.string("http_version") == "3" && record.int("num_retries") == 1)
    }

    @Test("Where neither UDP nor TCP answers, that is a failure to connect") func nobody() async throws {
        let run = try await Command.fetch("--http3", "--format=jsonl", "--retry=0", "https://127.0.0.1:\(freePort())/").run()
        #expect(try run.records().first?.string("error") == "connect")
    }

    @Test("The guard judges addresses of UDP: nothing is sent") func guarded() async throws {
        let server = try Server.http3()
        let record = try #require(try await fetch(server, ["ok"], "--block-private").first)
        #expect(record.string("error") == "blocked")
        // That is who asks.
        #expect(try await stats(server)["peers"] == 1)
        let allowed = try #require(try await fetch(server, ["ok"], "--block-private", "--allow-cidr=127.0.0.1").first)
        #expect(allowed.string("http_version") == "3")
    }

    @Test("Certificates are verified over QUIC as well") func certificates() async throws {
        let certificates = try Certificates.shared.get()
        for certificate in [certificates.wrongName, certificates.expired, certificates.unknown] {
            let record = try #require(try await fetch(try Server.http3(certificate: certificate), ["ok"], "--retry=0").first)
            #expect(record.string("error") == "tls" && record.string("http_version") == nil)
        }
    }

    @Test("Where QUIC cannot be, TCP is taken at once: http, a proxy, an older TLS") func withoutQUIC() async throws {
        let server = try Server.http3("--tcp=0")
        let proxy = try Server.proxy.get()
        for options in [["--tls-max=1.2"], ["-x", proxy.url]] {
            let run = try await Command.fetch(["-k", "--http3", "--format=jsonl", "\(server.url)/ok"] + options).run()
            let record = try #require(try run.records().first)
            #expect(record.bool("ok") == true && record.string("http_version") == "1.1")
        }
        #expect(try await server.stats()["datagrams"] == 0)
        let plain = try await Command.fetch("--http3", "--format=jsonl", "\(try Server.faults.get().url)/ok").run()
        #expect(try plain.records().first?.string("http_version") == "1.1")
    }

    @Test("Request and response are recorded with their protocol") func recorded() async throws {
        let server = try Server.http3.get()
        let run = try await Command.fetch("-k", "--http3", "--format=har", "\(server.url)/ok").run()
        let har = try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: [String: Any]])
        let entry = try #require((har["log"]?["entries"] as? [[String: Any]])?.first)
        #expect((entry["response"] as? [String: Any])?["httpVersion"] as? String == "HTTP/3")
    }
}

@Suite("Without HTTP/3", .enabled(if: !Libcurl.hasHTTP3)) struct WithoutHTTP3Tests {
    @Test("--http3 is an error before the first request") func refused() async throws {
        let server = try Server.scripted()
        let run = try await Command.fetch("--http3", "\(server.url)/ok").run()
        #expect(run.status == 64 && run.output.isEmpty && run.errorText.contains("this libcurl has no HTTP/3"))
        #expect(try await server.stats()["requests"] == 0)
    }
}
