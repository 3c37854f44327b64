import Foundation
import Support
import Testing

/// A word that must not be in anything that fetch writes. Servers here never send back what they get.
private let canary = "c4n4ry"

@Suite("Secrets") struct SecretTests {
    /// Ways to give a secret away, each with what the scripted server answers.
    static let ways: [[String]] = [
        ["http://user:\(canary)@HOST/PATH"], ["http://\(canary)@HOST/PATH"], ["-H", "Authorization: Bearer \(canary)", "http://HOST/PATH"],
        ["-u", "user:\(canary)", "http://HOST/PATH"], ["-u", "user:\(canary)", "--digest", "http://HOST/PATH"],
        ["--oauth2-bearer", canary, "http://HOST/PATH"], ["-b", "session=\(canary)", "http://HOST/PATH"],
        ["-H", "Cookie: a=\(canary)", "http://HOST/PATH"], ["-x", "http://user:\(canary)@PROXY", "http://HOST/PATH"],
        ["-x", "http://PROXY", "-U", "user:\(canary)", "http://HOST/PATH"], ["http://user:\(canary)@HOST/PATH\u{E9}"],
        ["-H", "X-Api-Key: \(canary)", "http://HOST/PATH"], ["http://user:\(canary)/x@HOST/PATH"], ["http://user:x?\(canary)@HOST/PATH"],
        ["user:#\(canary)@HOST/PATH"],
    ]
    /// Good, not found, lost, redirected, refused by us, and what the parser does not like.
    static let paths = ["text?s=x", "status?code=404", "reset", "redirect?to=/text", "loop", "a b", "short-body"]

    @Test("Appear in no output, message or timing, in no format", arguments: ways) func appearNowhere(way: [String]) async throws {
        let server = try Server.faults.get()
        let dead = freePort()
        for (format, path) in zip(["body", "jsonl", "none", "jsonl", "body", "jsonl", "none"], Self.paths) {
            let arguments = way.map {
                $0.replacing("HOST", with: "127.0.0.1:\(server.port)").replacing("PATH", with: path).replacing(
                    "PROXY", with: "127.0.0.1:\(dead)")
            }
            let options = ["-v", "--timings", "--summary", "--retry=0", "--max-redirs=1", "--format=\(format)"]
            let run = try await Command.fetch(options + arguments).run()
            #expect(!run.text.contains(canary) && !run.errorText.contains(canary))
            #expect(!run.errors.isEmpty)
        }
    }

    @Test("Of a TLS connection are written to SSLKEYLOGFILE, but not by a set-uid program") func keyLog() async throws {
        guard getuid() == 0 else { return }
        let run = """
            d=$(mktemp -d); trap 'rm -rf $d' EXIT; chmod 755 $d
            cp $FETCH_PROGRAM $d/plain; cp $FETCH_PROGRAM $d/setuid; chmod 4755 $d/setuid
            for name in plain setuid; do
                SSLKEYLOGFILE=$d/$name.keys setpriv --reuid=$([ $name = plain ] && echo 0 || echo 65534) $d/$name -k --format none -w '%{http_code} ' $1
                [ -s $d/$name.keys ] && echo keys || echo none
            done
            """
        var command = Command.shell(run.replacing("$1", with: "\(try Server.tlsFaults.get().url)/ok"))
        // A script that chooses another libcurl cannot be set-uid.
        command.environment["FETCH_PROGRAM"] = ProcessInfo.processInfo.environment["FETCH_TEST_LIBCURL"] ?? Command.fetchPath
        #expect(try await command.run().text == "200 keys\n200 none\n")
    }

