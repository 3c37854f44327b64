import Foundation
import Support
import Testing

/// What a server does wrong, and what the user gets: class, status of the response, libcurl's code.
struct Fault: Sendable, CustomTestStringConvertible {
    let path: String
    let error: String?
    let status: Int?
    let exitcode: Int?

    init(_ path: String, _ error: String?, status: Int? = 200, exitcode: Int? = 0) {
        self.path = path
        self.error = error
        self.status = status
        self.exitcode = exitcode
    }

    var testDescription: String { "\(path) is \(error ?? "ok")" }
}

@Suite("Faults") struct FaultTests {
    static let faults = [
        Fault("ok", nil), Fault("chunked", nil), Fault("interim", nil), Fault("long-body", nil), Fault("until-close", nil),
        Fault("odd-headers", nil),
        Fault("gzip-ok", nil), Fault("gzip-two", nil), Fault("gzip-until-close", nil), Fault("chain?n=20", nil),
        Fault("nowhere", nil, status: 302),
        Fault("status?code=204", nil, status: 204), Fault("status?code=304", nil, status: 304), Fault("ok?n=0", nil),
        Fault("status?code=400", "http", status: 400), Fault("status?code=503", "http", status: 503),
        Fault("status?code=999", "http", status: 999),
        Fault("short-body", "truncated", exitcode: 18), Fault("cut-chunk", "truncated", exitcode: 18),
        Fault("no-last-chunk", "truncated", exitcode: 18),
        Fault("reset?when=head", "truncated", exitcode: 56), Fault("reset?when=body", "truncated", exitcode: 56),
        Fault("gzip-cut", "truncated", exitcode: 18),
        Fault("reset", "connect", status: nil, exitcode: 56), Fault("empty", "protocol", status: nil, exitcode: 52),
        Fault("http09", "protocol", status: nil, exitcode: 1), Fault("bad-status", "protocol", status: nil, exitcode: 1),
        Fault("bad-chunk", "protocol", exitcode: 56), Fault("two-lengths", "protocol", exitcode: 8),
        Fault("interim?n=100000", "protocol", status: nil, exitcode: 56),
        Fault("endless-headers", "too_large", status: nil, exitcode: 56), Fault("long-header", "too_large", status: nil, exitcode: 27),
        Fault("gzip-bad-sum", "decode", exitcode: 61), Fault("gzip-not", "decode", exitcode: 61),
        Fault("unknown-coding", "decode", exitcode: 61),
        Fault("loop", "redirect", status: 302, exitcode: 47), Fault("chain?n=21", "redirect", status: 301, exitcode: 47),
        Fault("redirect?to=file:///etc/passwd", "redirect", status: 302, exitcode: 1),
        Fault("redirect?to=ftp://h/", "redirect", status: 302, exitcode: 1),
        Fault("redirect?to=gopher://h/", "redirect", status: 302, exitcode: 1),
        Fault("silent", "timeout_first_byte", status: nil, exitcode: 28), Fault("stall", "timeout_stall", exitcode: 28),
    ]

    @Test("Have one outcome, with its class", arguments: faults) func fault(fault: Fault) async throws {
        let server = try Server.faults.get()
        let run = try await Command.fetch("-q", "--format=jsonl", "--speed-time=1", "\(server.url)/\(fault.path)").run(
            deadline: .seconds(20))
        let record = try #require(try run.records().first)
        #expect(
            record.string("error") == fault.error && record.int("response_code") == fault.status && record.int("exitcode") == fault.exitcode
        )
        #expect(record.bool("ok") == (fault.error == nil) && run.status == (fault.error == nil ? 0 : 1))
        #expect(record.isNull("errormsg") == (fault.error == nil))
        if let error = fault.error, error != "http" { #expect(record.isNull("body") && record.isNull("body_base64")) }
    }

    @Test("A body without any proof of its end is marked") func unproved() async throws {
        let server = try Server.faults.get()
        let run = try await Command.fetch(
            "--ordered", "--format=jsonl", "\(server.url)/until-close", "\(server.url)/gzip-until-close", "\(server.url)/ok"
        ).run()
        #expect(try run.records().map { $0.bool("length_unproved") } == [true, false, false])
    }

    @Test("Time limits: total, connect") func limits() async throws {
        let server = try Server.faults.get()
        let secure = "https" + server.url.dropFirst(4)
        let run = try await Command.fetch(
            "--ordered", "--format=jsonl", "-m", "1", "--connect-timeout", "500ms", "\(server.url)/drip?n=100", "\(secure)/silent",
            "\(server.url)/redirect?to=/drip%3Fn=100"
        ).run()
        let records = try run.records()
        #expect(records[0].string("error") == "timeout_total" && records[2].string("error") == "timeout_total")
        // The server waits for a request that never comes in the clear; the handshake has no answer.
        #expect(["timeout_connect", "tls"].contains(records[1].string("error")))
    }

    @Test("A name that does not exist is a failure that names it") func dns() async throws {
        // A label of more than 63 bytes fails before any name server is asked.
        let host = String(repeating: "x", count: 70) + ".invalid"
        let run = try await Command.fetch("--format=jsonl", "http://\(host)/").run()
        #expect(run.status == 1 && run.errorText.contains(host))
        #expect(try run.records().first?.string("error") == "dns_permanent")
    }

    @Test("A size limit counts decoded bytes") func sizeLimit() async throws {
        let server = try Server.faults.get()
        let run = try await Command.fetch(
            "--max-filesize", "1k", "--ordered", "--format=jsonl", "\(server.url)/ok?n=1024", "\(server.url)/ok?n=1025",
            "\(server.url)/gzip-ok?n=9000"
        ).run()
        #expect(try run.records().map { $0.string("error") } == [nil, "too_large", "too_large"])
    }

    @Test("Redirects can be counted, limited and left alone") func redirects() async throws {
        let server = try Server.faults.get()
        let run = try await Command.fetch("--max-redirs=0", "--format=jsonl", "\(server.url)/chain?n=1").run()
        let first = try #require(try run.records().first)
        #expect(first.int("response_code") == 301 && first.bool("ok") == true && first.int("num_redirects") == 0)
        let record = try #require(try await Command.fetch("--format=jsonl", "\(server.url)/chain?n=3").run().records().first)
        #expect(record.int("num_redirects") == 3 && record.string("url_effective") == "\(server.url)/chain?n=0")
        let redirects = try #require(record.fields["redirects"] as? [[String: Any]])
        #expect(redirects.map { $0["response_code"] as? Int } == [301, 301, 301])
        let before = try #require(record.double("time_redirect"))
        #expect(before > 0 && record.double("time_total")! >= before && record.double("time_starttransfer")! >= before)
    }
}
