import Foundation
import Support
import Testing

@Suite("Requests") struct RequestTests {
    private func server() throws -> Server { try Server.faults.get() }

    /// The request as the server saw it.
    private func echo(_ arguments: String..., path: String = "echo") async throws -> String {
        let run = try await Command.fetch(arguments + ["\(try server().url)/\(path)"]).run()
        #expect(run.status == 0)
        return run.text
    }

    /// What httpbin saw, as JSON.
    private func httpbin(_ path: String, _ arguments: [String]) async throws -> [String: Any] {
        let run = try await Command.fetch(arguments + ["\(try Server.httpbin.get().url)/\(path)"]).run()
        return try JSONSerialization.jsonObject(with: run.output) as? [String: Any] ?? [:]
    }

    // MARK: Methods and content

    @Test("-d posts a form, several are joined, and a file is read") func data() async throws {
        let file = try Paths.file("data.txt", "from\na file\n")
        let seen = try await httpbin("post", ["-d", "a=1", "--data-urlencode", "b=x y&z", "-d", "@\(file)"])
        #expect(seen["form"] as? [String: String] == ["a": "1", "b": "x y&z", "froma file": ""])
        let binary = try await echo("--data-binary", "@\(file)")
        #expect(binary.hasPrefix("POST /echo ") && binary.hasSuffix("\r\n\r\nfrom\na file\n"))
        #expect(try await echo("--data-raw", "@x").hasSuffix("\r\n\r\n@x"))
        #expect(try await echo("-d", "").contains("Content-Length: 0\r\n"))
    }