    @Test("In a list appear neither when its lines are good nor when they are bad") func lists() async throws {
        let server = try Server.faults.get()
        let host = "127.0.0.1:\(server.port)"
        let encoded = Data("http://user:\(canary)@".utf8).base64EncodedString().prefix(24)
        let list =
            [
                "http://user:\(canary)@\(host)/text?s=x", "http://user:\(canary)@\(host)/a b", "ftp://user:\(canary)@\(host)/",
                "http://user:\(canary)@@\(host)/", "http://user:\(canary)/@\(host)/",
                "http://user:" + String(repeating: canary, count: 500) + "@\(host)/ ",
                "http://user:\(canary)@\(host):99999/", "//user:\(canary)@\(host)/",
                #"{"url":"http://\#(host)/text","user":"me:\#(canary)"}"#, #"{"url":"http://\#(host)/text","bearer":"\#(canary)","x":1}"#,
                #"{"bearer":"\#(canary)""#, #"{"url":"http://u:\#(canary)@\#(host)/ ","headers":{"Authorization":"\#(canary)"}}"#,
                #"{"url":"http://\#(host)/text","headers":{"Authorization":"\#(canary)\n"}}"#,
            ].map { Data($0.utf8) } + [Data("http://user:\(canary)@\(host)/".utf8) + Data([0xFF, 0xFE])]
        for format in ["jsonl", "body"] {
            let run = try await Command.fetch("--retry=0", "-v", "--format=\(format)").run(
                stdin: Data(list.joined(separator: Data("\n".utf8))))
            #expect(!run.text.contains(canary) && !run.errorText.contains(canary))
            #expect(!run.text.contains(encoded))
            if format == "jsonl" { #expect(try run.records().count == list.count) }
        }
    }

    @Test(
        "Usage errors do not repeat them",
        arguments: [
            ["-H", "\(canary)"], ["-H", "Authorization: \(canary)\n"], ["-b", "a=\(canary)\n"], ["--oauth2-bearer", "\(canary)\n"],
            ["-u", canary],
        ])
    func usage(arguments: [String]) async throws {
        let run = try await Command.fetch(arguments + ["http://127.0.0.1:1/"]).run()
        #expect(run.status == 64 && !run.errorText.contains(canary))
    }

    @Test("The password of a key opens it, and is in no message") func keyPassword() async throws {
        let members = try Server.nginxForMembers.get()
        let certificates = try Certificates.shared.get()
        let (pair, word) = (certificates.encrypted, Certificates.keyPassword)
        let colon = Paths.temporary("a:b").path
        try FileManager.default.copyItem(atPath: pair.chain, toPath: colon)
        let escaped = colon.replacing(":", with: "\\:")
        for arguments in [
            ["-E", "\(pair.chain):\(word)"], ["-E\(pair.chain):\(word)"], ["--cert=\(pair.chain):\(word)", "--key", pair.key],
            ["-E", pair.chain, "--pass", word], ["--cert", certificates.good.chain, "--key", pair.key, "--pass=\(word)"],
            ["-E", "\(escaped):\(word)"], ["-E", "\(pair.chain):wrong", "--pass", word],
        ] {
            let run = try await Command.fetch(["--cacert", certificates.authority, "\(members.url)/"] + arguments).run()
            #expect(run.status == 0 && run.text == "CN=good", "\(arguments) \(run.errorText)")
        }
        // Without the password OpenSSL must not ask for it at a terminal.
        for wrong in [["-E", "\(pair.chain):\(canary)"], ["-E", pair.chain, "--pass", canary], ["-E", pair.chain]] {
            let run = try await Command.fetch(["-v", "--format=jsonl", "--cacert", certificates.authority, "\(members.url)/"] + wrong).run()
            #expect(try run.records().map { $0.bool("ok") } == [false] && run.status == 1)
            #expect(!run.text.contains(canary) && !run.errorText.contains(canary))
        }
        #expect(try await Command.fetch("--pass", canary, "\(members.url)/").run().status == 64)
        for arguments in [
            ["-E", "/nonexistent:\(canary)"], ["-i", "http://u:\(canary)@h/"], ["-o", "http://u:\(canary)@h/x"],
        ] {
            let run = try await Command.fetch(arguments + ["\(members.url)/"]).run()
            #expect([66, 73].contains(run.status) && !run.errors.isEmpty)
            #expect(!run.errorText.contains(canary))
        }
    }

    @Test("Are not in the arguments that other processes see") func arguments() async throws {
        let server = try Server.faults.get()
        let certificate = try Certificates.shared.get().good
        let url = { (user: String) in "http://\(user)@127.0.0.1:\(server.port)" }
        let running = try Command.fetch(
            "--unordered", "-u\(canary):\(canary)", "-sSu\(canary):x", "-u", "x:\(canary)", "--user=\(canary):x", "--user", "\(canary):x",
            "-U",
            "x:\(canary)",
            "--proxy-user=\(canary):", "--oauth2-bearer", canary, "--oauth2-bearer=\(canary)", "--pass", canary, "-b", "a=\(canary)",
            "-ba=\(canary)", "-H", "X-Secret: \(canary)", "-HAuthorization:\(canary)", "--header=Cookie: \(canary)",
            "-E\(certificate.chain):\(canary)", "--cert", "\(certificate.chain):\(canary)", "--key", certificate.key, "-x",
            url("u:\(canary)"),
            "--proxy=\(canary):x@127.0.0.1:1", "--noproxy", "*", "-e", url(canary), "-A", url("u:x/\(canary)"),
            "--url=\(url("u:\(canary)"))/text?s=a%0A",
            "--", "\(url("u:\(canary)"))/silent"
        ).start()
        #expect(await running.waitForOutput { !$0.isEmpty })
        let words = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(running.process)/cmdline"))
        running.send(SIGTERM)
        _ = await running.finish(deadline: .seconds(60))
        let text = String(decoding: words, as: UTF8.self)
        #expect(!text.contains(canary), "\(text.replacing("\0", with: " "))")
        // What is no secret is still there.
        for word in [
            "--oauth2-bearer", "-HAuthorization", "X-Secret", "@127.0.0.1:\(server.port)/silent", "-E\(certificate.chain)", "--noproxy\0*",
        ] {
            #expect(text.contains(word))
        }
    }

    @Test(
        "Stay with the origin they were meant for",
        arguments: [
            ["-u", "user:\(canary)"], ["-H", "Authorization: \(canary)"], ["-H", "Cookie: a=\(canary)"], ["-b", "a=\(canary)"],
            ["--oauth2-bearer", canary], ["-H", "X-Api-Key: \(canary)"],
        ]) func otherOrigin(arguments: [String]) async throws
    {
        let server = try Server.scripted(addresses: 1)
        let secure = try Server.tlsFaults.get()
        // Another host, another port, another scheme; the same origin gets them again.
        for target in ["\(server.url(0))/echo", "\(try Server.faults.get().url)/echo", "\(secure.url)/echo"] {
            let run = try await Command.fetch(arguments + ["-k", "\(server.url)/redirect?to=\(target)"]).run()
            #expect(run.status == 0 && run.text.hasPrefix("GET /echo ") && !run.text.contains(canary))
            #expect(!run.text.contains("Authorization"))
        }
        let down = try await Command.fetch(arguments + ["-k", "\(secure.url)/redirect?to=\(server.url)/echo"]).run()
        #expect(down.status == 0 && !down.text.contains(canary) && !down.text.contains("Authorization"))
        let same = try await Command.fetch(arguments + ["\(server.url)/redirect?to=/echo"]).run()
        #expect(same.text.contains("Authorization") || same.text.contains(canary))
    }

    @Test("Connections with different credentials are not shared by Digest, and each request has its own") func credentials() async throws {
        let server = try Server.httpbin.get()
        let lines = ["one", "two", "three", "one"].map {
            #"{"url":"\#(server.url)/digest-auth/auth/\#($0)/pw-\#($0)","user":"\#($0):pw-\#($0)"}"#
        }
        let run = try await Command.fetch("-j1", "--digest", "-u", "x:y", "--format=jsonl", "--ordered").run(
            stdin: lines.joined(separator: "\n"))
        #expect(try run.records().map { $0.int("response_code") } == [200, 200, 200, 200])
    }
}
