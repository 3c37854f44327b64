import Foundation
import Support
import Testing

@Suite("Manners") struct MannersTests {
    private func list(_ urls: [String]) -> String { urls.map { $0 + "\n" }.joined() }

    /// Whether requests arrived sooner after the start of the program than a rate allows. How close together they arrive says nothing:
    /// a server that had to wait for the processor finds many at once.
    private func areEarly(_ arrivals: [Server.Arrival], since start: TimeInterval, perSecond: Double) -> Bool {
        arrivals.map(\.time).sorted().enumerated().contains { $1 < start + Double($0) / perSecond }
    }

    /// Whether some stretch of time holds more starts than a rate allows: its share, what may be caught up, and one.
    private func exceeds(_ starts: [Double], perSecond: Double) -> Bool {
        let times = starts.sorted()
        for first in times.indices {
            for last in first..<times.count where Double(last - first) > (times[last] - times[first] + 0.1) * perSecond + 1.5 {
                return true
            }
        }
        return false
    }

    // MARK: Hosts in turn

    @Test("A list sorted by host keeps all hosts busy, and no host gets more than its share", arguments: ["jsonl", "body"])
    func sortedHosts(format: String) async throws {
        let server = try Server.scripted(addresses: 50)
        let urls = (0..<50).flatMap { host in (0..<40).map { "\(server.url(host))/ok?ms=50&n=10&crowd=60&i=\($0)" } }
        let run = try await Command.fetch("--per-host=4", "-j64", "--format", format).run(stdin: list(urls))
        #expect(run.status == 0)
        let most = try await server.mostOfHosts()
        #expect(most.filter { $0.key != "127.0.0.1" }.values.allSatisfy { $0 <= 4 } && most.count >= 50)
        // With hosts one after the other there would never be more than a handful at once.
        #expect(try await server.stats()["most", default: 0] >= 60)
    }

    // MARK: Rates

    @Test("--rate is never exceeded, redirects included") func rate() async throws {
        let server = try Server.scripted()
        let urls = (0..<10).flatMap { ["\(server.url)/ok?i=\($0)", "\(server.url)/chain?n=2"] }
        let start = ProcessInfo.processInfo.systemUptime
        let run = try await Command.fetch("--rate=40/s", "--format=jsonl").run(stdin: list(urls))
        #expect(run.status == 0)
        let log = try await server.log()
        #expect(log.count == 40 && !areEarly(log, since: start, perSecond: 40))
        // All were queued together.
        let direct = try run.records().filter { $0.int("num_redirects") == 0 }
        #expect(direct.count == 10 && !exceeds(direct.compactMap { $0.double("time_queue") }, perSecond: 40))
    }

    @Test("--per-host-rate is kept for each host, and the others go on") func perHostRate() async throws {
        let server = try Server.scripted(addresses: 20)
        let urls = (0..<20).flatMap { host in (0..<8).map { "\(server.url(host))/ok?i=\($0)" } }
        let start = ProcessInfo.processInfo.systemUptime
        let run = try await Command.fetch("--per-host-rate=600/m", "--format=jsonl").run(stdin: list(urls))
        #expect(run.status == 0)
        let log = try await server.log()
        for (_, arrivals) in Dictionary(grouping: log, by: \.host) {
            #expect(arrivals.count == 8 && !areEarly(arrivals, since: start, perSecond: 10))
        }
        for (_, records) in Dictionary(grouping: try run.records(), by: { $0.string("remote_ip") }) {
            #expect(records.count == 8 && !exceeds(records.compactMap { $0.double("time_queue") }, perSecond: 10))
        }
        #expect(exceeds(log.map(\.time), perSecond: 10))
    }

    // MARK: Hosts that are busy

