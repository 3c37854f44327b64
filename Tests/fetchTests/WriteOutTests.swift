import Foundation
import Support
import Testing

@testable import FetchFormats

@Suite("-w") struct WriteOutTests {
    private let server: Server
    private let nginx: Server

    init() throws {
        server = try Server.faults.get()
        nginx = try Server.nginx.get()
    }

    /// What the same transfer always says.
    private static let steady = [
        "certs", "content_type", "exitcode", "ftp_entry_path", "http_code", "http_connect", "http_version", "local_ip", "method",
        "num_certs",
        "num_connects", "num_headers", "num_redirects", "proxy_ssl_verify_result", "redirect_url", "referer", "remote_ip", "remote_port",
        "response_code", "size_download", "size_header", "size_request", "size_upload", "ssl_verify_result", "time_appconnect", "url",
        "url_effective", "urlnum",
    ]
    private static let times = ["time_connect", "time_namelookup", "time_pretransfer", "time_redirect", "time_starttransfer", "time_total"]

    /// A case, and the variables in which we are known to differ from curl.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let path: String
        var options: [String] = []
        var curlOptions: [String] = []
        var except: Set<String> = []
        var server = "nginx"

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "GET", path: "/text.txt"),
        // Our moments are those of the last exchange, which had a connection already; curl adds the steps of all of them up.
        Case(name: "a redirect", path: "/moved", except: ["time_connect"]),
        Case(name: "a redirect that is not followed", path: "/moved", options: ["--max-redirs", "0"], curlOptions: ["--no-location"]),
        Case(name: "HEAD", path: "/text.txt", options: ["-I"]),
        Case(name: "a referer", path: "/text.txt", options: ["-e", "http://localhost/from"]),
        // curl -f leaves at the head.
        Case(name: "404", path: "/nope", curlOptions: ["-f"], except: ["size_download"]),
        Case(name: "POST", path: "/small", options: ["-d", "hello"]),
        Case(
            name: "HTTPS", path: "/text.txt", options: ["-k", "--http1.1"], except: ["time_appconnect"], server: "tls"
        ),
        Case(
            name: "HTTP/2", path: "/text.txt", options: ["-k", "--http2"], except: ["time_appconnect"], server: "tls"),
        // The address that was dialled in vain is known to newer versions only.
        Case(
            name: "a refused connection", path: "/", options: ["--retry", "0"], except: ["remote_ip", "remote_port", "time_connect"],
            server: "none"),
        Case(name: "httpbin", path: "/anything?a=b", options: ["-d", "x=y", "-X", "PUT"], server: "httpbin"),
        Case(name: "HTTP/1.0", path: "/http10"),
    ]

    private func url(_ test: Case) throws -> String {
        switch test.server {
        case "tls": try Server.nginxTLS.get().url + test.path
        case "httpbin": try Server.httpbin.get().url + test.path
        case "none": "http://127.0.0.1:\(freePort())" + test.path
        default: (test.name == "HTTP/1.0" ? server.url : nginx.url) + test.path
        }
    }

    @Test("Says what curl says", arguments: cases) func curl(test: Case) async throws {
        let names = Self.steady + Self.times
        let template = names.map { "\($0)=%{\($0)}\\n" }.joined()
        let url = try url(test)
        let fetch = try await Command.fetch(
            ["-s", "--format=none", "-HAccept-Encoding:", "-Aagent", "-w", template] + test.options + [url]
        ).run()
        let curl = try await Command(
            "curl", ["-q", "-s", "-L", "-o", "/dev/null", "-Aagent", "-w", template] + test.options + test.curlOptions + [url]
        ).run()
        let (ours, theirs) = (fetch.text.split(separator: "\n"), curl.text.split(separator: "\n"))
        // The chain of a certificate has many lines.
        #expect(test.server == "tls" || ours.count == theirs.count && ours.count == names.count)
        for line in ours {
            let name = String(line.prefix { $0 != "=" })
            if test.except.contains(name) { continue }
            if Self.times.contains(name) {
                let theirs = try #require(theirs.first { $0.hasPrefix("\(name)=") })
                #expect(line.contains(/=\d+\.\d{6}$/))
                #expect(line.hasSuffix("=0.000000") == theirs.hasSuffix("=0.000000") || name == "time_namelookup")
            } else {
                #expect(theirs.contains(line), "\(line)")
            }
        }
    }

    @Test(
        "Understands a template as curl does",
        arguments: [
            "%", "a\\", "%{", "%{http_code", "%%{http_code}", "\\x\\n\\r\\t", "%q%{http_code}", "%header{server}", "%header{",
            "%header{nope}|",
            "%HEADER{server}", "%{HTTP_CODE}", "%{http_code }|", "%{}|", "\\\\n", "é€%{http_code}\u{1}", "%{onerror}x", "a%{stdout}b",
            "%{nope}|",
            "%{url}}", "%%%%", "%%%", "%{http_code}%", "", "%{header_json", "%n",
        ]
    )
    func syntax(template: String) async throws {
        let options = ["-w", template, "\(nginx.url)/small"]
        let fetch = try await Command.fetch(options).run()
        let curl = try await Command("curl", ["-q", "-s"] + options).run()
        #expect(fetch.output == curl.output)
        #expect(fetch.status == 0)
        #expect(fetch.errorText == curl.errorText.replacingOccurrences(of: "curl:", with: "fetch:"))
    }

    @Test("Reads the template from a file as curl does, without its line ends") func file() async throws {
        let file = Paths.temporary("template").path
        try Data("a\r\n%{http_code}\n\\n".utf8).write(to: URL(fileURLWithPath: file))
        let options = ["-w", "@\(file)", "\(nginx.url)/small"]
        let fetch = try await Command.fetch(options).run()
        #expect(fetch.text == "small\na200\n")
        #expect(fetch.output == (try await Command("curl", ["-q", "-s"] + options).run().output))
    }

    @Test("%{json} has curl's keys and values", arguments: ["/text.txt", "/moved"]) func json(path: String) async throws {
        let options = ["-w", "%{json}", "-Aagent", nginx.url + path]
        let fetch = try await Command.fetch(["--format=none", "-HAccept-Encoding:"] + options).run()
        let curl = try await Command("curl", ["-q", "-s", "-L", "-o", "/dev/null"] + options).run()
        let ours = try #require(try fetch.records().first)
        let theirs = try #require(try curl.records().first)
        #expect(Set(theirs.fields.keys).isSubset(of: ours.fields.keys))
        for (key, value) in theirs.fields where Self.steady.contains(key) || key == "errormsg" {
            #expect("\(ours.fields[key] ?? "nothing")" == "\(value)", "\(key)")
        }
        for key in Self.times { #expect(ours.double(key) != nil, "\(key)") }
        #expect(ours.string("scheme") == theirs.string("scheme")?.lowercased() && ours.string("url.path") == path)
        let names = Fact.variables.map { "\($0.name)" }
        #expect(names == names.sorted() && Set(names).union(["curl_version"]) == Set(ours.fields.keys))
    }

    @Test("%{header_json} is curl's text") func headerJSON() async throws {
        let options = ["-s", "-w", "%{header_json}", "\(server.url)/odd-headers"]
        let fetch = try await Command.fetch(["--format=none"] + options).run()
        let curl = try await Command("curl", ["-q", "-o", "/dev/null"] + options).run()
        let ours = fetch.text.split(separator: "\n")
        #expect(ours.count > 5 && ours.contains(#""x-twice":["1","2"],"#))
        // Bytes that are no UTF-8 make no JSON, and curl leaves the backslash away before u.
        for line in ours where !["x-latin", "x-bell", "x-utf8"].contains(where: line.contains) {
            #expect(curl.output.split(separator: 0x0A).contains(Data(line.utf8)), "\(line)")
        }
        #expect(try JSONSerialization.jsonObject(with: fetch.output) is [String: [String]])
        let refused = ["-s", "-w", "%{header_json}", "http://127.0.0.1:\(freePort())/"]
        #expect(
            try await Command.fetch(["--retry=0"] + refused).run().output
                == (try await Command("curl", ["-q"] + refused).run().output))
    }

    @Test("Header values are the bytes that came, as with curl") func rawHeaders() async throws {
        let options = ["-s", "-w", "%header{x-latin}|%header{X-Bell}|%header{x-twice}|%header{x-utf8}", "\(server.url)/odd-headers"]
        let curl = try await Command("curl", ["-q"] + options).run()
        #expect(try await Command.fetch(options).run().output == curl.output)
        let all = try await Command.fetch("-w", "%header{x-twice:all:\\}\\n}|%header{location:all:, }\\n", "\(server.url)/odd-headers")
            .run()
        #expect(all.text == "ok1}\n2|\n")
        let chain = try await Command.fetch("-w", "%header{location:all:, }", "\(server.url)/chain?n=2").run()
        #expect(chain.text == "end\n/chain?n=1, /chain?n=0")
    }

    @Test("Stands behind its body, in the order of the input") func order() async throws {
        let urls = [
            "\(server.url)/ok?n=3&ms=300", "\(server.url)/big?mb=3", "\(server.url)/status?code=404", "\(server.url)/text?s=x", "no scheme",
        ]
        let run = try await Command.fetch(["-s", "-w", "<%{urlnum} %{http_code} %{size_download}>"] + urls).run()
        let text = run.text
        let (start, end) = ("012<0 200 3>", "<1 200 3145728><2 404 11>x<3 200 1><4 000 0>")
        #expect(text.hasPrefix(start + "0123"))
        #expect(text.hasSuffix(end) && text.utf8.count == start.utf8.count + (3 << 20) + end.utf8.count)
        #expect(run.status == 1)
    }

    @Test("Goes to standard error and to files where it says so") func targets() async throws {
        let (created, appended) = (Paths.temporary("created").path, Paths.temporary("appended").path)
        try Data("old\n".utf8).write(to: URL(fileURLWithPath: created))
        try Data("old\n".utf8).write(to: URL(fileURLWithPath: appended))
        let template = "a%{stderr}b%{urlnum}\\n%output{\(created)}c%{urlnum}\\n%output{>>\(appended)}d%{urlnum}\\n%{stdout}e"
        let run = try await Command.fetch("--format=none", "--ordered", "-j1", "-w", template, "\(nginx.url)/1", "\(nginx.url)/2").run()
        #expect(run.text == "aeae" && run.errorText == "b0\nb1\n")
        #expect(FileManager.default.contents(atPath: created) == Data("c0\nc1\n".utf8))
        #expect(FileManager.default.contents(atPath: appended) == Data("old\nd0\nd1\n".utf8))
        let impossible = try await Command.fetch("-w", "%output{/nowhere/x}y", "\(nginx.url)/1").run()
        #expect(impossible.status == 73 && impossible.output.isEmpty && impossible.errorText.contains("/nowhere/x"))
    }

    @Test("Shows the rest only of failures behind %{onerror}") func onError() async throws {
        let run = try await Command.fetch(
            "-s", "--format=none", "--ordered", "-w", "%{urlnum}%{onerror} %{exitcode} %{errormsg}\\n", "\(nginx.url)/1",
            "\(nginx.url)/nope",
            "no scheme"
        ).run()
        let expected = "01 22 The requested URL returned error: 404\n2 3 a space in a URL must be written %20\n"
        #expect(run.text == expected)
    }

    @Test("Tells the time in UTC") func time() async throws {
        let run = try await Command.fetch("--format=none", "-w", "%time{%s %Y-%m-%dT%H:%M:%S.%f%z %Z}|%time{}|%time{%Y", "\(nginx.url)/1")
            .run()
        let match = try #require(run.text.wholeMatch(of: /(\d+) (\S+)\.\d{6}\+0000 UTC\|\|%time\{%Y/))
        let seconds = try #require(Int(match.1))
        #expect(abs(Double(seconds) - Date.now.timeIntervalSince1970) < 120)
        #expect(timestamp(Int64(seconds) * 1_000_000).prefix(19) == match.2)
    }

    @Test("Shows on a terminal what would control it, and leaves the user's own text alone") func terminal() async throws {
        let template = "\u{1b}[1m%header{x-bell}%{header_json}%{json}%{content_type}"
        let run = try await Command.shell(
            "script -qec \"$FETCH --format=none -w '\(template)' \(server.url)/odd-headers\" /dev/null < /dev/null"
        ).run()
        #expect(run.output.count { $0 == 0x1B } == 1 && !run.output.contains(7) && run.text.contains("\\u0007\\u001b[31m"))
    }

    @Test("Never shows a secret") func secrets() async throws {
        let authority = nginx.url.replacingOccurrences(of: "http://", with: "user:canary@")
        let template =
            "%{json}%{url}%{url_effective}%{url.user}%{url.password}%{urle.user}%{urle.password}%{redirect_url}%{referer}%{header_json}\\n"
        let options = ["--format=none", "--max-redirs=0", "-H", "Authorization: canary", "-w", template]
        let run = try await Command.fetch(
            options + ["http://\(authority)/moved", "http://\(authority)/nope", "http://user:canary@127.0.0.1:1/", "http://u:canary@h:0/"]
        ).run()
        #expect(run.text.contains("***") && !run.text.contains("canary") && !run.errorText.contains("canary"))
    }

    @Test("Goes with body and none only") func formats() async throws {
        let run = try await Command.fetch("--format=jsonl", "-w", "x", "\(nginx.url)/1").run()
        #expect(run.status == 64 && run.errorText.contains("-w"))
    }
}
