import Foundation
import Support
import Testing

/// What was given for one origin, crossed with every way from there to another one.
@Suite("Leaks") struct LeakTests {
    /// A way to give a secret: options, and a line of the list for the first URL. `WORD` is the secret, `URL` the URL.
    struct Secret: Sendable, CustomTestStringConvertible {
        let name: String
        var options: [String] = []
        var line = "URL"
        /// Whether its origin gets it without asking for it.
        var isSentUnasked = true

        var testDescription: String { name }
    }

    /// A way to another origin, from `http://a.test`.
    struct Step: Sendable, CustomTestStringConvertible {
        let name: String
        /// `PORT`, `OTHER` and `SECURE` are ports of three servers.
        var start = "http://a.test:PORT"
        let target: String
        var path = "echo"
        var options: [String] = []

        var testDescription: String { name }
    }

    static let secrets = [
        Secret(name: "-H Authorization", options: ["-H", "Authorization: WORD"]), Secret(name: "-u", options: ["-u", "user:WORD"]),
        Secret(name: "-u --digest", options: ["-u", "WORD:WORD", "--digest"], isSentUnasked: false),
        Secret(name: "--oauth2-bearer", options: ["--oauth2-bearer", "WORD"]), Secret(name: "-b", options: ["-b", "a=WORD"]),
        Secret(name: "-H Cookie", options: ["-H", "Cookie: a=WORD"]),
        Secret(name: "-b with a jar", options: ["-b", "a=WORD", "-c", "JAR"]),
        Secret(name: "-H Cookie with a jar", options: ["-H", "Cookie: a=WORD", "-c", "JAR"]),
        Secret(name: "netrc", options: ["--netrc-file", "NETRC"]),
        Secret(name: "userinfo", line: "http://user:WORD@REST"), Secret(name: "a user alone", line: "http://WORD@REST"),
        Secret(name: "X-Vault-Token", options: ["-H", "X-Vault-Token: WORD"]),
        Secret(name: "X-Goog-Api-Key", options: ["-H", "X-Goog-Api-Key: WORD"]),
        Secret(name: "x-functions-key", options: ["-H", "x-functions-key: WORD"]),
        Secret(name: "Ocp-Apim-Subscription-Key", options: ["-H", "Ocp-Apim-Subscription-Key: WORD"]),
        Secret(name: "any header", options: ["-H", "X-My-Own: WORD"]),
        Secret(name: "a referer's path", options: ["-e", "http://a.test/WORD?WORD"]),
        Secret(name: "JSON headers", line: #"{"url":"URL","headers":{"X-My-Own":"WORD"}}"#),
        Secret(name: "JSON Cookie", line: #"{"url":"URL","headers":{"Cookie":"a=WORD"}}"#),
        Secret(name: "JSON Cookie with a jar", options: ["-c", "JAR"], line: #"{"url":"URL","headers":{"Cookie":"a=WORD"}}"#),
        Secret(name: "JSON user", line: #"{"url":"URL","user":"me:WORD"}"#),
        Secret(name: "JSON bearer", line: #"{"url":"URL","bearer":"WORD"}"#),
    ]

    static let steps = [
        Step(name: "other host", target: "http://b.test:PORT"), Step(name: "other port", target: "http://a.test:OTHER"),
        Step(name: "subdomain", target: "http://sub.a.test:PORT"), Step(name: "trailing dot", target: "http://a.test.:PORT"),
        Step(name: "http to https, other port", target: "https://a.test:SECURE"),
        Step(name: "https to http", start: "https://a.test:SECURE", target: "http://a.test:PORT"),
        Step(name: "asked by the other host", target: "http://b.test:PORT", path: "challenge?scheme=Basic"),
        Step(name: "asked by Digest", target: "http://b.test:PORT", path: "challenge"),
        Step(name: "a retry there", target: "http://b.test:PORT", path: "flaky?key=WORD&how=reset", options: ["--retry-delay=10ms"]),
    ]

    /// The first of the URLs is given with the secret.
    private func run(_ secret: Secret, _ urls: [String], word: String, options: [String]) async throws -> Completed {
        let ports = Set(urls.joined(separator: " ").matches(of: /:([0-9]+)/).map { String($0.output.1) })
        let names = ["a.test", "b.test", "sub.a.test", "a.test."].flatMap { name in ports.map { "--resolve=\(name):\($0):127.0.0.1" } }
        let netrc = try Paths.file("netrc-\(word)", "machine a.test login user password \(word)\n")
        let jar = Paths.temporary("jar-\(word)").path
        let given = secret.options.map { $0.replacing("NETRC", with: netrc).replacing("JAR", with: jar).replacing("WORD", with: word) }
        let (scheme, rest) = urls[0].hasPrefix("https") ? ("https://", urls[0].dropFirst(8)) : ("http://", urls[0].dropFirst(7))
        let first = secret.line.replacing("http://", with: scheme).replacing("REST", with: rest).replacing("URL", with: urls[0])
            .replacing("WORD", with: word)
        return try await Command.fetch(["-k", "-j1", "--retry=2", "--format=jsonl"] + names + options + given).run(
            stdin: ([first] + urls.dropFirst()).joined(separator: "\n"))
    }

    @Test("What was given for one origin goes to no other, by whatever step", arguments: secrets, steps)
    func crossings(secret: Secret, step: Step) async throws {
        let (server, other, secure) = try (Server.faults.get(), Server.otherFaults.get(), Server.tlsFaults.get())
        let place = { (text: String) in
            text.replacing("PORT", with: "\(server.port)").replacing("OTHER", with: "\(other.port)").replacing(
                "SECURE", with: "\(secure.port)")
        }
        let word = "c4n4ry\(UInt64.random(in: 1...UInt64.max))"
        let start = place(step.start)
        let target = "\(place(step.target))/\(step.path)".replacing("WORD", with: word.dropFirst(3)).replacing("&", with: "%26")
        let url = "\(start)/redirect?to=\(target)"
        let run = try await run(secret, [url], word: word, options: step.options)
        let record = try #require(try run.records().first)
        #expect(record.int("num_redirects") == 1)
        let home = String(start.split(separator: "//")[1])
        var seen: [String] = []
        for each in [server, other, secure] { seen += try await each.hosts(thatSaw: word) }
        #expect(Set(seen).subtracting([home]).isEmpty)
        if secret.isSentUnasked { #expect(seen.contains(home)) }
    }

    @Test(
        "What was given for one request goes with no later one, to whatever host",
        arguments: secrets.filter { $0.line != "URL" || $0.name == "netrc" })
    func nextRequest(secret: Secret) async throws {
        let server = try Server.faults.get()
        let word = "c4n4ry\(UInt64.random(in: 1...UInt64.max))"
        let start = "http://a.test:\(server.port)"
        let list = [
            "\(start)/text?s=1", "http://b.test:\(server.port)/text?s=2", "\(start)/text?s=3", "http://b.test:\(server.port)/text?s=4",
        ]
        let run = try await run(secret, list, word: word, options: ["--ordered"])
        let count = try run.records().count
        #expect(run.status == 0 && count == 4)
        // What a .netrc says of a machine holds for each of its requests.
        #expect(
            try await server.hosts(thatSaw: word) == [String](repeating: "a.test:\(server.port)", count: secret.name == "netrc" ? 2 : 1))
    }

    @Test("--location-trusted sends everything, and -v says what was kept back without it") func trusted() async throws {
        let server = try Server.scripted(addresses: 1)
        let arguments = [
            "-H", "X-My-Own: c4n4ry", "-u", "user:secret", "-H", "Accept: text/x", "\(server.url)/redirect?to=\(server.url(0))/echo",
        ]
        let kept = try await Command.fetch(["-v"] + arguments).run()
        #expect(!kept.text.contains("c4n4ry") && kept.text.contains("Accept: text/x"))
        #expect(kept.errorText.contains("without X-My-Own, Authorization") && !kept.errorText.contains("c4n4ry"))
        let sent = try await Command.fetch(["-v", "--location-trusted"] + arguments).run()
        #expect(sent.text.contains("X-My-Own: c4n4ry") && sent.text.contains("Authorization: Basic") && !sent.errorText.contains("without"))
        let userinfo = server.url.replacing("://", with: "://user:secret@")
        let run = try await Command.fetch("--location-trusted", "\(userinfo)/redirect?to=\(server.url(0))/echo").run()
        #expect(run.text.contains("Authorization: Basic"))
    }

    @Test("Of a referer another origin sees the origin, and a plain one nothing of a secure page") func referer() async throws {
        let server = try Server.scripted(addresses: 1)
        for (referer, expected) in [("http://r.test/page?q", "http://r.test/"), ("https://r.test/page", nil), ("rubbish://", nil)] {
            let run = try await Command.fetch("-e", referer, "\(server.url)/redirect?to=\(server.url(0))/echo").run()
            #expect(run.text.contains("Referer: ") == (expected != nil))
            if let expected { #expect(run.text.contains("Referer: \(expected)\r\n")) }
            let same = try await Command.fetch("-e", referer, "\(server.url)/redirect?to=/echo").run()
            #expect(same.text.contains("Referer: \(referer)\r\n"))
        }
    }

    @Test("A client certificate is for the origin of the list, not for where that leads") func certificate() async throws {
        let members = try Server.nginxForMembers.get()
        let server = try Server.faults.get()
        let good = try Certificates.shared.get().good
        let fetch = { (urls: [String]) in
            try await Command.fetch(
                [
                    "-j1", "--ordered", "--format=jsonl", "--cacert", try Certificates.shared.get().authority, "-E", good.chain, "--key",
                    good.key,
                ]
                    + urls
            ).run().records().map { $0.int("response_code") }
        }
        // 400 is what nginx says to those without one. The same handle shows it again to the next request.
        let redirected = "\(server.url)/redirect?to=\(members.url)/x"
        #expect(try await fetch([redirected, "\(members.url)/x", redirected]) == [400, 200, 400])
        #expect(try await fetch(["\(members.url)/x", redirected, "\(members.url)/y"]) == [200, 400, 200])
    }

    @Test("Proxy-Authorization goes to the proxy, and to nobody else") func proxyAuthorization() async throws {
        let server = try Server.faults.get()
        let url = "\(server.url)/echo"
        let field = "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ="
        #expect(try await !Command.fetch("-H", field, url).run().text.contains("Proxy-Auth"))
        let proxied = try await Command.fetch("-H", field, "-x", try Server.strictProxy.get().url, url).run()
        #expect(proxied.status == 0 && !proxied.text.contains("Proxy-Auth"))
        // Also behind a redirect, and by CONNECT.
        let moved = try await Command.fetch(
            "-H", field, "-x", try Server.strictProxy.get().url, "\(server.url)/redirect?to=http://localhost:\(server.port)/echo"
        ).run()
        #expect(moved.status == 0 && !moved.text.contains("Proxy-Auth"))
        let secure = try await Command.fetch(
            "-k", "-H", field, "-x", try Server.strictProxy.get().url, "\(try Server.tlsFaults.get().url)/echo"
        ).run()
        #expect(secure.status == 0 && !secure.text.contains("Proxy-Auth"))
    }

    @Test(
        "A Location whose authority can be read in two ways is refused, as a line of a list is",
        arguments: [
            "http://a@b@HOST/x", "http://HOST\\@b.test/x", "//a@b@HOST/x", "//HOST\\x", "/\\HOST/x", "\\\\HOST/x", "http:\\\\HOST/x",
            "http:/a@b@HOST/",
        ])
    func location(location: String) async throws {
        let server = try Server.faults.get()
        let target = location.replacing("HOST", with: "127.0.0.1:\(server.port)")
        let encoded = target.replacing("\\", with: "%5C")
        let run = try await Command.fetch("--format=jsonl", "\(server.url)/redirect?to=\(encoded)").run()
        #expect(try run.records().first?.string("error") == "redirect")
    }

    @Test("An @ in the path of a Location is an @ in a path") func plainAt() async throws {
        let server = try Server.faults.get()
        for target in ["/text?s=a@b@c", "/text@x/../text?s=a@b", "\(server.url)/text?s=a@b@c"] {
            #expect(try await Command.fetch("\(server.url)/redirect?to=\(target)").run().text.hasPrefix("a@b"))
        }
    }

    @Test(
        "A proxy that cannot be used is named without its password",
        arguments: ["http://user:c4n4ry@[bad", "rubbish://user:c4n4ry@127.0.0.1:1", "http://user:c4n4ry@127.0.0.1:99999"])
    func brokenProxy(proxy: String) async throws {
        let server = try Server.faults.get()
        for format in ["jsonl", "body"] {
            let run = try await Command.fetch("--retry=0", "-v", "--format=\(format)", "-x", proxy, "\(server.url)/ok").run()
            #expect(run.status != 0 && !run.errors.isEmpty && !run.text.contains("c4n4ry") && !run.errorText.contains("c4n4ry"))
        }
    }
}