    @Test("Retry-After stops the whole host, measured by the server's own clock", arguments: ["after=5", "after=5&date=1"])
    func retryAfter(after: String) async throws {
        let server = try Server.scripted(addresses: 1)
        let urls = ["\(server.url)/flaky?key=a&how=429&\(after)"] + (0..<5).map { "\(server.url)/ok?i=\($0)" } + ["\(server.url(0))/ok"]
        let run = try await Command.fetch("--per-host=1", "--format=jsonl").run(stdin: list(urls))
        #expect(run.status == 0)
        #expect(try run.records().compactMap { $0.int("num_retries") }.reduce(0, +) == 1)
        let log = try await server.log()
        let first = try #require(log.first { $0.target.contains("flaky") }).time
        #expect(log.filter { $0.host == "127.0.0.1" && $0.time > first }.allSatisfy { $0.time >= first + 5 })
        // The other one has its turn meanwhile.
        let next = try #require(log.first { $0.host == "127.0.0.1" && $0.time > first }).time
        #expect(try #require(log.first { $0.host != "127.0.0.1" }).time < next)
    }

    @Test("Who asks for more patience than there is is left alone, and nothing is lost") func tooMuchPatience() async throws {
        let server = try Server.scripted()
        let urls = ["\(server.url)/flaky?key=a&how=503&after=259200"] + (0..<5).map { "\(server.url)/ok?i=\($0)" }
        let run = try await Command.fetch("--per-host=1", "--ordered", "--format=jsonl").run(stdin: list(urls))
        #expect(run.status == 1)
        #expect(try run.records().map { $0.string("error") } == ["http"] + [String](repeating: "host_down", count: 5))
        #expect(try await server.log().count == 1)
    }

    @Test("Too much halves what a host gets; --no-adaptive does not", arguments: [true, false]) func adaptive(isAdaptive: Bool) async throws
    {
        let server = try Server.scripted()
        let running = try Command.fetch(
            ["--retry=1", "--per-host=8", "--format=jsonl", "--no-body", "-i-"] + (isAdaptive ? [] : ["--no-adaptive"])
        ).start()
        running.write(list((0..<8).map { "\(server.url)/flaky?key=\($0)&how=429&after=0" }))
        #expect(await running.waitForOutput { $0.count { $0 == UInt8(ascii: "\n") } == 8 })
        _ = try await Command("curl", ["-s", "\(server.url)/stats?reset"]).run()
        // Where eight may run nobody is answered before they do. Half of that and one more for each twenty successes are six.
        running.write(list((0..<40).map { "\(server.url)/ok?ms=50&crowd=\(isAdaptive ? 1 : 8)&i=\($0)" }))
        running.closeInput()
        #expect(await running.finish().status == 0)
        let most = try await server.stats()["most", default: 0]
        #expect(isAdaptive ? most <= 6 : most == 8)
    }

    // MARK: Retries

    @Test(
        "What may pass is tried again, and nothing of the failed tries is to be seen",
        arguments: ["reset", "empty", "cut", "gzip", "503", "500", "429", "408", "524"])
    func retries(how: String) async throws {
        let server = try Server.faults.get()
        let url = "\(server.url)/flaky?how=\(how)&times=1&key=\(UUID().uuidString)"
        let run = try await Command.fetch("--format=jsonl", "--retry-delay=10ms", url).run()
        let record = try #require(try run.records().first)
        #expect(run.status == 0 && run.errors.isEmpty && record.string("body") == "fine\n" && record.int("num_redirects") == 0)
        // An idle connection that is reset is tried again by libcurl itself.
        #expect(record.int("num_retries") == 1 || how == "reset" || how == "empty")
    }

    @Test("A body in place of a failed try is whole, and only that one is printed") func bodyOfRetry() async throws {
        let server = try Server.faults.get()
        let run = try await Command.fetch(
            "--retry-delay=10ms", "\(server.url)/text?s=a", "\(server.url)/flaky?how=cut&key=\(UUID().uuidString)", "\(server.url)/text?s=b"
        ).run()
        #expect(run.text == "afine\nb" && run.status == 0 && run.errors.isEmpty)
    }

    @Test("--retry counts, and 0 is none") func retryCount() async throws {
        for count in [0, 1, 3] {
            let server = try Server.scripted()
            let run = try await Command.fetch(
                "--retry=\(count)", "--retry-delay=1ms", "--no-adaptive", "--format=jsonl", "\(server.url)/status?code=503"
            ).run()
            let record = try #require(try run.records().first)
            #expect(run.status == 1 && record.int("num_retries") == count && record.int("response_code") == 503)
            #expect(try await server.log().count == count + 1)
        }
    }

