import Foundation
import Support
import Testing

/// Options at work that no other suite needs.
@Suite("What options do") struct OptionRunTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    @Test("--hosts tells each host's share") func hosts() async throws {
        let other = try Server.otherFaults.get()
        let run = try await Command.fetch(
            "--hosts", "--format=none", "--retry=0", "\(server.url)/text", "\(server.url)/text", "\(other.url)/status?code=404"
        ).run()
        let rows = run.errorLines.filter { $0.contains("127.0.0.1:") && !$0.hasPrefix("fetch:") }.map { $0.split(separator: " ") }
        #expect(rows.first { $0.contains("127.0.0.1:\(server.port)") }?.contains("2") == true)
        #expect(rows.contains { $0.contains("127.0.0.1:\(other.port)") })
        #expect(try await Command.fetch("--format=none", "\(server.url)/text").run().errors.isEmpty)
    }

    @Test("--interface is where connections come from") func interface() async throws {
        let run = try await Command.fetch("--interface", "127.0.0.77", "-w", "%{local_ip}", "--format=none", "\(server.url)/text").run()
        #expect(run.status == 0 && run.text == "127.0.0.77")
        let wrong = try await Command.fetch("--interface", "192.0.2.1", "--retry=0", "--format=jsonl", "\(server.url)/text").run()
        #expect(try wrong.status == 1 && wrong.records().first?.bool("ok") == false)
    }

    @Test("-Y says what is too slow") func speedLimit() async throws {
        let arguments = ["-y1", "--retry=0", "--format=jsonl", "\(server.url)/drip?n=30&ms=100"]
        let slow = try await Command.fetch(["-Y1000"] + arguments).run()
        #expect(try slow.records().first?.string("error") == "timeout_stall")
        #expect(try await Command.fetch(["-Y1"] + arguments).run().records().first?.bool("ok") == true)
    }

    @Test("--max-retry-after is the longest wait that a server can ask for") func maxRetryAfter() async throws {
        let server = try Server.scripted()
        let run = try await Command.fetch(
            "--max-retry-after=2", "--ordered", "--format=jsonl", "\(server.url)/flaky?key=short&how=503&after=1",
            "\(try Server.otherFaults.get().url)/flaky?key=\(UUID())&how=503&after=9"
        ).run()
        let records = try run.records()
        #expect(records.map { $0.int("response_code") } == [200, 503] && records.map { $0.int("num_retries") } == [1, 0])
    }

    @Test("--max-ratio is how far a body may unfold") func maxRatio() async throws {
        for (ratio, error) in [("20", "too_large"), ("100", "too_large"), ("2000", nil), ("0", nil)] {
            let run = try await Command.fetch("--max-ratio", ratio, "--no-body", "--format=jsonl", "\(server.url)/bomb?mb=20").run()
            #expect(try run.records().map { $0.string("error") } == [error], "\(ratio)")
        }
    }

    @Test("-n reads the file of the home directory, and does without") func netrc() async throws {
        let scratch = Scratch()
        var command = Command.fetch("-n", "\(server.url)/echo")
        command.environment["HOME"] = scratch.path
        #expect(try await command.run().text.contains("Authorization") == false)
        scratch.plant("machine 127.0.0.1 login me password secret", at: ".netrc")
        #expect(try await command.run().text.contains("Authorization: Basic bWU6c2VjcmV0"))
    }

    @Test("--capath is a folder of authorities") func capath() async throws {
        let scratch = Scratch()
        let url = "\(try Server.tlsFaults.get().url)/text?s=x"
        #expect(try await Command.fetch("--capath", scratch.path, "--retry=0", url).run().status == 1)
        let authority = try Certificates.shared.get().authority
        _ = try await Command.shell("cp \(authority) \(scratch.path)/ca.pem && openssl rehash \(scratch.path)").run()
        let run = try await Command.fetch("--capath", scratch.path, url).run()
        #expect(run.status == 0 && run.text == "x")
    }

    @Test(
        "--tlsv1.x is the oldest version", arguments: [("-1", 0), ("--tlsv1.0", 0), ("--tlsv1.1", 0), ("--tlsv1.2", 0), ("--tlsv1.3", 1)])
    func oldestTLS(option: String, status: Int32) async throws {
        let run = try await Command.fetch(option, "-k", "--retry=0", "\(try Server.handshake("tls-12").url)/").run()
        #expect(run.status == status && run.text == (status == 0 ? "fine\n" : ""))
        #expect(try await Command.fetch(option, "-k", "\(try Server.handshake("tls-13").url)/").run().text == "fine\n")
    }

    @Test("--parallel-max and --jobs are -j", arguments: ["--parallel-max", "--jobs"]) func parallelMax(option: String) async throws {
        let server = try Server.scripted()
        let list = (0..<30).map { _ in "\(server.url)/ok?ms=50&crowd=3" }.joined(separator: "\n")
        #expect(try await Command.fetch("-Z", option, "3", "--format=none").run(stdin: list).status == 0)
        #expect(try await server.stats()["most"] == 3)
    }

    @Test("--json posts JSON as curl does, --url-query appends to the query") func json() async throws {
        let seen = try await Command.fetch("--json", #"{"a":"#, "--json", "1}", "--url-query", "b=x y", "\(server.url)/echo?z=0").run().text
        #expect(seen.hasPrefix("POST /echo?z=0&b=x+y HTTP/1.1\r\n") && seen.hasSuffix(#"{"a":1}"#))
        #expect(seen.contains("Content-Type: application/json\r\n") && seen.contains("Accept: application/json\r\n"))
    }

    @Test("-T sends a file while it is read, once more from its start for a retry, under its name where the URL has none")
    func upload() async throws {
        let scratch = Scratch()
        scratch.plant(String(repeating: "0123456789abcdef", count: 4 << 20), at: "big file")
        let sum = try await Command.shell("sha256sum < '\(scratch.path)/big file'").run().text.prefix(64)
        let flaky = "\(server.url)/flaky?key=\(UUID())&how=503&then=received"
        let run = try await Command.shell("/usr/bin/time -f %M $FETCH -T '\(scratch.path)/big file' '\(flaky)'").run()
        #expect(run.text == "PUT \(64 << 20) \(sum)\n" && Int(run.errorLines.last ?? "") ?? .max < 60_000)
        let sent = try await Command.shell("echo hi | $FETCH -T - \(server.url)/echo").run()
        #expect(sent.text.hasPrefix("PUT /echo ") && sent.text.hasSuffix("\r\n\r\nhi\n"))
        let named = "cd \(scratch.path); echo x > 'a b'; $FETCH -s -T 'a b' --format none -w '%{url_effective}' \(server.url)/"
        #expect(try await Command.shell(named).run().text == "\(server.url)/a%20b")
        #expect(try await Command.fetch("-T", scratch.path, server.url).run().status == 66)
    }

    @Test("-F sends the form that curl sends, and its files while they are read, once more for a retry") func form() async throws {
        let scratch = Scratch()
        scratch.plant("text of a file", at: "a b.txt")
        let typed =
            "cd \(scratch.path); $PROGRAM -s -F name=value -F 'file=@a b.txt' -F 'content=<a b.txt;type=x/y' -F 'named=@a b.txt;filename=\"q;x\"' "
            + "--form-string 'raw=@no;type=no' -F 'blank= ' \(server.url)/echo"
        var bodies: [String] = []
        for program in ["curl", "$FETCH"] {
            let text = try await Command.shell(typed.replacing("$PROGRAM", with: program)).run().text
            let boundary = try #require(text.split(separator: "boundary=").dropFirst().first?.prefix { $0 != "\r\n" })
            #expect(text.hasPrefix("POST /echo ") && text.contains("Content-Type: multipart/form-data; boundary="))
            bodies.append(
                text.replacing(boundary, with: "BOUNDARY").split(separator: "\r\n\r\n", maxSplits: 1).last.map { String($0) } ?? "")
        }
        #expect(bodies[0] == bodies[1] && bodies[0].contains("text of a file"))
        scratch.plant(String(repeating: "0123456789abcdef", count: 4 << 20), at: "big")
        let flaky = "\(server.url)/flaky?key=\(UUID())&how=503&then=received"
        let run = try await Command.shell("/usr/bin/time -f %M $FETCH -X PUT -F 'f=@\(scratch.path)/big' '\(flaky)'").run()
        #expect(run.text.hasPrefix("PUT 67109") && Int(run.errorLines.last ?? "") ?? .max < 60_000)
    }

    @Test("-S brings back the errors that -s hides, in either order") func showError() async throws {
        let url = "\(server.url)/status?code=404"
        #expect(try await Command.fetch("-s", url).run().errors.isEmpty)
        for option in ["-sS", "-Ss"] { #expect(try await Command.fetch(option, url).run().errorLines.count == 1) }
    }

    @Test("--create-dirs makes the folders of -o, and --remote-name-all is -O") func names() async throws {
        let scratch = Scratch()
        let line = "cd \(scratch.path); $FETCH -o a/b/c --create-dirs \(server.url)/text?s=x && $FETCH --remote-name-all \(server.url)/text"
        #expect(try await Command.shell(line).run().status == 0)
        #expect(scratch.text("a/b/c") == "x" && scratch.names().contains("text"))
    }

    @Test("A usage error is one line, without what would move the cursor") func usageError() async throws {
        for arguments in [
            ["--\u{1b}[2J"], ["-j", "\u{1b}]0;x\u{7}"], ["--format", "\u{9b}2J"], ["-\u{1b}"], ["--resolve", "\u{202e}"],
            ["--format=csv", "--columns=\u{1b}[2J"], ["--output-dir=x", "--name={\u{9b}2J}"],
        ] {
            let run = try await Command.fetch(arguments + [server.url]).run()
            #expect(run.status == 64 && run.errorLines.count == 1 && run.output.isEmpty)
            #expect(!run.errorText.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{9b}" || $0 == "\u{202e}" || $0 == "\u{7}" })
            #expect(run.errorText.contains("\\u"))
        }
        let long = try await Command.fetch("-j", String(repeating: "9", count: 100_000), server.url).run()
        #expect(long.status == 64 && long.errors.count < 2300 && long.errorText.hasSuffix("is not a number from 1 to 1000000\n"))
    }
}
