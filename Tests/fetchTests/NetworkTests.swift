import Foundation
import Support
import Testing

@Suite("Names and addresses") struct NetworkTests {
    /// A network with a log of what its name server was asked.
    private func namespace(_ name: String) throws -> (Namespace, log: String) {
        let log = Paths.temporary("dns-\(name).log").path
        return (try Namespace(Namespace.patientResolver.merging(["FETCH_DNS_LOG": log]) { $1 }), log)
    }

    /// Name and number of names that waited, for each query.
    private func queries(_ log: String) throws -> [(name: String, waiting: Int)] {
        try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 3 ? (String(words[0]), Int(words[2]) ?? 0) : nil
        }
    }

    private func list(_ urls: [String]) -> String { urls.map { $0 + "\n" }.joined() }

    @Test("A name is looked up once, however many URLs have it") func singleFlight() async throws {
        let (inside, log) = try namespace("single")
        let urls = (0..<200).map { "http://slow-200-x.test:\(inside.port)/text?s=\($0)" }
        let run = try await inside.inside(.fetch("-j100", "--format=none", "--connect-timeout=60")).run(stdin: list(urls))
        #expect(run.status == 0)
        // For each family once.
        #expect(try queries(log).filter { $0.name.hasPrefix("slow-200-x.test") }.count == 2)
    }

    @Test("A name that takes its time delays no other") func slowName() async throws {
        let inside = try Namespace.shared.get()
        let urls =
            ["http://gated-y.test:\(inside.port)/text?s=slow"] + (0..<60).map { "http://host-\($0).test:\(inside.port)/text?s=\($0)" }
        let running = try inside.inside(.fetch("--format=jsonl", "-j8", "--connect-timeout=60")).start()
        running.write(list(urls))
        running.closeInput()
        // The slow name has its address when all others are done.
        #expect(await running.waitForOutput { $0.count { $0 == 10 } == 60 })
        #expect(try await inside.inside(.fetch("http://open-y.test:\(inside.port)/text?s=x")).run().text == "x")
        let run = await running.finish()
        let records = try run.records()
        #expect(run.status == 0 && records.count == 61 && records.last?.string("body") == "slow")
        let time = try #require(records.last?.double("time_namelookup"))
        #expect(records.dropLast().allSatisfy { $0.double("time_total")! < time })
    }

    @Test("No more lookups at once than --resolver-threads") func boundedLookUps() async throws {
        let (inside, log) = try namespace("bounded")
        let urls = (0..<40).map { "http://slow-50-n\($0).test:\(inside.port)/ok" }
        let run = try await inside.inside(.fetch("--format=none", "-j40", "--resolver-threads=4", "--connect-timeout=60")).run(
            stdin: list(urls))
        #expect(run.status == 0)
        let waiting = try queries(log).map(\.waiting).max() ?? 0
        #expect((1...4).contains(waiting))
    }

    @Test("Broken IPv6 costs one attempt of 250 ms, and only once") func brokenIPv6() async throws {
        let inside = try Namespace.shared.get()
        let urls = (0..<5).map { "http://dead6\($0 == 0 ? "" : "-\($0)").test:\(inside.port)/text?s=\($0)" }
        let fetch = Command.fetch("--format=jsonl", "-j1", "--ordered")
        let trace = Paths.temporary("connects.txt").path
        let run = try await inside.inside(
            Command("strace", ["-f", "-qq", "-e", "trace=connect", "-o", trace, fetch.executable] + fetch.arguments)
        ).run(stdin: list(urls))
        let time = try #require(run.records().first?.double("time_connect"))
        #expect(run.status == 0 && time >= 0.25)
        // What the first one has learnt is good for the others.
        let connects = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
        #expect(connects.count { $0.contains("sin6_port=htons(\(inside.port))") } == 1)
        #expect(try run.records().allSatisfy { $0.string("remote_ip") == "127.0.0.1" && $0.int("num_retries") == 0 })
    }

    @Test("A dead address is passed over for the next one, without a retry, and the next URL goes there at once") func nextAddress()
        async throws
    {
        let inside = try Namespace.shared.get()
        let urls = (0..<3).map { "http://two.test:\(inside.port)/text?s=\($0)" }
        let run = try await inside.inside(.fetch("--format=jsonl", "-j1", "--retry=0", "--ordered")).run(stdin: list(urls))
        #expect(try run.records().map { $0.string("remote_ip") } == [String?](repeating: "127.0.1.1", count: 3))
        #expect(run.status == 0)
    }

    @Test("-4 and -6 choose the family") func families() async throws {
        let inside = try Namespace.shared.get()
        let url = "http://both-127-0-0-1--x.test:\(inside.port)/text?s=x"
        for (option, address) in [("-4", "127.0.0.1"), ("-6", "::1")] {
            let run = try await inside.inside(.fetch(option, "--format=jsonl", url)).run()
            #expect(try run.records().first?.string("remote_ip") == address)
        }
    }

    @Test("--resolve says where a host is, for its port only") func resolve() async throws {
        let server = try Server.faults.get()
        let name = "no.such.host.invalid"
        let run = try await Command.fetch(
            "--resolve", "\(name):\(server.port):127.0.0.1", "--ordered", "--format=jsonl", "http://\(name):\(server.port)/text?s=x",
            "http://\(name):1/"
        ).run()
        let records = try run.records()
        #expect(records[0].string("body") == "x" && records[0].string("remote_ip") == "127.0.0.1")
        #expect(records[1].string("error")?.hasPrefix("dns_") == true)
        let any = try await Command.fetch("--resolve", "*:\(server.port):127.0.0.1", "http://\(name):\(server.port)/text?s=y").run()
        #expect(any.text == "y")
        for wrong in ["x", "x:1", "x:y:127.0.0.1", "x:80:name", ":80:127.0.0.1", "x:80:"] {
            #expect(try await Command.fetch("--resolve", wrong, server.url).run().status == 64)
        }
    }

    @Test("Names below localhost are this machine", arguments: ["shop.localhost", "a.b.LOCALHOST", "shop.localhost."])
    func belowLocalhost(_ name: String) async throws {
        let run = try await Command.fetch("http://\(name):\(try Server.faults.get().port)/text?s=x").run()
        #expect(run.text == "x" && run.status == 0)
    }

    @Test("A lookup that hangs does not hold up the end") func hangingLookUp() async throws {
        // The resolver itself waits for 150 seconds; who waits for it is killed before.
        let inside = try Namespace(["FETCH_RESOLV_OPTIONS": "timeout:30 attempts:5"])
        let url = "http://gated-for-ever.test:\(inside.port)/"
        let fetch = Command.fetch("--format=jsonl", "--deadline=5", "--connect-timeout=600", url)
        let run = try await inside.inside(fetch).run(deadline: .seconds(120))
        #expect(run.status == 75)
        #expect(try run.records().first?.string("error") == "cancelled")
    }

    @Test("A network that goes down for a while costs no URL") func networkDown() async throws {
        let inside = try Namespace(["FETCH_RESOLV_OPTIONS": "timeout:4 attempts:1"])
        // The tenth of each host has no answer before the network has been down, so that the run cannot end before.
        let urls = (0..<60).flatMap { host in
            (0..<20).map { "http://host-\(host).test:\(inside.port)/\($0 == 9 ? "hold?key=x" : "ok?n=10&i=\($0)")" }
        }
        let running = try inside.inside(
            .fetch("--format=jsonl", "--per-host=1", "--connect-timeout=4", "--speed-time=4", "--breaker-delay=100ms")
        ).start()
        running.write(list(urls))
        running.closeInput()
        #expect(await running.waitForOutput { $0.count(where: { $0 == 10 }) == 540 })
        #expect(try await inside.inside(Command("ip", ["link", "set", "lo", "down"])).run().status == 0)
        // It says itself when enough of what was in flight has failed; then it stays down for so long that probes fail as well.
        let isDown = { @Sendable (errors: Data) in String(decoding: errors, as: UTF8.self).contains("network down") }
        for _ in 0..<300 where !(await running.waitForErrors(.milliseconds(200), isDown)) { running.send(SIGUSR1) }
        #expect(await running.waitForErrors(.zero, isDown))
        try await Task.sleep(for: .seconds(6))
        #expect(try await inside.inside(Command("ip", ["link", "set", "lo", "up"])).run().status == 0)
        #expect(try await inside.inside(.fetch("http://127.0.0.1:\(inside.port)/release?key=x")).run().status == 0)
        let run = await running.finish()
        let records = try run.records()
        #expect(records.count == 1200)
        let errors = Dictionary(grouping: records) { $0.string("error") ?? "ok" }.mapValues(\.count)
        #expect(errors == ["ok": 1200])
    }
}
