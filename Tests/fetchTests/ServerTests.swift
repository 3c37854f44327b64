import Foundation
import Support
import Testing

@Suite("Real servers") struct ServerTests {
    @Test("nginx: 1000 files over few connections, gzip, redirects") func nginx() async throws {
        let nginx = try Server.nginx.get()
        let list = (0..<10).flatMap { _ in (1...100).map { "\(nginx.url)/\($0)" } }
        let run = try await Command.fetch("-v").run(stdin: list.joined(separator: "\n"))
        #expect(run.text == (0..<10).map { _ in (1...100).map { "file \($0)\n" }.joined() }.joined())
        #expect(run.errorText.components(separatedBy: "new connection").count - 1 <= 8)
        let record = try #require(try await Command.fetch("--format=jsonl", "\(nginx.url)/moved").run().records().first)
        #expect(record.int("num_redirects") == 1 && record.int("size_delivered") == 22000 && record.int("size_download")! < 5000)
    }

    @Test("nginx: HTTP/2 over TLS on one connection") func http2() async throws {
        let nginx = try Server.nginxTLS.get()
        let authority = try Certificates.shared.get().authority
        let list = (1...100).map { "\(nginx.url)/\($0)" }.joined(separator: "\n")
        let run = try await Command.fetch("--http2", "--cacert", authority, "--format=jsonl", "--ordered").run(stdin: list)
        let records = try run.records()
        #expect(
            records.count == 100
                && records.allSatisfy { $0.string("http_version") == "2" && $0.bool("tls_verified") == true && $0.bool("ok") == true })
        #expect(records.compactMap { $0.int("num_connects") }.reduce(0, +) <= 8)
        let forced = try await Command.fetch("--http1.1", "--cacert", authority, "--format=jsonl", "\(nginx.url)/1").run()
        #expect(try forced.records().first?.string("http_version") == "1.1")
    }

    @Test("httpbin: methods, headers, encodings, redirects, status") func httpbin() async throws {
        let httpbin = try Server.httpbin.get()
        let run = try await Command.fetch(
            "--ordered", "--format=jsonl", "-HX-Test: yes", "\(httpbin.url)/headers", "\(httpbin.url)/gzip", "\(httpbin.url)/redirect/3",
            "\(httpbin.url)/status/418",
            "\(httpbin.url)/stream-bytes/100000", "\(httpbin.url)/stream-bytes/5000", "\(httpbin.url)/encoding/utf8",
            "\(httpbin.url)/drip?numbytes=5&duration=1"
        ).run()
        let records = try run.records()
        #expect(records.map { $0.int("response_code") } == [200, 200, 200, 418, 200, 200, 200, 200])
        #expect(
            records[0].string("body")?.contains("\"X-Test\":\"yes\"") == true
                && records[1].string("body")?.contains("\"gzipped\":true") == true)
        #expect(records[2].int("num_redirects") == 3 && records[3].string("error") == "http")
        #expect(records[4].int("size_delivered") == 100_000 && records[5].int("size_delivered") == 5000)
        let put = try await Command.fetch("-X", "PUT", "\(httpbin.url)/anything").run()
        #expect(put.text.contains("\"method\":\"PUT\""))
    }

    @Test("httpbin: a user and password in the URL, and none for the next") func credentials() async throws {
        let httpbin = try Server.httpbin.get()
        let authority = httpbin.url.replacingOccurrences(of: "http://", with: "http://me:secret@")
        let run = try await Command.fetch(
            "-j1", "--ordered", "--format=jsonl", "\(authority)/basic-auth/me/secret", "\(httpbin.url)/headers",
            "\(authority)/redirect-to?url=/headers"
        ).run()
        let records = try run.records()
        #expect(records.map { $0.int("response_code") } == [200, 200, 200])
        #expect(
            records[1].string("body")?.contains("Authorization") == false && records[2].string("body")?.contains("Authorization") == true)
    }
}

@Suite("TLS") struct TLSTests {
    @Test("Certificates are verified: authority, name and date")
    func verified() async throws {
        let certificates = try Certificates.shared.get()
        let authority = certificates.authority
        for (pair, words) in [(certificates.wrongName, "subject"), (certificates.expired, "expired"), (certificates.selfSigned, "self")] {
            let server = try Server.scripted(pair)
            let run = try await Command.fetch("--cacert", authority, "--format=jsonl", "\(server.url)/ok").run()
            let record = try #require(try run.records().first)
            #expect(record.string("error") == "tls" && record.int("exitcode") == 60, "\(words)")
            #expect(record.string("errormsg")?.contains(words) == true, "\(record.string("errormsg") ?? "")")
            // No certificate to trust helps against a wrong name or date.
            let message = try await Command.fetch("--cacert", authority, "\(server.url)/ok").run().errorText
            #expect((message.contains("--cacert FILE") && message.contains("-k ")) == (words == "self"))
        }
        let server = try Server.tlsFaults.get()
        let good = try await Command.fetch("--cacert", authority, "\(server.url)/text?s=good").run()
        #expect(good.text == "good" && good.status == 0)
        let unknown = try await Command.fetch("--format=jsonl", "\(server.url)/ok").run()
        #expect(try unknown.records().first?.string("error") == "tls" && unknown.status == 1)
    }

    @Test("Verification can be switched off, and everything says so") func insecure() async throws {
        let server = try Server.scripted(try Certificates.shared.get().selfSigned)
        let run = try await Command.fetch("-k", "--summary", "--format=jsonl", "\(server.url)/text?s=x").run()
        let record = try #require(try run.records().first)
        #expect(record.bool("tls_verified") == false && record.string("body") == "x" && run.errorText.contains("not verified"))
    }

    /// Only that variable names a CA file.
    private func trust(_ variable: String, _ file: String) -> [String: String] {
        ["SSL_CERT_FILE": "", "CURL_CA_BUNDLE": ""].merging([variable: file]) { $1 }
    }

    @Test("A CA file that cannot be read is status 66 before the first request", arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE"])
    func missing(variable: String) async throws {
        var command = Command.fetch("https://127.0.0.1:1/")
        command.environment = trust(variable, "/nonexistent")
        let run = try await command.run()
        #expect(run.status == 66 && run.errorText.contains("/nonexistent"))
        #expect(try await Command.fetch("--cacert", "/nonexistent", "https://127.0.0.1:1/").run().status == 66)
        var trusting = Command.fetch("\(try Server.tlsFaults.get().url)/text?s=x")
        trusting.environment = trust(variable, try Certificates.shared.get().authority)
        #expect(try await trusting.run().text == "x")
    }

    @Test("A proof of the end counts over TLS as well", arguments: [("short-body", "truncated"), ("ok", nil)] as [(String, String?)])
    func ends(path: String, error: String?) async throws {
        let server = try Server.tlsFaults.get()
        let run = try await Command.fetch("--cacert", try Certificates.shared.get().authority, "--format=jsonl", "\(server.url)/\(path)")
            .run()
        #expect(try run.records().first?.string("error") == error)
    }
}
