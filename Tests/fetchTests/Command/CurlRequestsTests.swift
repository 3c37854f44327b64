import FetchKit
import Foundation
import Support
import Testing

@testable import FetchFormats
@testable import fetch

/// --from-curl: what a command becomes, and what is told of it.
@Suite("Requests of curl commands") struct CurlRequestsTests {
    /// Lines, and what they do not say.
    private func read(_ command: String, files: [String: String] = [:]) throws -> (lines: [String], omissions: [String]) {
        let requests = try CurlRequests(command, in: Surroundings(files: files))
        var (lines, omissions) = ([String](), requests.omissions)
        try requests.forEachLine {
            lines.append(String(decoding: $0, as: UTF8.self))
        } omitting: {
            omissions.append($0)
        }
        return (lines, omissions)
    }

    @Test("What Chrome and Firefox copy is a line") func browsers() throws {
        let chrome = #"""
            curl 'https://example.com/api?q=\[1\]' \
              -H 'accept: application/json' \
              -H 'content-type: application/json' \
              -b 'session=abc; theme=dark' \
              -H $'x-note: it\'s \u0021' \
              --data-raw $'{"name":"O\'Hara","text":"a\\nb \ud83d\ude00"}' ;
            curl 'https://example.com/style.css' -H 'referer: https://example.com/' --insecure
            """#
        let (lines, omissions) = try read(chrome)
        #expect(
            lines == [
                #"{"url":"https://example.com/api?q=[1]","headers":{"accept":"application/json","content-type":"application/json","x-note":"it's !","#
                    + #""Cookie":"session=abc; theme=dark"},"body":"{\"name\":\"O'Hara\",\"text\":\"a\\nb 😀\"}"}"#,
                #"{"url":"https://example.com/style.css","headers":{"referer":"https://example.com/"}}"#,
            ])
        #expect(omissions == ["--insecure: left out, because it holds for a whole run; pass --insecure to fetch"])
        let firefox = "curl 'https://example.com/' --compressed -X POST -H 'Accept-Encoding: gzip, deflate, br, zstd' -H 'TE: trailers'"
        let copied = try read(firefox)
        #expect(copied.lines == [#"{"url":"https://example.com/","method":"POST","headers":{"TE":"trailers"}}"#])
        #expect(copied.omissions.count == 1 && copied.omissions[0].hasPrefix("-H Accept-Encoding: "))
    }

    /// A command, and the lines it becomes.
    private static let whole = ##"""
        curl -X PUT -d a -d b h
        {"url":"http://h/","method":"PUT","headers":{"Content-Type":"application/x-www-form-urlencoded"},"body":"a&b"}

        curl -Gd a=b 'h?c#d'
        {"url":"http://h/?c&a=b"}

        curl -A '' h
        {"url":"http://h/","headers":{"User-Agent":null}}

        curl -A a -H 'user-agent: b' h
        {"url":"http://h/","headers":{"user-agent":"b"}}

        curl -m2.5 -Lf -u a:b -r 0-1 -e r h
        {"url":"http://h/","headers":{"Referer":"r","Range":"bytes=0-1"},"timeout":2.500000,"user":"a:b"}

        /usr/bin/curl --url=h --oauth2-bearer t
        {"url":"http://h/","headers":{"Authorization":"Bearer t"}}

        curl -H X: -H 'Y;' -H 'Z: 1' -H 'z: 2' -- h
        {"url":"http://h/","headers":{"X":null,"Y":"","Z":["1","2"]}}

        curl -g 'h/{a}' -o -
        {"url":"http://h/{a}"}

        curl h --next -d x i
        {"url":"http://h/"}
        {"url":"http://i/","headers":{"Content-Type":"application/x-www-form-urlencoded"},"body":"x"}

        curl 'h/[1-2]' --compressed
        {"url":"http://h/1"}
        {"url":"http://h/2"}

        curl -T '{a,b}' h/ i
        {"url":"http://h/a","method":"PUT","body":"a!"}
        {"url":"http://h/b","method":"PUT","body":"b!"}
        {"url":"http://i/"}
        """##.split(separator: "\n\n").map { $0.split(separator: "\n").map(String.init) }

    @Test("What a line can say is in it, and nothing is told", arguments: whole) func lines(example: [String]) throws {
        let (lines, omissions) = try read(example[0], files: ["a": "a!", "b": "b!"])
        #expect(lines == Array(example.dropFirst()) && omissions.isEmpty)
    }

    @Test(
        "Every other option is told by its name, with what to do",
        arguments: [
            ("-x p:1", "-x: left out, because it holds for a whole run; pass -x p:1 to fetch"), ("-x http://u:p@p", "pass -x to fetch"),
            ("-U u:p", "-U: "), ("-i", "pass --include to fetch"), ("-j", "-j: left out; session cookies"), ("-sv", "-s: "),
            ("-sv", "-v: "),
            ("--retry 3", "pass --retry 3 to fetch"), ("-w '%{url} a'", "pass -w '%{url} a' to fetch"), ("-b jar", "-b: "),
            ("-c jar", "-c: "), ("-K file", "-K: "),
            ("--ciphers A", "--ciphers: left out; this detail of TLS"), ("--no-alpn", "use --http1.1"),
            ("-C 400", "-C: left out; -C takes '-'"),
            ("--trace f", "--trace: left out; use -v"), ("--expand-url x", "--expand-url: left out; use variables of the shell"),
            ("-I", "-I: the line asks for the head"),
            ("-o f", "pass --output-dir . to fetch"), ("-o /a/f", "pass --output-dir / to fetch"), ("-o ../f", "pass -o to fetch"),
            ("-o /dev/null", "--format none"),
            ("--digest -u a:b", "pass --digest to fetch"),
            ("--digest -u a:b", "-u: left out, because a line would send the password as it is"), ("-e 'r;auto'", "';auto'"),
            ("> f", "'> f': redirections"), ("| jq .", "jq: only what curl does"), ("ftp://f", "ftp://f: scheme \"ftp\" is not supported"),
            ("-H ':authority: h'", "-H: left out; -H: not a valid header"), ("-o ''", "-o: left out"),
            ("-o a -o b", "-o: left out but for the first 1"), ("ftp.f", "ftp.f: curl takes it for ftp"),
        ]) func omissions(options: String, text: String) throws
    {
        let (lines, omissions) = try read("curl h \(options)")
        #expect(lines.count == 1 && !lines[0].contains("a:b") && omissions.contains { $0.contains(text) })
    }

    @Test("No value that may be a secret is told") func secrets() throws {
        let omissions = try read("curl -U u:secret -x http://u:secret@p -E cert:secret --pass secret -u a:secret --ntlm -b jar http://h")
            .omissions
        #expect(omissions.count == 7 && !omissions.joined().contains("secret"))
    }

    @Test(
        "Without an option that cannot be done there is no line",
        arguments: ["-u me", "-F 'a=b;headers=@x'", "-d @-", "-T -", "-Id x"])
    func impossible(options: String) throws {
        let (lines, omissions) = try read("curl h \(options)")
        #expect(lines.isEmpty && omissions.contains { $0.hasPrefix("there is no line: ") })
    }

    @Test(
        "A command that a shell or curl would refuse is a usage error",
        arguments: [
            "", "wget h", "curl", "curl -X", "curl --nonsense h", "curl -% h", "curl --get=x h", "curl 'h", "curl h/[", "curl -V",
            "curl --help all", "curl -d $(date) h",
        ])
    func refused(command: String) {
        #expect(throws: UsageError.self) { try read(command) }
    }

    @Test("A file that is not there is named") func missingFile() {
        for options in ["-d @gone", "-T gone", "--data-binary @gone", "-F a=@gone", "-H @gone"] {
            #expect(throws: UnreadableFile.self) { try read("curl \(options) h") }
        }
    }

    @Test("Of each command of curl's manual every option is in the line, so anyway, or told") func manual() async throws {
        let manual = try await Command("curl", ["--manual"]).run().text
        let commands = manual.matches(of: /(?m)^ +(curl .*[a-z]\.?[a-z].*[^\\\n])$/).map { String($0.output.1) }.filter {
            (try? ShellWords($0)) != nil && $0.contains("example")
        }
        #expect(commands.count > 200)
        for command in Set(commands) {
            var surroundings = Surroundings()
            surroundings.contents = { _, _ in Array("X: y".utf8) }
            surroundings.body = { .bytes(Array($0.utf8)) }
            guard let requests = try? CurlRequests(command, in: surroundings) else {
                #expect(["curl --form-string \"data\" https://example.com"].contains(command), "\(command)")
                continue
            }
            for argument in try CurlArgument.read(ShellWords(command).commands[0].dropFirst())
            where !argument.typed.isEmpty && argument.name != "next" {
                let isTold = requests.omissions.contains {
                    $0.hasPrefix(argument.typed) || $0.hasPrefix("there is no line: \(argument.typed)")
                }
                let option = OptionTable.option(name: argument.name)?.option
                var isSettled = false
                if case .settled? = option?.action { isSettled = true }
                let isOfLine = option.map { CurlDraft.ofLines.union(CurlDraft.ofURLs).contains($0.name) } ?? false
                #expect(isTold || isSettled || isOfLine || argument.name == "proto-default", "\(command): \(argument.typed)")
            }
        }
    }
}