    @Test("What cannot pass is not tried again", arguments: ["status?code=404", "status?code=501", "bad-status", "loop", "gzip-not?"])
    func noRetry(path: String) async throws {
        let server = try Server.scripted()
        _ = try await Command.fetch("--format=none", "--max-redirs=1", "\(server.url)/\(path)").run()
        let expected = path == "loop" || path == "gzip-not?" ? 2 : 1
        #expect(try await server.log().count == expected)
    }

    @Test("--retry-all-errors tries that again, too") func retryAllErrors() async throws {
        let server = try Server.scripted()
        _ = try await Command.fetch("--retry-all-errors", "--retry-delay=1ms", "--format=none", "\(server.url)/status?code=404").run()
        #expect(try await server.log().count == 3)
    }

    @Test("After a broken coding the second try asks for none") func identity() async throws {
        let server = try Server.scripted()
        let run = try await Command.fetch("--retry-delay=1ms", "--format=jsonl", "\(server.url)/flaky?how=gzip-not&key=x").run()
        #expect(try run.records().first?.string("body") == "fine\n")
    }

    @Test("What is not idempotent is never sent twice, not even by libcurl on a connection that dies") func post() async throws {
        let server = try Server.scripted()
        let urls = (0..<20).map { "\(server.url)/idle-close?i=\($0)" }
        _ = try await Command.fetch("-XPOST", "-j1", "--format=none").run(stdin: list(urls))
        let targets = try await server.log().map(\.target)
        #expect(targets.count == Set(targets).count)
        let lost = try await Command.fetch("-XPOST", "--format=jsonl", "\(server.url)/reset").run()
        #expect(try lost.records().first?.int("num_retries") == 0)
        #expect(try await server.log().filter { $0.target == "/reset" }.count == 1)
    }

    @Test("A keep-alive connection that dies is no failure") func idleClose() async throws {
        let server = try Server.scripted()
        let urls = (0..<50).map { "\(server.url)/idle-close?i=\($0)" }
        #expect(try await Command.fetch("-j2", "--format=none").run(stdin: list(urls)).status == 0)
    }

    @Test("What is sent once more, because the connection was closed under it, asks for the same URL") func sentAgain() async throws {
        let server = try Server.scripted()
        let paths = (0..<8).map { "/idle-close?next=1&i=\($0)" } + ["/idle-close?next=1&i=%2F", "/idle-close?next=1"]
        let run = try await Command.fetch("-j1", "--format=jsonl").run(stdin: list(paths.map { server.url + $0 }))
        #expect(try run.records().allSatisfy { $0.bool("ok") == true && $0.int("num_retries") == 0 })
        // The first one had a new connection, and each of the others one that was closed under it, then a new one.
        let targets = try await server.log().map(\.target)
        #expect(targets == paths.flatMap { $0 == paths[0] ? [$0] : [$0, $0] })
    }

    // MARK: Hosts that are away

    @Test("A host that is away is given up, each of its URLs has its own outcome, and the others go on") func breaker() async throws {
        let server = try Server.faults.get()
        let dead = "http://127.0.0.1:\(freePort())"
        let urls = (0..<200).map { $0 % 2 == 0 ? "\(dead)/\($0)" : "\(server.url)/text?s=\($0)" }
        let run = try await Command.fetch("--breaker-delay=20ms", "--retry=0", "--format=jsonl").run(stdin: list(urls))
        let records = try run.records()
        #expect(records.count == 200 && Set(records.compactMap { $0.int("index") }).count == 200)
        let errors = Dictionary(grouping: records) { $0.string("error") ?? "ok" }.mapValues(\.count)
        // The first window and the probes; everything else is not even tried.
        #expect(errors["ok"] == 100 && errors["connect", default: 0] <= 12 && errors["host_down", default: 0] >= 88)
        #expect(records.filter { $0.string("error") == "host_down" }.allSatisfy { $0.isNull("exitcode") && $0.isNull("response_code") })
    }

