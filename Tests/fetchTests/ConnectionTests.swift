import Foundation
import Support
import Testing

/// Connections that end when they are wanted, and hosts that come and go.
@Suite("Connections") struct ConnectionTests {
    static let endings = ["close", "reset", "next"].flatMap { how in (1...4).map { (how, $0) } }

    @Test("No GET is lost when connections end after a few answers, and when the next request comes", arguments: endings)
    func dyingConnections(how: String, answers: Int) async throws {
        let server = try Server.faults.get()
        let list = (0..<1500).map { "\(server.url)/brief?how=\(how)&n=\(answers)&i=\($0)\n" }.joined()
        let run = try await Command.fetch("--format=jsonl", "--no-body", "-j32").run(stdin: list)
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(try run.records().count { $0.bool("ok") == true } == 1500)
    }

    @Test("No POST is sent twice when connections end after a few answers, and when the next request comes", arguments: endings)
    func postsOnce(how: String, answers: Int) async throws {
        let server = try Server.scripted()
        let list = (0..<1500).map { #"{"url":"\#(server.url)/brief?how=\#(how)&n=\#(answers)&i=\#($0)","body":"x"}"# + "\n" }.joined()
        let run = try await Command.fetch("--format=jsonl", "--no-body", "-j16", "--breaker-delay=0").run(stdin: list)
        let records = try run.records()
        #expect(records.count == 1500)
        let arrivals = try await server.log().filter { $0.method == "POST" }.map(\.target)
        #expect(Set(arrivals).count == arrivals.count)
        // After the first ones that were lost the host's POSTs get connections of their own.
        #expect(records.count { $0.bool("ok") == true } > 1400)
        // What failed says why.
        for record in records where record.bool("ok") != true {
            #expect(record.string("error") == "connect" || record.string("error") == "protocol")
        }
    }

    @Test("POST reuses a connection that was active, so that 2,000 of them over TLS need few") func postReuse() async throws {
        let server = try Server.scripted(try Certificates.shared.get().good)
        let list = (0..<2000).map { #"{"url":"\#(server.url)/text?s=\#($0)","body":"x"}"# + "\n" }.joined()
        let run = try await Command.fetch("--format=none", "-k", "-j8").run(stdin: list)
        let stats = try await server.stats()
        // One is that of the question itself.
        #expect(run.status == 0 && stats["requests"] == 2000 && stats["connections", default: 0] <= 17)
    }

    @Test("A challenge is answered on the same connection also for POST") func postDigest() async throws {
        let server = try Server.faults.get()
        let run = try await Command.fetch("-u", "me:secret", "--digest", "-d", "x=y", "\(server.url)/challenge").run()
        #expect(run.status == 0 && run.text.contains("Authorization: Digest") && run.text.hasSuffix("x=y"))
    }

    @Test("A slow answer on a reused connection is no sign of a broken family of addresses") func slowAnswerOnReuse() async throws {
        let inside = try Namespace.shared.get()
        let host = "both.invalid:\(inside.port)"
        let urls = ["text?s=1", "ok?ms=1200&n=2", "text?s=3"].map { "http://\(host)/\($0)&key=\(UInt32.random(in: 0...UInt32.max))" }
        let run = try await inside.inside(.fetch("--format=jsonl", "-j1", "--ordered", "--resolve", "\(host):[::1],127.0.0.1")).run(
            stdin: urls.joined(separator: "\n"))
        let records = try run.records()
        #expect(records.map { $0.string("remote_ip") } == ["::1", "::1", "::1"] && records.map { $0.int("num_retries") } == [0, 0, 0])
        #expect(records.reduce(0) { $0 + ($1.int("num_connects") ?? 0) } == 1)
        // None of them was asked for twice.
        let log = try await inside.inside(Command("curl", ["-s", "http://127.0.0.1:\(inside.port)/log"])).run().text
        for url in urls { #expect(log.components(separatedBy: url.suffix(20)).count == 2) }
    }

    @Test("A host that says nothing within -m counts as away, and a time limit of an attempt is tried again") func silentHost() async throws
    {
        let server = try Server.scripted()
        let list = String(repeating: "\(server.url)/silent\n", count: 1000)
        let run = try await Command.fetch("--format=jsonl", "-m", "300ms", "--retry=0", "--breaker-delay=20ms").run(stdin: list)
        let errors = Dictionary(grouping: try run.records()) { $0.string("error") ?? "ok" }.mapValues(\.count)
        #expect(errors["host_down", default: 0] > 900 && errors["timeout_total", default: 0] + errors["host_down", default: 0] == 1000)
        #expect(try await server.stats()["requests", default: 0] < 100)
        // One that is slow once is asked again, as by curl --retry.
        let slow = try await Command.fetch("--format=jsonl", "-m", "2", "--retry-delay=10ms", "\(server.url)/flaky?key=slow&how=silent")
            .run()
        #expect(try slow.records().map { $0.int("num_retries") } == [1])
        #expect(slow.status == 0)
    }

    @Test("A host that drops a third of its requests is not paused") func unreliableHost() async throws {
        let server = try Server.scripted()
        let list = (0..<1000).map { #"{"url":"\#(server.url)/drops","body":"\#($0)"}"# + "\n" }.joined()
        // A pause would be an hour, and the deadline end the run.
        let run = try await Command.fetch("--format=none", "-s", "--breaker-delay=1h", "--deadline=150").run(stdin: list)
        #expect(run.status == 1)
        #expect(try await server.stats()["requests"] == 1000)
    }

    @Test("A host that has answered and goes away for a while loses no URL") func awayHost() async throws {
        let server = try Server.scripted()
        let list = (0..<3000).map { "\(server.url)/\($0 == 500 ? "away?ms=3000" : "ok?ms=1&n=1&i=\($0)")\n" }.joined()
        let run = try await Command.fetch("--format=jsonl", "--no-body", "--breaker-delay=50ms").run(stdin: list)
        #expect(try run.records().count { $0.bool("ok") == true } == 3000)
        #expect(run.status == 0)
    }

    @Test("A host that stays away is given up after --host-timeout") func goneHost() async throws {
        let server = try Server.scripted()
        let list = (0..<300).map { "\(server.url)/\($0 == 50 ? "away?ms=600000" : "ok?n=1&i=\($0)")\n" }.joined()
        let run = try await Command.fetch("--format=jsonl", "--no-body", "-j4", "--breaker-delay=50ms", "--host-timeout=2").run(stdin: list)
        let errors = Dictionary(grouping: try run.records()) { $0.string("error") ?? "ok" }.mapValues(\.count)
        #expect(
            errors.values.reduce(0, +) == 300 && errors["ok", default: 0] >= 40
                && errors["connect", default: 0] + errors["host_down", default: 0] > 200)
    }
}
