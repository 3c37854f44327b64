import FetchKit
import Foundation
import Support
import Testing

@Suite("Faults") struct FaultTests {
    private static let turnstile = Turnstile(12)

    @Test("Have one outcome each, with its class", arguments: Fault.all) func fault(fault: Fault) async throws {
        let run = try await Self.turnstile.pass { try await fault.run() }
        let records = try run.records()
        let isOK = records.allSatisfy { $0.bool("ok") == true }
        #expect(!records.isEmpty && run.status == fault.exit ?? (isOK ? 0 : 1))
        for record in records {
            let error = record.string("error")
            #expect(fault.errors.contains(error) && fault.statuses.contains(record.int("response_code")))
            #expect(record.bool("ok") == (error == nil) && record.isNull("errormsg") == (error == nil))
            if let error, error != "http" { #expect(record.isNull("body") && record.isNull("body_base64")) }
            #expect(record.double("time_total") ?? 0 <= fault.limit + 30)
        }
    }

    @Test("Are many, and every class that a request can end with is among them") func catalogue() {
        #expect(Fault.all.count >= 80)
        // What is left: a fault of ours, and the end of the whole run.
        let seen = Set(Fault.all.flatMap(\.errors).compactMap { $0 })
        #expect(Set(FetchError.Kind.allCases.map(\.rawValue)).subtracting(seen) == ["internal", "output"])
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
            "--format=jsonl", "-m", "1", "\(server.url)/drip?n=100", "\(server.url)/redirect?to=/drip%3Fn=100"
        ).run()
        #expect(try run.records().map { $0.string("error") } == ["timeout_total", "timeout_total"])
        // The server waits for a request that never comes in the clear; the handshake has no answer.
        let silent = try await Command.fetch("--format=jsonl", "--connect-timeout", "500ms", "\(secure)/silent").run()
        #expect(["timeout_connect", "tls"].contains(try silent.records().first?.string("error")))
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