    @Test("With --breaker-delay 0 every URL is tried") func noBreaker() async throws {
        let dead = "http://127.0.0.1:\(freePort())"
        let run = try await Command.fetch("--breaker-delay=0", "--retry=0", "--format=jsonl").run(
            stdin: list((0..<50).map { "\(dead)/\($0)" }))
        #expect(try run.records().allSatisfy { $0.string("error") == "connect" })
    }

    // MARK: The whole run

    @Test("--deadline ends the run: status 75, what was read is cancelled, what was not is said") func deadline() async throws {
        let server = try Server.faults.get()
        let running = try Command.fetch("--deadline=5s", "--format=jsonl").start()
        running.write("\(server.url)/text?s=x\n\(server.url)/silent\n")
        let run = await running.finish(deadline: .seconds(60))
        #expect(run.status == 75)
        let records = try run.records()
        #expect(records.map { $0.string("error") } == [nil, "cancelled"])
        #expect(records.last?.string("errormsg")?.contains("deadline") == true)
        #expect(run.errorText == "fetch: stopped by the deadline, 1 cancelled in flight, the input was not read to its end\n")
    }

    @Test("A deadline that is not reached changes nothing") func farDeadline() async throws {
        let server = try Server.faults.get()
        let run = try await Command.fetch("--deadline=1h", "\(server.url)/text?s=x").run()
        #expect(run.status == 0 && run.text == "x")
    }

    @Test(
        "--max-errors and --fail-early stop the run",
        arguments: [["--fail-early"], ["--max-errors=0"], ["--max-errors", "10"], ["--max-errors=30%"]])
    func mostErrors(options: [String]) async throws {
        let server = try Server.scripted()
        let urls = (0..<5000).map { "\(server.url)/status?code=404&i=\($0)" }
        let run = try await Command.fetch(options + ["--format=jsonl"]).run(stdin: list(urls))
        #expect(run.status == 75)
        #expect(try await server.log().count < 2000)
        let records = try run.records()
        #expect(
            records.contains { $0.string("error") == "cancelled" } && Set(records.compactMap { $0.int("index") }).count == records.count)
        #expect(run.errorText.contains("stopped because too many have failed"))
    }

    @Test("Fewer failures than --max-errors allows are just failures") func fewErrors() async throws {
        let server = try Server.faults.get()
        let urls = (0..<30).map { $0 % 10 == 0 ? "\(server.url)/status?code=404" : "\(server.url)/text?s=\($0)" }
        for option in ["--max-errors=3", "--max-errors=20%"] {
            let run = try await Command.fetch(option, "-j1", "--format=none").run(stdin: list(urls))
            #expect(run.status == 1)
        }
    }

    @Test("--dedupe fetches equal URLs once, whatever their spelling, and counts the others") func dedupe() async throws {
        let server = try Server.scripted()
        let urls =
            (0..<100).map { "\(server.url)/text?s=\($0 % 10)" } + [
                "HTTP://127.0.0.1:\(server.port)/x/../text?s=1", "nonsense://", "nonsense://",
            ]
        let run = try await Command.fetch("--dedupe", "--summary", "--format=jsonl").run(stdin: list(urls))
        #expect(try run.records().map { $0.int("index")! }.sorted() == Array(0..<12))
        #expect(try await server.log().count == 10)
        #expect(run.errorText.contains("91 URLs left out as equal to an earlier one"))
    }

    @Test("--limit stops after so many, also when the list never ends") func limit() async throws {
        let server = try Server.scripted()
        let run = try await Command.shell("yes \(server.url)/text?s=x | $FETCH --limit 25 --summary").run()
        #expect(run.text == String(repeating: "x", count: 25))
        #expect(run.errorText.contains("25 URLs") && run.errorText.contains("--limit"))
        #expect(try await server.log().count == 25)
        let failing = try await Command.shell("yes \(server.url)/status?code=404 | $FETCH -s --limit 3 2>/dev/null").run()
        #expect(failing.status == 1 || failing.status == 141)
    }
}
