import Foundation
import Support
import Testing

@Suite("Guard") struct GuardTests {
    /// Runs Tests/Support/servers/guardtrap.sh, in a network of its own in which every address would answer.
    private func trap(_ options: String...) async throws -> [String: Any] {
        var command = Command(
            Paths.servers.appendingPathComponent("namespace.sh").path, [Paths.servers.appendingPathComponent("guardtrap.sh").path] + options
        )
        command.environment = Namespace.patientResolver.merging(["FETCH_TEST_PYTHON": Paths.python]) { $1 }
        let run = try await command.run(deadline: .seconds(600))
        return try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
    }

    @Test("No spelling, redirect or name leads to a private address: not one attempt to connect") func trap() async throws {
        let result = try await trap(Command.fetchPath)
        let urls = try #require(result["urls"] as? Int)
        #expect(urls >= 450 && result["outcomes"] as? Int == urls && result["blocked"] as? Int ?? 0 >= 400)
        #expect((result["connects"] as? [Any])?.isEmpty == true && result["accepted"] as? Int == 0)
        #expect((result["other"] as? [Any])?.isEmpty == true)
    }

    @Test("Without the guard the same trap catches hundreds") func control() async throws {
        let result = try await trap("--control", Command.fetchPath)
        #expect(result["accepted"] as? Int ?? 0 > 300)
    }

    @Test("Hosts, ranges and ports can be allowed and denied") func exceptions() async throws {
        let server = try Server.faults.get()
        let url = "\(server.url)/text?s=x"
        let named = "http://localhost:\(server.port)/text?s=x"
        let rows: [([String], String, Bool)] = [
            (["--block-private"], url, false), (["--block-private", "--allow-cidr", "127.0.0.0/8"], url, true),
            (["--block-private", "--allow-cidr", "127.0.0.2"], url, false),
            (["--block-private", "--allow-host", "localhost"], named, true),
            (["--block-private", "--allow-host", "LOCALHOST"], named, true),
            (["--block-private", "--allow-host", "localhost"], url, false),
            (["--deny-cidr", "127.0.0.0/8"], url, false), (["--deny-cidr", "10.0.0.0/8"], url, true),
            (["--block-private", "--allow-cidr", "127.0.0.0/8", "--deny-cidr", "127.0.0.1"], url, false),
            (["--allow-port", "\(server.port)"], url, true), (["--allow-port", "443"], url, false),
            (["--block-private", "--proxy", ""], url, false),
        ]
        for (options, url, isAllowed) in rows {
            let run = try await Command.fetch(options + ["--format=jsonl", url]).run()
            let record = try #require(try run.records().first)
            #expect(record.string("error") == (isAllowed ? nil : "blocked") && record.int("num_retries") == 0)
        }
    }

    @Test("A redirect is judged like the first hop") func redirect() async throws {
        let server = try Server.scripted(addresses: 1)
        let run = try await Command.fetch(
            "--format=jsonl", "--block-private", "--allow-cidr=127.0.0.1", "\(server.url)/redirect?to=\(server.url(0))/ok"
        ).run()
        let record = try #require(try run.records().first)
        #expect(record.string("error") == "blocked" && record.int("num_redirects") == 1)
        #expect(try await server.log().map(\.host) == ["127.0.0.1"])
    }

    @Test("With a proxy or a socket the guard is refused, unless the proxy decides") func pairs() async throws {
        let url = "\(try Server.faults.get().url)/text?s=x"
        let proxy = try Server.proxy.get().url
        #expect(try await Command.fetch("--block-private", "-x", proxy, url).run().status == 64)
        #expect(try await Command.fetch("--block-private", "--proxy-decides", "-x", proxy, url).run().text == "x")
        var command = Command.fetch("--deny-cidr=10.0.0.0/8", url)
        command.environment = ["http_proxy": proxy]
        #expect(try await command.run().status == 64)
        #expect(try await Command.fetch("--block-private", "--unix-socket", "/x", url).run().status == 64)
        #expect(try await Command.fetch("--allow-cidr", "nonsense", url).run().status == 64)
    }

    @Test(
        "What no proxy sees is judged, also where a proxy decides about the rest",
        arguments: [["--block-private"], ["--deny-cidr=127.0.0.0/8", "--deny-cidr=::1"], ["--allow-port=1"]])
    func pastTheProxy(options: [String]) async throws {
        let server = try Server.faults.get()
        for (variables, url) in [
            (["http_proxy": "http://127.0.0.1:1", "no_proxy": "localhost"], "http://localhost:\(server.port)/text?s=x"),
            (["http_proxy": "http://127.0.0.1:1", "NO_PROXY": "*"], "\(server.url)/text?s=x"),
            (["https_proxy": "http://127.0.0.1:1"], "\(server.url)/text?s=x"),
            (
                ["http_proxy": try Server.proxy.get().url, "no_proxy": "localhost"],
                "\(server.url)/redirect?to=http://localhost:\(server.port)/text?s=x"
            ),
        ] {
            var command = Command.fetch(options + ["--proxy-decides", "--format=jsonl", url])
            command.environment = variables
            let record = try #require(try await command.run().records().first)
            #expect(record.string("error") == "blocked" && record.isNull("body"))
        }
    }
}