    @Test("-X changes the method only, -G makes a query of the data, --data-json is curl's --json") func methods() async throws {
        #expect(try await echo("-XPUT", "-d", "x").hasPrefix("PUT /echo HTTP/1.1\r\n"))
        #expect(try await echo("-G", "-d", "a=1", "--data-urlencode", "b=ü", path: "echo?z=0").hasPrefix("GET /echo?z=0&a=1&b=%C3%BC HTTP"))
        let json = try await echo("--data-json", #"{"a":"#, "--data-json", "1}")
        #expect(json.contains("Content-Type: application/json\r\n") && json.contains("Accept: application/json\r\n"))
        #expect(json.hasSuffix(#"{"a":1}"#))
        #expect(try await httpbin("delete", ["-XDELETE"])["args"] != nil)
    }

    @Test("-I prints the head, whatever the status") func head() async throws {
        let run = try await Command.fetch("-I", "-s", "\(try server().url)/status?code=404").run()
        #expect(run.text.hasPrefix("HTTP/1.1 404 ") && run.text.hasSuffix("\r\n\r\n") && run.status == 1)
    }

    @Test("A body goes along with 307 and 308, and turns into a GET with 303") func redirects() async throws {
        let server = try server()
        for (code, start) in [(307, "POST /echo "), (308, "POST /echo "), (303, "GET /echo "), (302, "GET /echo ")] {
            let run = try await Command.fetch("-d", "content", "\(server.url)/redirect?to=/echo&code=\(code)").run()
            #expect(run.text.hasPrefix(start) && run.text.hasSuffix("content") == (code > 303))
            #expect(run.text.contains("Content-Type") == (code > 303))
        }
    }

    // MARK: Headers

    @Test("-H adds, removes, sends empty, and reads a file; -A, -e, -r, -b, --no-compressed") func headers() async throws {
        let file = try Paths.file("headers.txt", "X-File: 1\r\n\n# a comment\nX-Other: 2\n")
        let seen = try await echo(
            "-H", "X-A: 1", "-H", "Accept:", "-H", "X-Empty;", "-H", "@\(file)", "-A", "agent", "-e", "http://r.test/", "-b", "a=1",
            "-b", "b=2")
        for line in ["X-A: 1", "X-File: 1", "X-Other: 2", "User-Agent: agent", "Referer: http://r.test/", "Cookie: a=1; b=2", "X-Empty:"] {
            #expect(seen.contains("\r\n\(line)\r\n"))
        }
        #expect(!seen.contains("Accept:"))
        let ranged = try await echo("-r", "0-9")
        #expect(ranged.contains("Range: bytes=0-9\r\n") && !ranged.contains("Accept-Encoding"))
        #expect(try await echo("--no-compressed").contains("Accept-Encoding") == false)
        let part = try await Command.fetch("-r", "5-9", "\(try Server.nginx.get().url)/text.txt").run()
        #expect(part.text == "ork a")
    }

    @Test(
        "A line break in what becomes a header is refused before anything is sent",
        arguments: [
            ["-H", "A: b\r\nC: d"], ["-A", "x\ny"], ["-e", "x\r\ny"], ["-b", "a=1\nb"], ["--oauth2-bearer", "x\ny"], ["-X", "GET /x"],
            ["-r", "0-1\n"],
        ])
    func injection(arguments: [String]) async throws {
        let run = try await Command.fetch(arguments + [try server().url]).run()
        #expect(run.status == 64 && run.output.isEmpty)
    }

    @Test("Standard input is the list or the data, not both", arguments: [["-d", "@-"], ["-H", "@-"], ["--data-binary", "@-"]])
    func standardInput(arguments: [String]) async throws {
        let url = "\(try server().url)/echo"
        let refused = try await Command.fetch(arguments).run(stdin: url)
        #expect(refused.status == 64 && refused.errorText.contains("standard input is the list"))
        let taken = try await Command.fetch(arguments + [url]).run(stdin: "X-In: 1\n")
        #expect(taken.status == 0 && taken.text.contains("X-In: 1"))
    }

    // MARK: Who asks

    @Test("Basic, bearer and digest authentication") func authentication() async throws {
        let server = try Server.httpbin.get()
        let cases: [([String], String, Int)] = [
            (["-u", "me:secret"], "basic-auth/me/secret", 200), (["-u", "me:wrong"], "basic-auth/me/secret", 401),
            (["-u", "me:secret", "--digest"], "digest-auth/auth/me/secret", 200),
            (["-u", "me:wrong", "--digest"], "digest-auth/auth/me/secret", 401),
            (["--oauth2-bearer", "token"], "bearer", 200), ([], "bearer", 401),
        ]
        for (arguments, path, status) in cases {
            let run = try await Command.fetch(arguments + ["-q", "--format=jsonl", "\(server.url)/\(path)"]).run()
            let record = try #require(try run.records().first)
            #expect(record.int("response_code") == status && record.bool("ok") == (status == 200))
        }
    }

    @Test("netrc knows users and passwords, and its default is not for hosts that a redirect leads to") func netrc() async throws {
        let server = try Server.scripted(addresses: 2)
        let file = try Paths.file("netrc", "machine 127.0.1.1 login one password first\ndefault login other password rest\n")
        let run = try await Command.fetch("--netrc-file", file, "\(server.url(0))/echo", "\(server.url(1))/echo").run()
        let lines = run.text.split(separator: "\r\n").filter { $0.hasPrefix("Authorization") }
        #expect(lines == ["Authorization: Basic b25lOmZpcnN0", "Authorization: Basic b3RoZXI6cmVzdA=="])
        let away = try await Command.fetch("--netrc-file", file, "\(server.url(1))/redirect?to=\(server.url(0))/echo").run()
        #expect(away.status == 0 && !away.text.contains("Authorization"))
        #expect(try await Command.fetch("--netrc-file", "/nonexistent", server.url).run().status == 66)
    }

    @Test("Cookies are kept and sent only with a jar, and written at its end") func cookies() async throws {
        let server = try Server.httpbin.get()
        let jar = Paths.temporary("jar-\(UUID().uuidString)").path
        let set = "\(server.url)/cookies/set?a=1"
        #expect(try await Command.fetch(set).run().text.contains("\"a\"") == false)
        let run = try await Command.fetch("-c", jar, "-j1", set, "\(server.url)/cookies").run()
        #expect(run.status == 0 && run.text.components(separatedBy: "\"a\":\"1\"").count == 3)
        #expect(try String(contentsOfFile: jar, encoding: .utf8).contains("\ta\t1\n"))
        let later = try await Command.fetch("-b", jar, "-b", "b=2", "\(server.url)/cookies").run()
        #expect(later.text.contains("\"a\":\"1\"") && later.text.contains("\"b\":\"2\""))
        #expect(try await Command.fetch("-c", jar, "--threads=2", set).run().status == 64)
    }

    @Test("A cookie for a whole public suffix is not kept") func publicSuffix() async throws {
        let server = try Server.httpbin.get()
        let detour = "::127.0.0.1:\(server.port)"
        let set = { (domain: String) in "http://a.example.co.uk/response-headers?Set-Cookie=a%3D1%3B%20Domain%3D\(domain)" }
        for (domain, isKept) in [("co.uk", false), ("example.co.uk", true)] {
            let run = try await Command.fetch(
                "--connect-to", detour, "-c", "/dev/null", "-j1", set(domain), "http://b.example.co.uk/cookies",
                "http://other.co.uk/cookies"
            ).run()
            let answers = run.text.split(separator: "\n").filter { $0.contains("cookies") }
            #expect(answers.count == 2 && answers.first?.contains("\"a\"") == isKept && answers.last?.contains("\"a\"") == false)
        }
    }

    // MARK: Proxies, sockets, TLS

    @Test("A proxy by option and by environment, with a password, and hosts that are asked directly") func proxies() async throws {
        let server = try server()
        let proxy = try Server.strictProxy.get()
        let url = "\(server.url)/echo"
        let through = try await Command.fetch("-x", proxy.url, "-U", "user:secret", url).run()
        #expect(through.text.contains("Via:") && !through.text.contains("Proxy-Authorization"))
        var byEnvironment = Command.fetch(url)
        byEnvironment.environment = ["http_proxy": "http://user:secret@127.0.0.1:\(proxy.port)"]
        #expect(try await byEnvironment.run().text.contains("Via:"))
        byEnvironment.environment["no_proxy"] = "127.0.0.1"
        let direct = try await byEnvironment.run()
        #expect(direct.status == 0 && !direct.text.contains("Via:"))
        #expect(try await Command.fetch("-x", proxy.url, "--noproxy", "*", url).run().text.contains("Via:") == false)
        let tunnel = try await Command.fetch("-x", try Server.proxy.get().url, "-k", "\(try Server.tlsFaults.get().url)/text?s=x").run()
        #expect(tunnel.text == "x")
    }

    @Test("A Unix domain socket") func unixSocket() async throws {
        let path = Paths.temporary("socket-\(UUID().uuidString)").path
        let code = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print("ready", flush=True)
            c, _ = s.accept(); c.recv(65536); c.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\nunix")
            """
        let running = try Command(Paths.python, ["-c", code, path]).start()
        #expect(await running.waitForOutput { $0.count > 0 })
        #expect(try await Command.fetch("--unix-socket", path, "http://anything.invalid/").run().text == "unix")
        _ = await running.finish()
    }

    @Test("--connect-to asks another host and port, and the request stays as it is") func connectTo() async throws {
        let server = try server()
        for detour in [
            "example.invalid:80:127.0.0.1:\(server.port)", "::127.0.0.1:\(server.port)", "example.invalid::localhost:\(server.port)",
        ] {
            let run = try await Command.fetch("--connect-to", detour, "http://example.invalid/echo").run()
            #expect(run.text.contains("\r\nHost: example.invalid\r\n"))
        }
        #expect(try await Command.fetch("--connect-to", "x:80:y", server.url).run().status == 64)
    }

    @Test("Client certificates, pinned keys, versions of TLS") func tls() async throws {
        let certificates = try Certificates.shared.get()
        // It accepts what its own certificate has signed: itself.
        let demanding = try Server.handshake("client-certificate-12", certificates.selfSigned)
        let trust = ["--cacert", certificates.authority]
        let identity = ["--cert", certificates.selfSigned.chain, "--key", certificates.selfSigned.key]
        #expect(try await Command.fetch(["-k"] + identity + ["\(demanding.url)/"]).run().text == "fine\n")
        #expect(try await Command.fetch(["-k", "--retry=0", "\(demanding.url)/"]).run().status == 1)
        let members = try Server.nginxForMembers.get()
        let member = ["--cert", certificates.good.chain, "--key", certificates.good.key]
        #expect(try await Command.fetch(trust + member + ["\(members.url)/"]).run().text == "CN=good")
        #expect(try await Command.fetch(trust + ["--format=jsonl", "\(members.url)/"]).run().records().first?.int("response_code") == 400)
        let server = try Server.tlsFaults.get()
        let url = "\(server.url)/text?s=x"
        let pin = try await Command.shell(
            "openssl x509 -in \(certificates.good.chain) -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64"
        ).run().text.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try await Command.fetch(trust + ["--pinnedpubkey", "sha256//\(pin)", url]).run().text == "x")
        let other = try await Command.fetch(trust + ["--format=jsonl", "--pinnedpubkey", "sha256//\(String(pin.reversed()))", url]).run()
        #expect(try other.records().first?.string("error") == "tls")
        #expect(try await Command.fetch(trust + ["--tlsv1.3", url]).run().text == "x")
        #expect(try await Command.fetch(trust + ["--tls-max", "1.2", url]).run().text == "x")
        let old = try await Command.fetch(trust + ["--tlsv1.3", "--retry=0", "--format=jsonl", "\(try Server.handshake("tls-12").url)/"])
            .run()
        #expect(try old.records().first?.string("error") == "tls")
        for arguments in [["--cert", "/nonexistent"], ["--cacert", "/nonexistent"], ["--capath", "/nonexistent"]] {
            #expect(try await Command.fetch(arguments + [url]).run().status == 66)
        }
        for arguments in [["--key", "x"], ["--tls-max", "9"], ["--tlsv1.3", "--tls-max=1.2"], ["--http2", "--http3"]] {
            #expect(try await Command.fetch(arguments + [url]).run().status == 64)
        }
    }

    @Test("--proto holds at every hop") func schemes() async throws {
        let server = try server()
        let run = try await Command.fetch("--proto==https", "--format=jsonl", "\(server.url)/text?s=x").run()
        #expect(try run.records().first?.string("error") == "input" && run.status == 1)
        let secure = try Server.tlsFaults.get()
        let down = try await Command.fetch("-k", "--proto", "-http", "--format=jsonl", "\(secure.url)/redirect?to=\(server.url)/echo").run()
        #expect(try down.records().first?.string("error") == "redirect")
        #expect(try await Command.fetch("--proto==ftp", server.url).run().status == 64)
    }

    @Test("--limit-rate is for all bodies together") func limitRate() async throws {
        let server = try server()
        let run = try await Command.fetch(
            "--limit-rate=1M", "--format=none", "--ordered", "\(server.url)/big?mb=1", "\(server.url)/big?mb=1"
        ).run()
        // Two megabytes at one a second: slower is no failure of ours, faster would be.
        #expect(run.status == 0 && run.elapsed > .milliseconds(1600))
    }

    // MARK: Config files

    @Test("-K reads options in curl's syntax") func config() async throws {
        let url = "\(try server().url)/echo"
        let file = try Paths.file("config", "# a comment\nurl = \"\(url)\"\nheader = \"X-K: 1\"\n-A agent\ndata-raw: \"@raw\"\n")
        let run = try await Command.fetch("-K", file).run()
        #expect(run.text.contains("X-K: 1\r\n") && run.text.contains("User-Agent: agent") && run.text.hasSuffix("@raw"))
        let broken = try await Command.fetch("-K", try Paths.file("broken", "silent\nurl = \"x\n")).run()
        #expect(broken.status == 66 && broken.errorText.contains("broken:2"))
        #expect(try await Command.fetch("-K", "/nonexistent").run().status == 66)
    }

    // MARK: JSON lines

    @Test("A line of the list may say everything about its request") func jsonLines() async throws {
        let url = "\(try server().url)/echo"
        let body = try Paths.file("body.txt", "from a file")
        let lines = [
            #"{"url":"\#(url)","method":"PATCH","headers":{"X-A":"1","X-B":["2","3"],"Accept":null},"body":"hé","id":"first"}"#,
            #"{"url":"\#(url)","body_base64":"AAEC","id":2}"#, #"  {"url":"\#(url)","body_file":"\#(body)","user":"me:pw"}"#,
            #"{"url":"\#(url)","bearer":"tok","range":"0-1"}"#, #"{"url":"\#(url)","id":null,"headers":{}}"#,
        ]
        let run = try await Command.fetch("-H", "X-A: 0", "--format=jsonl", "--ordered").run(stdin: lines.joined(separator: "\n"))
        let records = try run.records()
        #expect(run.status == 0 && records.map { $0.string("id") } == ["first", "2", nil, nil, nil])
        let first = try #require(records[0].string("body"))
        #expect(first.hasPrefix("PATCH ") && first.hasSuffix("\r\n\r\nhé") && first.contains("X-A: 1\r\n") && !first.contains("X-A: 0"))
        #expect(first.contains("X-B: 2\r\nX-B: 3\r\n") && !first.contains("Accept:"))
        #expect(records[1].string("body")?.hasSuffix("\u{0}\u{1}\u{2}") == true)
        #expect(
            records[2].string("body")?.hasSuffix("from a file") == true
                && records[2].string("body")!.contains("Authorization: Basic bWU6cHc="))
        #expect(records[3].string("body")!.contains("Authorization: Bearer tok"))
        #expect(records[4].string("body")!.contains("X-A: 0"))
    }

    @Test("A JSON line that cannot be used says which key is wrong, and the others go on") func badJSONLines() async throws {
        let url = "\(try server().url)/text?s=x"
        let lines = [
            #"{"url":"\#(url)","foo":1}"#, #"{"method":"GET"}"#, #"{"url":1}"#, #"{"url":"\#(url)","headers":[]}"#, "{",
            #"{"url":"\#(url)"} x"#,
            #"{"url":"\#(url)","timeout":-1}"#, #"{"url":"\#(url)","sha256":"abc"}"#, #"{"url":"\#(url)","body_file":"/nonexistent"}"#,
            #"{"url":"\#(url)","headers":{"A\nB":"x"}}"#, #"{"url":"\#(url)","headers":{"A":"x\ny"}}"#,
            #"{"url":"\#(url)","method":"A B"}"#,
            #"{"url":"\#(url)","output":""}"#, url,
        ]
        let run = try await Command.fetch("--format=jsonl", "--ordered").run(stdin: lines.joined(separator: "\n"))
        let records = try run.records()
        #expect(records.count == lines.count && records.dropLast().allSatisfy { $0.string("error") == "input" })
        #expect(records[0].string("errormsg")?.contains("\"foo\"") == true && records.last?.string("body") == "x")
        #expect(records.enumerated().allSatisfy { $1.int("input_line") == $0 + 1 })
    }

    @Test("timeout and sha256 of a line are kept") func jsonLimits() async throws {
        let url = try server().url
        let hash = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        let run = try await Command.fetch("--format=jsonl", "--ordered", "--retry=0").run(
            stdin: [
                #"{"url":"\#(url)/silent","timeout":0.3}"#, #"{"url":"\#(url)/text?s=x","sha256":"\#(hash)"}"#,
                #"{"url":"\#(url)/text?s=y","sha256":"\#(hash)"}"#,
                #"{"url":"\#(url)/redirect?to=/text?s=x","sha256":"\#(hash.uppercased())"}"#,
                #"{"url":"\#(url)/gzip-ok?n=16","sha256":"\#(hash)"}"#,
            ].joined(separator: "\n"))
        let records = try run.records()
        #expect(records.map { $0.string("error") } == ["timeout_total", nil, "integrity", nil, "integrity"])
        #expect(records[1].string("sha256") == hash && records[1].string("body") == "x" && records[2].isNull("body"))
        // Nothing of a body with a wrong hash gets out, however large it is.
        let big = try await Command.fetch("-s").run(stdin: #"{"url":"\#(url)/big?mb=5","sha256":"\#(hash)"}"#)
        #expect(big.output.isEmpty && big.status == 1)
    }

    // MARK: Globbing

    @Test("URL arguments expand as in curl, lists only when asked, and never all at once") func globbing() async throws {
        let url = "\(try server().url)/text?s="
        #expect(try await Command.fetch("\(url){a,b}[1-2]").run().text == "a1a2b1b2")
        #expect(try await Command.fetch("--globoff", "\(url){a}").run().text == "{a}")
        #expect(try await Command.fetch().run(stdin: "\(url){a,b}").text == "{a,b}")
        #expect(try await Command.fetch("--glob").run(stdin: "\(url){a,b}\n\(url)c").text == "abc")
        let long = try await Command.shell("/usr/bin/time -f %M $FETCH --limit 50 '\(url)[1-1000000000]'").run()
        #expect(long.text.hasPrefix("123") && Int(long.errorLines.last ?? "") ?? .max < 60_000)
        let bad = try await Command.fetch("--format=jsonl", "\(url){a").run()
        #expect(try bad.records().first?.string("error") == "input")
    }
}
