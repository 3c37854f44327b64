import Foundation
import Support
import Synchronization
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
        configuration.limits.threads = 4
        let outcomes = try await Fetcher(configuration).gather(try requests((0..<200).map { "text?s=\($0)" }))
        #expect(outcomes.allSatisfy { $0.isOK })
        #expect(outcomes.reduce(0) { $0 + $1.connectionCount } <= configuration.limits.perHost)
    }

    @Test("Cancelling ends what is in flight at once, and every request has an outcome") func cancellation() async throws {
        let collected = Collected()
        // One of its own: it counts the requests of all tests.
        let server = try Server.scripted()
        let requests = try (0..<100).map { _ in try Request("\(server.url)/silent") }
        let task = Task {
            try await Fetcher().run(RequestList(requests)) { await collected.add($0) }
        }
        // The server has the requests when its count says so.
        while try await server.stats()["now", default: 0] < 8 { await Task.yield() }
        task.cancel()
        let report = try await task.value
        #expect(report.outcomeCount == 100 && report.failureCount == 100)
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
            try await Fetcher().run(RequestList(requests)) { _ in throw Enough() }
        }
    }

    @Test("Only what is harmless goes to another origin, and the hop says what did not") func secrets() async throws {
        let other = try Server.scripted()
        let headers = [HeaderField("Authorization", "Bearer x"), HeaderField("X-Mine", "c=1"), HeaderField("Accept-Language", "y")]
        let outcomes = try await Fetcher().gather([
            Request(try HTTPURL("\(server.url)/redirect?to=\(other.url)/echo"), headers: headers),
            Request(try HTTPURL("\(server.url)/redirect?to=/echo"), headers: headers),
        ])
        let echoes = try outcomes.map { String(decoding: try $0.body.bytes(), as: UTF8.self) }
        #expect(!echoes[0].contains("Bearer") && !echoes[0].contains("c=1") && echoes[0].contains("Accept-Language: y"))
        #expect(outcomes[0].hops.map(\.withheld) == [["Authorization", "X-Mine"], []])
        #expect(echoes[1].contains("Bearer x") && echoes[1].contains("X-Mine: c=1") && outcomes[1].hops[0].withheld.isEmpty)
    }

    @Test("Gathering equal requests once leaves no place empty, and each place its own name") func gatherEqual() async throws {
        let server = try Server.scripted()
        var configuration = Configuration()
        configuration.limits.fetchesEqualRequestsOnce = true
        let requests = try ["a", "b", "a", "c", "a", "b"].enumerated().map { place, text in
            Request(try HTTPURL("\(server.url)/text?s=\(text)"), id: "\(place)")
        }
        let outcomes = try await Fetcher(configuration).gather(requests)
        #expect(try outcomes.map { String(decoding: try $0.body.bytes(), as: UTF8.self) } == ["a", "b", "a", "c", "a", "b"])
        #expect(outcomes.map(\.index) == Array(0..<6) && outcomes.map(\.id) == (0..<6).map { "\($0)" })
        #expect(try await server.stats()["requests"] == 3)
    }

    @Test("Requests that differ in any way are not equal") func fingerprints() throws {
        let plain = try Request("http://h/")
        var others: [Request] = [plain]
        let changes: [(inout Request) -> Void] = [
            { $0.method = "PUT" }, { $0.headers = [HeaderField("A", "b")] }, { $0.headers = [HeaderField("Range", "bytes=0-1")] },
            { $0.body = [1] }, { $0.body = [] }, { $0.credentials = Credentials(user: "u", password: "p") },
            { $0.credentials = Credentials(user: "u", password: "q") },
            { $0.credentials = Credentials(user: "u", password: "p", scheme: .digest) },
            { $0.timeLimit = .seconds(1) }, { $0.timeLimit = .seconds(2) }, { $0.sha256 = [1] }, { $0.output = "a" }, { $0.output = "b" },
            { $0.resumption = Request.Resumption(offset: 1, validator: nil) },
        ]
        for change in changes {
            var other = plain
            change(&other)
            others.append(other)
        }
        #expect(Set(others.map(\.fingerprint)).count == others.count)
        var named = plain
        named.id = "another name"
        #expect(named.fingerprint == plain.fingerprint)
    }

    @Test("With a proxy the guard refuses, unless the proxy is trusted; what goes past the proxy is judged") func guardAndProxy()
        async throws
    {
        let proxy = try Server.proxy.get().url
        var configuration = Configuration()
        configuration.proxy.url = proxy
        configuration.addressGuard.blocksPrivate = true
        let url = "\(server.url)/text?s=x"
        #expect(try await Fetcher(configuration).gather([try Request(url)]).map(\.error?.kind) == [.blocked])
        configuration.addressGuard.allowsProxiedRequests = true
        #expect(try await Fetcher(configuration).gather([try Request(url)]).map(\.error?.kind) == [nil])
        configuration.proxy.exceptions = "127.0.0.0/8"
        #expect(try await Fetcher(configuration).gather([try Request(url)]).map(\.error?.kind) == [.blocked])
    }

    @Test(
        "A request that would be another one on the wire is refused, also for a program",
        arguments: ["X\r\nA", "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET", "G\0"])
    func injection(method: String) async throws {
        let url = try HTTPURL("\(server.url)/echo")
        let outcomes = try await Fetcher().gather([
            Request(url, method: method), Request(url, headers: [HeaderField("X-A", "b\r\nX-C: d")]),
            Request(url, headers: [HeaderField("X\n", "b")]), Request(url),
        ])
        #expect(outcomes.map(\.error?.kind) == [.input, .input, .input, nil])
    }

    @Test("A body whose hash is wanted is fetched whole, and a hash of the rest is none") func hashAndResumption() async throws {
        let url = try HTTPURL("\(server.url)/partial?size=100&times=0")
        var configuration = Configuration()
        configuration.bodies.areHashed = true
        let whole = try #require(try await Fetcher(configuration).gather([Request(url)]).first)
        var rest = Request(url)
        rest.resumption = Request.Resumption(offset: 40, validator: "\"one\"")
        let continued = try #require(try await Fetcher(configuration).gather([rest]).first)
        #expect(continued.isOK && continued.offset == 40 && continued.body.count == 60 && continued.sha256 == nil)
        rest.sha256 = whole.sha256
        let checked = try #require(try await Fetcher().gather([rest]).first)
        #expect(checked.isOK && checked.offset == 0 && checked.body.count == 100 && checked.sha256 == whole.sha256)
    }

    @Test("Threads of ours do not let a lost connection end the program by SIGPIPE") func brokenPipe() throws {
        let isBlocked = Mutex(false)
        let thread = try FetchKit.Thread(name: "test") {
            var set = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &set)
            isBlocked.withLock { $0 = sigismember(&set, SIGPIPE) == 1 }
        }
        thread.join()
        #expect(isBlocked.withLock { $0 })
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

    // MARK: A fetcher that lives longer than a call

    @Test("Connections are reused between calls, of whatever kind they are") func reuseBetweenCalls() async throws {
        let server = try Server.scripted()
        var configuration = Configuration()
        configuration.limits.perHost = 1
        let fetcher = Fetcher(configuration)
        let request = try Request("\(server.url)/text?s=a")
        #expect(try await fetcher.fetch(request).isOK)
        #expect(try await fetcher.gather([request, request]).map(\.connectionCount) == [0, 0])
        for try await outcome in fetcher.outcomes(of: RequestList([request, request])) { #expect(outcome.connectionCount == 0) }
        #expect(try await fetcher.fetch(request).connectionCount == 0)
        await fetcher.close()
        // The other one is that of the question.
        #expect(try await server.stats()["connections", default: 0] <= 2)
        #expect(try await server.stats()["requests"] == 6)
    }

    @Test("The limit of a host holds over 64 calls at once, as the server counts") func limitOverCalls() async throws {
        let server = try Server.scripted()
        var configuration = Configuration()
        configuration.limits.perHost = 3
        let fetcher = Fetcher(configuration)
        let requests = try (0..<64).map { try Request("\(server.url)/ok?ms=20&n=10&i=\($0)") }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for request in requests { group.addTask { try await fetcher.fetch(request).isOK } }
            for try await isOK in group { #expect(isOK) }
        }
        await fetcher.close()
        #expect(try await server.stats()["most"] == 3)
    }

    @Test("Several loops keep the limits of all of them together", arguments: [1, 2, 4]) func limitsOverLoops(threads: Int) async throws {
        let server = try Server.scripted(addresses: 20)
        var configuration = Configuration()
        configuration.limits.threads = threads
        configuration.limits.concurrency = 10
        let requests = try (0..<400).map { try Request("\(server.url($0 % 20))/ok?ms=5&n=10&i=\($0)") }
        let outcomes = try await Fetcher(configuration).gather(requests)
        #expect(outcomes.allSatisfy { $0.isOK })
        #expect(try await server.stats()["most", default: 0] <= 10)
    }

    @Test("Two calls at once have their own outcomes and their own end") func twoCalls() async throws {
        let server = try Server.scripted()
        let fetcher = Fetcher()
        async let slow = fetcher.gather(try (0..<50).map { try Request("\(server.url)/ok?ms=20&n=10&i=\($0)") })
        async let fast = fetcher.gather(try (0..<50).map { try Request("\(server.url)/text?s=\($0)") })
        let texts = try await fast.map { String(decoding: try $0.body.bytes(), as: UTF8.self) }
        #expect(texts == (0..<50).map { "\($0)" })
        #expect(try await slow.allSatisfy { $0.isOK && $0.body.count == 10 })
    }

    @Test("A fetcher ends from any thread: closed by several at once, and dropped while others still look at it") func ends() async throws {
        let server = try Server.scripted()
        for _ in 0..<20 {
            let fetcher = Fetcher()
            let request = try Request("\(server.url)/text?s=a")
            async let first = fetcher.fetch(request)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { await fetcher.close() } }
            }
            // It was admitted before, or not at all.
            let outcome = try? await first
            #expect(outcome?.isOK ?? true)
            await #expect(throws: ClosedFetcher.self) { try await fetcher.fetch(request) }
        }
        for _ in 0..<20 { _ = try await Fetcher().fetch(Request("\(server.url)/text?s=a")) }
    }

    @Test("Cookies of one call are sent by the next one, and given back at the end") func cookiesBetweenCalls() async throws {
        let url = try Server.httpbin.get().url
        let saved = Mutex<[String]>([])
        var configuration = Configuration()
        configuration.cookies = Configuration.Cookies { lines in saved.withLock { $0 = lines } }
        let fetcher = Fetcher(configuration)
        _ = try await fetcher.fetch(Request("\(url)/cookies/set?call=first"))
        let echo = try await fetcher.fetch(Request("\(url)/cookies"))
        let text = String(decoding: try echo.body.bytes(), as: UTF8.self)
        #expect(text.contains("call") && text.contains("first"), "\(text)")
        await fetcher.close()
        #expect(saved.withLock { $0.contains { $0.hasSuffix("call\tfirst") } })
    }

    @Test("Descriptors do not leak: transfers, failures, cancellations and fetchers leave none behind") func descriptors() async throws {
        // Other tests of this process run at the same time; what they have open are pipes, and some fetchers.
        let open = {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { descriptor in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
                return target?.hasPrefix("pipe:") == false
            }
        }
        // One of its own: the sockets that lead to it are those of this test.
        let server = try Server.scripted()
        let port = ":" + hexadecimal([UInt8(server.port >> 8), UInt8(server.port & 0xFF)]).uppercased()
        let sockets = {
            try String(contentsOfFile: "/proc/self/net/tcp", encoding: .utf8).split(separator: "\n").count { line in
                let fields = line.split(separator: " ")
                // One without a number is no longer a descriptor.
                return fields[2].hasSuffix(port) && fields[9] != "0"
            }
        }
        let requests = { (paths: [String]) in try paths.map { try Request("\(server.url)/\($0)") } }
        let closed = freePort()
        for round in 0..<10 {
            var configuration = Configuration()
            configuration.timeouts.total = .milliseconds(500)
            configuration.bodies.memory = 1000
            configuration.retry.delay = .milliseconds(1)
            let paths = (0..<95).map { ["text?s=\($0)", "short-body", "reset", "gzip-cut", "ok?n=3000000"][$0 % 5] }
            let all =
                try requests(paths + ["silent"]) + [try Request("http://127.0.0.1:\(closed)/")] + requests(["loop", "nowhere", "empty"])
            let fetcher = Fetcher(configuration)
            let task = Task { try await fetcher.gather(all) }
            if round % 2 == 1 { task.cancel() }
            #expect(try await task.value.count == 100)
            await fetcher.close()
        }
        #expect(try sockets() == 0)
        let before = try open()
        for _ in 0..<200 {
            let fetcher = Fetcher()
            _ = try await fetcher.gather(requests(["text?s=x"]))
            await fetcher.close()
        }
        #expect(try sockets() == 0)
        #expect(try open() < before + 100)
    }

    @Test("A body limit counts decoded bytes") func bodyLimit() async throws {
        var configuration = Configuration()
        configuration.bodies.maxSize = 5000
        let outcomes = try await Fetcher(configuration).gather(
            try requests(["gzip-ok?n=5000", "gzip-ok?n=5001", "ok?n=5001", "until-close"]))
        #expect(outcomes.map(\.error?.kind) == [nil, .tooLarge, .tooLarge, nil])
    }
}

private actor Collected {
    var outcomes: [Outcome] = []

    func add(_ outcome: Outcome) { outcomes.append(outcome) }
}
