import Foundation
import Support
import Testing

/// --from-curl on commands of curl's own manual: a server sees the same from curl and from the line that the command becomes.
@Suite("From curl") struct FromCurlTests {
    private static let commands = ##"""
        curl -d "name=curl" https://example.com
        curl -d "name=curl" -d "tool=cmdline" https://example.com
        curl -d @filename https://example.com
        curl --data-ascii @file https://example.com
        curl --data-binary @filename https://example.com
        curl --data-raw "hello" https://example.com
        curl --data-raw "@at@at@" https://example.com
        curl --data-urlencode name=val https://example.com
        curl --data-urlencode =encodethis https://example.com
        curl --data-urlencode name@file https://example.com
        curl --data-urlencode @fileonly https://example.com
        curl -F name=John -F shoesize=11 https://example.com/
        curl -F "web=@index.html;type=text/html" example.com
        curl -F "name=daniel;type=text/foo" example.com
        curl -F "file=@localfile;filename=nameinpost" example.com
        curl -F 'file=@"local,file";filename="name;in;post"' example.com
        curl -F "file=@\"local,file\";filename=\"name;in;post\"" example.com
        curl -F profile=@portrait.jpg https://example.com/upload.cgi
        curl -F "story=<hugefile.txt" https://example.com/
        curl -F 'colors="red; green; blue";type=text/x-myapp' example.com
        curl --form "name=curl" --form "file=@loadthis" https://example.com
        curl --get -d "tool=curl" -d "age=old" https://example.com
        curl --get https://example.com
        curl --get -I -d "tool=curl" https://example.com
        curl -H "X-First-Name: Joe" https://example.com
        curl -H "User-Agent: yes-please/2000" https://example.com
        curl -H "Host:" https://example.com
        curl -H @headers.txt https://example.com
        curl -I https://example.com
        curl --json '{ "drink": "coffe" }' https://example.com
        curl --json '{ "drink":' --json ' "coffe" }' https://example.com
        curl --json @prepared https://example.com
        curl --oauth2-bearer "mF_9.B5f-4.1JqM" https://example.com
        curl -u user:secret https://example.com
        curl -u name:password --basic https://example.com
        curl --range 22-44 https://example.com
        curl --referer "https://fake.example" https://example.com
        curl -A "Agent 007" https://example.com
        curl -X "DELETE" https://example.com
        curl -T file https://example.com
        curl --upload-file "{file1,file2}" https://example.com
        curl --url https://example.com
        curl --url-query name=val https://example.com
        curl --url-query =encodethis http://example.net/foo
        curl --url-query "+name=%20foo" https://example.com
        curl --url-query name@file https://example.com
        curl "http://{site,host}.host[1-5].com" -o "#1_#2"
        curl "http://{one,two}.example.com" -o "file_#1.txt"
        curl https://example.com --next -d postthis www2.example.com
        curl -I https://example.com --next https://example.net/
        curl -g "https://example.com/{[]}}}}"
        curl example.com example.net -o aa -o bb
        """##.split(separator: "\n").map(String.init)

    /// Answers every request, and tells on /seen what the requests since then were: a JSON array of method, target, header fields and
    /// content. What differs by chance or by program is left away: who asks, which codings it reads, whether it waits before it sends content,
    /// boundaries of forms, the case of percent-encoding.
    private static let recorder = Result {
        try Server.program(
            #"""
            import http.server, json, re
            seen = []
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def log_message(self, *arguments): pass
                def do(self):
                    content = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                    answer = b"ok"
                    if self.path == "/seen":
                        answer = json.dumps(seen).encode()
                        seen.clear()
                    else:
                        usual = ("accept-encoding", "expect") + (("user-agent",) if re.match("curl/|fetch/", self.headers.get("User-Agent", "")) else ())
                        fields = sorted((name.lower(), value) for name, value in self.headers.items() if name.lower() not in usual)
                        boundary = re.search("boundary=(.*)", self.headers.get("Content-Type", ""))
                        target = re.sub("%..", lambda escape: escape[0].upper(), self.path)
                        request = json.dumps([self.command, target, fields, content])
                        request = request.replace(boundary[1], "BOUNDARY") if boundary else request
                        seen.append(re.sub('"content-length", "[0-9]+"', '"content-length", ""', request) if boundary else request)
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    if self.command != "HEAD": self.wfile.write(answer)
                do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            print("port", server.server_address[1], flush=True)
            server.serve_forever()
            """#)
    }

    @Test("curl's manual has them all") func manual() async throws {
        let manual = try await Command("curl", ["--manual"]).run().text
        for command in Self.commands { #expect(manual.contains(" \(command)\n"), "\(command)") }
        #expect(Set(Self.commands).count >= 40)
    }

    @Test("The line asks for what the command asks for") func same() async throws {
        let server = try Self.recorder.get()
        let scratch = Scratch()
        for (name, text) in [
            ("filename", "a=1\r\nb=2\n"), ("file", "content & more\n"), ("fileonly", "x y"), ("index.html", "<p>"), ("localfile", "local"),
            ("local,file", "comma"), ("portrait.jpg", "not really"), ("hugefile.txt", "once upon a time"), ("loadthis", "loaded"),
            ("headers.txt", "X-One: 1\nX-Two: 2\n"), ("prepared", "{}"), ("file1", "1"), ("file2", "2"),
        ] { scratch.plant(text, at: name) }
        for command in Self.commands {
            let command = command.replacing("https://", with: "http://")
            let toServer = "--connect-to ::127.0.0.1:\(server.port)"
            let words = command.dropFirst(5).replacing("--next", with: "--next \(toServer)")
            let seen = try await Command.shell(
                """
                cd \(scratch.path)
                curl -q -s \(toServer) \(words) >/dev/null
                curl -s \(server.url)/seen
                echo
                $FETCH --from-curl - 2>told <<'END' | $FETCH -j 1 \(toServer) > fetched
                \(command)
                END
                curl -s \(server.url)/seen
                """
            ).run()
            let lines = seen.text.split(separator: "\n")
            #expect(lines.count == 2 && lines[0].count > 2 && lines[0] == lines[1], "\(command): \(seen.text) \(seen.errorText)")
        }
    }

    @Test("The status is 0 for all of a command, 1 where something is left out, 64 where it is none, 66 without its file") func statuses()
        async throws
    {
        let whole = try await Command.fetch("--from-curl", "curl -L 'http://h/a' -d x").run()
        #expect(whole.status == 0 && whole.errors.isEmpty && whole.text.hasSuffix("\"body\":\"x\"}\n"))
        let part = try await Command.fetch("--from-curl", "curl -x proxy http://h/a ftp://b").run()
        #expect(part.status == 1 && part.text == "{\"url\":\"http://h/a\"}\n")
        #expect(
            part.errorLines == [
                "fetch: -x: left out, because it holds for a whole run; pass -x proxy to fetch",
                "fetch: ftp://b: scheme \"ftp\" is not supported, only http and https are",
            ])
        let broken = try await Command.fetch("--from-curl", "curl 'http://h/a").run()
        #expect(
            broken.status == 64 && broken.output.isEmpty
                && broken.errorText == "fetch: --from-curl: the command has a quote ' that is not closed\n")
        #expect(try await Command.fetch("--from-curl", "curl -d @/nonexistent http://h/").run().status == 66)
        #expect(
            try await Command.shell("$FETCH --from-curl 'curl http://h/[1-1000000]' | head -1; echo ${PIPESTATUS[0]}").run().text.hasSuffix(
                "\n141\n"))
    }

    @Test("Nothing of a command is run") func inert() async throws {
        let scratch = Scratch()
        for command in [
            "curl $(touch made) h", "curl `touch made` h", "curl h; touch made", "curl h > made", "curl \"$(touch made)\" h",
            "touch made | curl h",
        ] {
            _ = try await Command.shell("cd \(scratch.path); $FETCH --from-curl -").run(stdin: command)
        }
        #expect(scratch.names().isEmpty)
    }
}
