import Foundation
import Support
import Testing

@testable import FetchKit

@Suite("Fetcher") struct FetcherTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    private func requests(_ paths: [String]) throws -> [Request] { try paths.map { try Request("\(server.url)/\($0)") } }

    @Test("Gathers outcomes in input order, failures among them") func gather() async throws {
        let outcomes = try await Fetcher().gather(try requests(["text?s=a", "status?code=404", "short-body", "ok?ms=200", "text?s=b"]))
        #expect(outcomes.map(\.index) == [0, 1, 2, 3, 4])
        #expect(outcomes.map(\.error?.kind) == [nil, .http, .truncated, nil, nil])
        #expect(try outcomes[0].body.bytes() == Array("a".utf8))
        #expect(try outcomes[3].body.bytes().count == 1024)
        #expect(outcomes[1].response?.statusCode == 404)
    }

    @Test("Uses several loops when asked to, and each host stays on one") func threads() async throws {
        var configuration = Configuration()
        configuration.threads = 4
        let outcomes = try await Fetcher(configuration).gather(try requests((0..<200).map { "text?s=\($0)" }))
        #expect(outcomes.allSatisfy { $0.isOK })
        #expect(outcomes.reduce(0) { $0 + $1.connects } <= configuration.perHost)
    }

    @Test("Cancelling ends what is in flight at once, and every request has an outcome") func cancellation() async throws {
        let collected = Collected()
        // One of its own: it counts the requests of all tests.
        let server = try Server.scripted()
        let requests = try (0..<100).map { _ in try Request("\(server.url)/silent") }
        let task = Task {
            try await Fetcher().fetch(RequestList(requests)) { await collected.add($0) }
        }
        // The server has the requests when its count says so.
        while try await server.stats()["now", default: 0] < 8 { await Task.yield() }
        task.cancel()
        let report = try await task.value
        #expect(report.outcomes == 100 && report.failures == 100)
        #expect(await collected.outcomes.allSatisfy { $0.error?.kind == .cancelled })
        #expect(Set(await collected.outcomes.map(\.index)) == Set(0..<100))
    }

    @Test("A task that is cancelled before it starts fetches nothing") func cancelledBefore() async throws {
        let requests = try requests(["ok"])
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await Fetcher().gather(requests)
        }
        task.cancel()
        #expect(try await task.value.allSatisfy { $0.error?.kind == .cancelled })
    }

    @Test("An error of the receiver ends the run and reaches the caller") func receiverError() async throws {
        struct Enough: Error {}
        let requests = try requests((0..<50).map { "text?s=\($0)" } + ["silent"])
        await #expect(throws: Enough.self) {
            try await Fetcher().fetch(RequestList(requests)) { _ in throw Enough() }
        }
    }

    @Test("Secrets are dropped at another origin, other headers are kept") func secrets() async throws {
        let other = try Server.scripted()
        let headers = [HeaderField("Authorization", "Bearer x"), HeaderField("Cookie", "c=1"), HeaderField("X-Keep", "y")]
        let outcomes = try await Fetcher().gather([
            Request(try HTTPURL("\(server.url)/redirect?to=\(other.url)/echo"), headers: headers),
            Request(try HTTPURL("\(server.url)/redirect?to=/echo"), headers: headers),
        ])
        let echoes = try outcomes.map { String(decoding: try $0.body.bytes(), as: UTF8.self) }
        #expect(!echoes[0].contains("Bearer") && !echoes[0].contains("c=1") && echoes[0].contains("X-Keep: y"))
        #expect(echoes[1].contains("Bearer x") && echoes[1].contains("Cookie: c=1"))
    }

    @Test(
        "A redirect turns POST into GET where RFC 9110 says so",
        arguments: [
            ("POST", 301, "GET"), ("POST", 302, "GET"), ("PUT", 303, "GET"), ("POST", 307, "POST"), ("POST", 308, "POST"),
            ("PUT", 301, "PUT"), ("HEAD", 303, "HEAD"),
        ])
    func redirectMethod(method: String, status: Int, expected: String) async throws {
        let url = try HTTPURL("\(server.url)/redirect?code=\(status)&to=/echo")
        let outcome = try #require(try await Fetcher().gather([Request(url, method: method)]).first)
        #expect(outcome.hops.map(\.method) == [method, expected])
    }

    @Test("Descriptors do not leak: transfers, failures and cancellations leave none behind") func descriptors() async throws {
        // Other tests of this process run at the same time; what they have open are pipes.
        let open = {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { descriptor in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
                return target?.hasPrefix("pipe:") == false
            }
        }
        _ = try await Fetcher().gather(try requests(["ok"]))
        let before = try open()
        let closed = freePort()
        for round in 0..<10 {
            var configuration = Configuration()
            configuration.maxTime = .milliseconds(500)
            configuration.bodyMemory = 1000
            configuration.retry.delay = .milliseconds(1)
            let paths = (0..<95).map { ["text?s=\($0)", "short-body", "reset", "gzip-cut", "ok?n=3000000"][$0 % 5] }
            let all =
                try requests(paths + ["silent"]) + [try Request("http://127.0.0.1:\(closed)/")] + requests(["loop", "nowhere", "empty"])
            let task = Task { try await Fetcher(configuration).gather(all) }
            if round % 2 == 1 { task.cancel() }
            #expect(try await task.value.count == 100)
        }
        #expect(try open() < before + 100)
    }

    @Test("A body limit counts decoded bytes") func bodyLimit() async throws {
        var configuration = Configuration()
        configuration.maxFileSize = 5000
        let outcomes = try await Fetcher(configuration).gather(
            try requests(["gzip-ok?n=5000", "gzip-ok?n=5001", "ok?n=5001", "until-close"]))
        #expect(outcomes.map(\.error?.kind) == [nil, .tooLarge, .tooLarge, nil])
    }
}

private actor Collected {
    var outcomes: [Outcome] = []

    func add(_ outcome: Outcome) { outcomes.append(outcome) }
}
