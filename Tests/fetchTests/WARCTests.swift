import Foundation
import Support
import Testing

@testable import fetch

@Suite("Format warc") struct WARCTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    // MARK: Records

    @Test(
        "Keeps both messages as they were on the wire",
        arguments: [
            ["ok"], ["binary"], ["chunked"], ["gzip-ok"], ["gzip-two"], ["gzip-chunked"], ["until-close"], ["gzip-until-close"],
            ["status?code=204"], ["status?code=304"], ["status?code=404"], ["http10"], ["lf-only"], ["odd-headers"], ["odd-reason"],
            ["unknown-coding"], ["big?mb=3"], ["short-body"], ["big?mb=2&cut=1"], ["cut-chunk"], ["no-last-chunk"], ["trailer-cut"],
            ["bad-chunk"], ["gzip-cut"], ["gzip-cut-chunked"], ["length-and-chunked"], ["ok", "-I"], ["echo", "-d", "a=1"],
            ["echo", "-X", "PUT", "--data-binary", "x\r\n\r\ny"],
        ]) func wire(words: [String]) async throws
    {
        let archive = try await Archive(words.dropFirst() + ["-s", "--retry=0", "\(server.url)/\(words[0])"])
        let request = try #require(archive.records.first { $0.type == "request" })
        let response = try #require(archive.records.first { $0.type == "response" })
        // Whoever sends the same request over a bare socket gets the same response.
        let script = """
            import socket, sys
            s = socket.create_connection(("127.0.0.1", \(server.port)))
            s.sendall(sys.stdin.buffer.read())
            s.shutdown(socket.SHUT_WR)
            while data := s.recv(65536): sys.stdout.buffer.write(data)
            """
        #expect(try await Command(Paths.python, ["-c", script]).run(stdin: request.block).output == response.block)
        try await archive.check()
    }

    @Test("Describes the file first, and links and dates the records of an exchange") func fields() async throws {
        let archive = try await Archive(["-A", "me/1", server.url.replacingOccurrences(of: "//", with: "//u:p@") + "/ok?a=<b>"])
        try #require(archive.records.map(\.type) == ["warcinfo", "request", "response"])
        let (info, request, response) = (archive.records[0], archive.records[1], archive.records[2])
        #expect(info["WARC-Filename"] == archive.name && info.text.contains("http-header-user-agent: me/1\r\n"))
        #expect(info.text.contains("format: WARC File Format 1.1\r\n") && info.text.hasPrefix("software: fetch/"))
        for (record, other) in [(request, response), (response, request)] {
            #expect(record["WARC-Concurrent-To"] == other["WARC-Record-ID"] && record["WARC-Date"] == other["WARC-Date"])
            #expect(record["WARC-Warcinfo-ID"] == info["WARC-Record-ID"] && record["WARC-IP-Address"] == "127.0.0.1")
            #expect(record["WARC-Target-URI"] == "\(server.url)/ok?a=<b>" && record["WARC-Protocol"] == "http/1.1")
        }
        let uuid = #/<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>/#
        #expect(try archive.records.allSatisfy { try uuid.wholeMatch(in: $0["WARC-Record-ID"] ?? "") != nil })
        #expect(Set(archive.records.map { $0["WARC-Record-ID"] }).count == 3)
        #expect(try #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/#.wholeMatch(in: response["WARC-Date"] ?? "") != nil)
        #expect(response["WARC-Payload-Digest"] != nil && response["WARC-Truncated"] == nil)
    }

    @Test("Keeps every exchange of a chain of redirects") func redirects() async throws {
        let archive = try await Archive(["\(server.url)/chain?n=2", "\(server.url)/redirect?to=/chunked"])
        let responses = archive.records.filter { $0.type == "response" }
        let paths = responses.compactMap { $0["WARC-Target-URI"]?.dropFirst(server.url.count) }
        #expect(Set(paths) == ["/chain?n=2", "/chain?n=1", "/chain?n=0", "/redirect?to=/chunked", "/chunked"])
        #expect(responses.count == 5 && archive.records.count { $0.type == "request" } == 5)
        #expect(responses.contains { $0.text.hasPrefix("HTTP/1.1 302 Found\r\n") && $0.text.hasSuffix("\r\n\r\ngo on\n") })
    }

    @Test(
        "Says why a body is not whole",
        arguments: [
            (["short-body"], "disconnect"), (["cut-chunk"], "disconnect"), (["stall", "--max-time=10"], "time"),
            (["stall", "--speed-time=10"], "time"), (["big?mb=1", "--max-filesize=100k"], "length"), (["bad-chunk"], "unspecified"),
            (["loop", "--max-redirs=1"], nil), (["status?code=500"], nil), (["chunked", "-I"], nil), (["gzip-cut"], nil),
        ] as [([String], String?)]) func truncated(words: [String], reason: String?) async throws
    {
        let archive = try await Archive(words.dropFirst() + ["-s", "--retry=0", "\(server.url)/\(words[0])"])
        #expect(archive.records.last { $0.type == "response" }?["WARC-Truncated"] == reason)
        try await archive.check()
    }

    @Test("Carries what has no response as metadata") func failures() async throws {
        let closed = "http://127.0.0.1:\(freePort())/x"
        let list = [closed, "no scheme\u{1b}\rWARC/1.1", "\(server.url)/empty", "http://u:canary@127.0.0.1:1/", "ftp://h/"]
        let file = try Paths.file("failures.txt", list.joined(separator: "\n"))
        let archive = try await Archive(["-s", "--retry=0", "-i", file])
        let errors = archive.records.filter { $0.type == "metadata" }
        #expect(errors.count == 5 && archive.records.count { $0.type == "request" } == 1 && archive.status == 1)
        #expect(errors.allSatisfy { $0["Content-Type"] == "application/warc-fields" && $0.text.contains("input: \(file):") })
        let refused = try #require(errors.first { $0["WARC-Target-URI"] == closed })
        #expect(refused.text.hasPrefix("url: \(closed)\r\nerror: connect\r\nerrormsg: ") && refused["WARC-Concurrent-To"] == nil)
        let empty = try #require(errors.first { $0["WARC-Target-URI"] == "\(server.url)/empty" })
        #expect(empty["WARC-Concurrent-To"] == archive.records.first { $0.type == "request" }?["WARC-Record-ID"])
        #expect(errors.contains { $0["WARC-Target-URI"] == "http://127.0.0.1:1/" && $0.text.hasPrefix("url: http://***@127.0.0.1:1/\r\n") })
        #expect(errors.count { $0["WARC-Target-URI"] == nil && $0.text.contains("error: input\r\n") } == 2)
        try await archive.check()
    }

    @Test("Never holds a secret of the user") func secrets() async throws {
        let (httpbin, proxy) = (try Server.httpbin.get(), try Server.strictProxy.get())
        let authority = server.url.replacingOccurrences(of: "http://", with: "user:canary@")
        for arguments in [
            ["http://\(authority)/ok", "http://\(authority)/loop", "http://\(authority)/empty"],
            ["-u", "user:canary", "\(server.url)/ok"], ["-u", "canary:x", "--digest", "\(httpbin.url)/digest-auth/auth/user/x"],
            ["-b", "a=canary", "-H", "authorization: canary", "-H", "X-API-Key: canary", "-H", "cookie2:canary", "\(server.url)/ok"],
            ["-x", proxy.url, "--proxy-user", "user:canary", "\(server.url)/ok"],
        ] {
            let archive = try await Archive(["-s", "--retry=0"] + arguments)
            let canaries = [Data("canary".utf8), Data("user:canary".utf8).base64EncodedData()]
            for record in archive.records {
                #expect(canaries.allSatisfy { (Data(record.head.utf8) + record.block).range(of: $0) == nil }, "\(record.text)")
            }
            #expect(archive.records.contains { $0.type == "request" && $0.text.contains(": ***\r\n") })
            try await archive.check()
        }
    }

    @Test("Tells no address of a server behind a proxy, and nothing that the proxy alone was asked") func proxy() async throws {
        let urls = ["\(server.url)/ok", "https://127.0.0.1:\(freePort())/"]
        let archive = try await Archive(["-s", "--retry=0", "-x", try Server.proxy.get().url] + urls)
        #expect(archive.records.map(\.type).sorted() == ["metadata", "request", "response", "warcinfo"])
        #expect(archive.records.allSatisfy { $0["WARC-IP-Address"] == nil })
    }

    @Test("HTTP/2 is written in the words of HTTP/1.1, and says so") func http2() async throws {
        let nginx = try Server.nginxTLS.get()
        let archive = try await Archive(["--http2", "--cacert", try Certificates.shared.get().authority, "\(nginx.url)/text.txt"])
        let (request, response) = (try #require(archive["request"]), try #require(archive["response"]))
        #expect(request["WARC-Protocol"] == "h2" && request.text.hasPrefix("GET /text.txt HTTP/1.1\r\n"))
        #expect(response["WARC-Protocol"] == "h2" && response.text.hasPrefix("HTTP/1.1 200"))
        #expect(response.text.lowercased().contains("content-encoding: gzip\r\n"))
        try await archive.check()
        // HTTP/1.1 is what is asked for otherwise.
        let usual = try await Archive(["--cacert", try Certificates.shared.get().authority, "\(nginx.url)/text.txt"])
        #expect(usual["response"]?["WARC-Protocol"] == "http/1.1")
    }

    // MARK: Files

    @Test("Every record is a gzip member, and the index is that of cdxj-indexer") func index() async throws {
        let nginx = try Server.nginx.get()
        let hosts = ["www.example.com", "WWW2.Example.ORG", "a.b.example", "a..b.com", "[::1]", "3232235777", "example.com:8080"]
        let paths = [
            "/", "/A/B/", "//a//b", "/a/../b?", "/%252541", "/caf\u{e9}?q=%C3%A9", "/?b=2&a=1&A", "/x?a&a=&a==&&",
            "/;p?jsessionid=\(session)",
            "/q/(S(abcdefghijklmnopqrstuvwx))/x.ASPX?sid=\(session)&z", "/?cfid=1&cftoken=2&x", "/%23%3F%00%7f", "/a|b\"c\\d'e", "/...",
            "/%2e%2e/",
        ]
        let list =
            hosts.flatMap { host in paths.map { "http://\(host)\($0)" } }
            + ["chunked", "binary", "loop", "chain?n=3"].map { "\(server.url)/\($0)" }
        let file = try Paths.file("index.txt", list.joined(separator: "\n"))
        for arguments in [
            ["-i", file, "--connect-to", "::127.0.0.1:\(server.port)"], (1...50).map { "\(nginx.url)/\($0)" } + ["\(nginx.url)/text.txt"],
        ] {
            let archive = try await Archive(["-s"] + arguments)
            let (ours, theirs) = (try archive.index(), try await archive.indexer())
            #expect(ours == theirs && ours.split(separator: "\n").count >= 51)
            #expect(try await Command("gzip", ["-t", archive.path]).run().status == 0)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: archive.path))
            for line in ours.split(separator: "\n").prefix(20) {
                let entry = try #require(
                    try JSONSerialization.jsonObject(with: Data(line[line.firstIndex(of: "{")!...].utf8)) as? [String: String])
                let offset = try #require(Int(entry["offset"] ?? "")), length = try #require(Int(entry["length"] ?? ""))
                let record = try await Command("gzip", ["-dc"]).run(stdin: bytes[offset..<(offset + length)]).text
                #expect(record.hasPrefix("WARC/1.1\r\nWARC-Type: response\r\n") && record.hasSuffix("\r\n\r\n"))
                #expect(record.contains("\r\nWARC-Target-URI: \(entry["url"] ?? "")\r\n"))
            }
        }
    }

    private let session = "0123456789abcdef0123456789ABCDEF"

    @Test("A name that ends in .warc is not packed") func plain() async throws {
        let archive = try await Archive(["\(server.url)/ok", "\(server.url)/chunked", "\(server.url)/gzip-chunked"], name: "plain.warc")
        #expect(try Data(contentsOf: URL(fileURLWithPath: archive.path)).starts(with: Data("WARC/1.1\r\nWARC-Type: warcinfo\r\n".utf8)))
        #expect(try archive.index() == (await archive.indexer()))
        try await archive.check()
    }

    @Test("Standard output is the same, and has no index") func standardOutput() async throws {
        let run = try await Command.fetch("--format=warc", "\(server.url)/ok", "\(server.url)/empty", "-s", "--retry=0").run()
        let file = try Archive.folder("stdout") + "/out.warc.gz"
        try run.output.write(to: URL(fileURLWithPath: file))
        let archive = try await Archive(reading: file)
        #expect(Set(archive.records.map(\.type)) == ["warcinfo", "request", "response", "metadata"])
        #expect(archive.records.first?.type == "warcinfo" && archive.records.first?["WARC-Filename"] == nil)
        try await archive.check()
    }

    @Test("--warc-max-size begins another file when one is full, with one index for all") func split() async throws {
        let urls = (0..<40).map { "\(server.url)/ok?n=\($0)" }
        let archive = try await Archive(["--warc-max-size=8k"] + urls, name: "split.warc.gz")
        let folder = URL(fileURLWithPath: archive.path).deletingLastPathComponent()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".gz") }.sorted()
        #expect(names.count > 2 && names == (0..<names.count).map { "split-0000\($0).warc.gz" })
        for name in names {
            let file = try await Archive(reading: folder.appendingPathComponent(name).path)
            #expect(file.records.map(\.type).firstIndex(of: "warcinfo") == 0 && file.records[0]["WARC-Filename"] == name)
            #expect(file.records.count { $0.type == "warcinfo" } == 1 && file.records.count { $0.type == "response" } > 0)
            #expect(file.records.dropFirst().allSatisfy { $0["WARC-Warcinfo-ID"] == file.records[0]["WARC-Record-ID"] })
            let size = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int ?? 0
            #expect(size < 10 << 10 && (size >= 8 << 10 || name == names.last))
            try await file.check()
        }
        #expect(try archive.index() == (await archive.indexer(names.map { folder.appendingPathComponent($0).path })))
        #expect(try archive.index().split(separator: "\n").count == 40)
    }

    @Test("After kill -9 all is whole up to the last record") func killed() async throws {
        let file = try Archive.folder("killed") + "/x.warc.gz"
        let line = """
            yes \(server.url)/ok?n=3000 | $FETCH --format warc -o \(file) & child=$!
            while [ "$(stat -c %s \(file) 2>/dev/null || echo 0)" -lt 300000 ]; do read -rt 0.01 <> <(:); done; kill -9 $child; wait $child; echo $?
            """
        #expect(try await Command.shell(line).run().text == "137\n")
        let script = """
            import sys, zlib
            data, members = open(sys.argv[1], "rb").read(), 0
            while data:
                member = zlib.decompressobj(31)
                text = member.decompress(data)
                if not member.eof: break
                assert text.startswith(b"WARC/1.1") and text.endswith(b"\\r\\n\\r\\n")
                data, members = member.unused_data, members + 1
            open(sys.argv[1], "r+b").truncate(len(open(sys.argv[1], "rb").read()) - len(data))
            print(members)
            """
        let members = try await Command(Paths.python, ["-c", script, file]).run()
        #expect(Int(members.text.dropLast()) ?? 0 > 100, "\(members.errorText)")
        try await Archive(reading: file).check()
    }

    @Test("A signal leaves the file and its index whole") func interrupted() async throws {
        let file = try Archive.folder("interrupted") + "/x.warc.gz"
        let keys = [UUID().uuidString, UUID().uuidString]
        let running = try Command.fetch(
            "-v", "--format=warc", "-o", file, "\(server.url)/status?code=404", "\(server.url)/silent?key=\(keys[0])",
            "\(server.url)/stall?key=\(keys[1])"
        ).start()
        #expect(await running.waitForErrors { String(decoding: $0, as: UTF8.self).contains("404") })
        for key in keys { try await server.waitForRelease(key) }
        running.send(SIGINT)
        #expect(await running.finish().status == 130)
        let archive = try await Archive(reading: file)
        #expect(archive.records.count { $0.type == "metadata" && $0.text.contains("error: cancelled") } == 2)
        #expect(try archive.index() == (await archive.indexer()))
        try await archive.check()
    }

    @Test("When the disk is full the file is named, and ends with a whole capture") func fullDisk() async throws {
        let run = try await Command.fetch("--format=warc", "-o", "/dev/full", "\(server.url)/ok").run()
        #expect(run.status == 74 && run.errorText == "fetch: cannot write to /dev/full: No space left on device\n")
        let file = try Archive.folder("full") + "/x.warc.gz"
        let line = "trap '' XFSZ; ulimit -f 100; yes \(server.url)/ok?n=900 | $FETCH --format warc -o \(file)"
        let limited = try await Command.shell(line).run()
        #expect(limited.errorText == "fetch: cannot write to \(file): File too large\n")
        let archive = try await Archive(reading: file)
        #expect(archive.records.count > 100 && archive.records.last?.type == "response")
        try await archive.check()
        let missing = try await Command.fetch("--format=warc", "-o", "/no/such/folder/x.warc.gz", "\(server.url)/ok").run()
        #expect(missing.status == 73)
    }

    // MARK: Replay

    @Test("pywb replays pages byte for byte") func replay() async throws {
        let (nginx, port) = (try Server.nginx.get(), freePort())
        let folder = try Archive.folder("replay")
        let files = folder + "/collections/c"
        for name in ["archive", "indexes"] {
            try FileManager.default.createDirectory(atPath: "\(files)/\(name)", withIntermediateDirectories: true)
        }
        let urls =
            ["ok", "binary", "gzip-ok", "gzip-chunked", "until-close", "chain?n=0"].map { "\(server.url)/\($0)" } + [
                "\(nginx.url)/text.txt"
            ]
        #expect(try await Command.fetch(["--format=warc", "-o", "\(files)/archive/x.warc.gz"] + urls).run().status == 0)
        try FileManager.default.moveItem(atPath: "\(files)/archive/x.cdxj", toPath: "\(files)/indexes/index.cdxj")
        let pywb = try Command(
            Paths.python,
            ["-c", "from pywb.apps.cli import wayback; wayback()", "-b", "127.0.0.1", "-p", "\(port)", "-d", folder]
        ).start()
        for url in urls {
            let patience = ["--retry", "100", "--retry-delay", "1", "--retry-connrefused"]
            let replayed = try await Command("curl", ["-s", "--compressed"] + patience + ["http://127.0.0.1:\(port)/c/id_/\(url)"])
                .run(deadline: .seconds(120))
            #expect(replayed.output == (try await Command.fetch(url).run().output) && !replayed.output.isEmpty, "\(url)")
        }
        pywb.send(SIGKILL)
        _ = await pywb.finish()
    }

    // MARK: Parts

    @Test("Lines are sorted by their bytes, also when memory does not hold them", arguments: [1 << 20, 1000, 1])
    func sorted(capacity: Int) throws {
        var random = SystemRandomNumberGenerator()
        var lines = (0..<500).map { _ in
            (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0x20...0xFF, using: &random) }
        }
        lines += [[UInt8](repeating: 0x61, count: 300_000), [UInt8](repeating: 0x61, count: 1 << 21), [], lines[0]]
        let sorter = SortedLines(temporaryDirectory: NSTemporaryDirectory(), capacity: capacity)
        for line in lines.shuffled() { try sorter.add(line) }
        var sorted: [[UInt8]] = []
        try sorter.forEachLine { sorted.append(Array($0)) }
        #expect(sorted == lines.map { $0 + [0x0A] }.sorted { $0.lexicographicallyPrecedes($1) })
    }

}

/// A WARC file as warcio reads it.
private struct Archive {
    let path: String
    let records: [ArchiveRecord]
    var status: Int32 = 0

    var name: String { URL(fileURLWithPath: path).lastPathComponent }

    /// Runs fetch with a file of its own.
    init(_ arguments: some Sequence<String>, name: String = "x.warc.gz") async throws {
        let file = try Self.folder("archive") + "/\(name)"
        let arguments = Array(arguments)
        let run = try await Command.fetch(["--format=warc", "-o", file] + arguments).run()
        let isSplit = arguments.contains { $0.hasPrefix("--warc-max-size") }
        try await self.init(reading: isSplit ? file.replacingOccurrences(of: ".warc", with: "-00000.warc") : file)
        status = run.status
    }

    init(reading path: String) async throws {
        self.path = path
        let script = """
            import base64, json, sys
            from warcio.archiveiterator import ArchiveIterator
            for record in ArchiveIterator(open(sys.argv[1], "rb"), no_record_parse=True):
                block = base64.b64encode(record.raw_stream.read()).decode()
                print(json.dumps({"type": record.rec_type, "fields": record.rec_headers.headers, "block": block}))
            """
        let run = try await Command(Paths.python, ["-c", script, path]).run()
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errorText)")
        records = try run.records().map(ArchiveRecord.init)
    }

    subscript(type: String) -> ArchiveRecord? { records.first { $0.type == type } }

    static func folder(_ name: String) throws -> String {
        let folder = Paths.temporary("warc-\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.path
    }

    /// warcio finds nothing wrong: syntax and digests.
    func check() async throws {
        let run = try await Command(Paths.python, ["-m", "warcio.cli", "check", path]).run()
        #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty, "\(run.text)\(run.errorText)")
    }

    func index() throws -> String {
        let stem = path.replacingOccurrences(of: #"(-00000)?\.warc(\.gz)?$"#, with: "", options: .regularExpression)
        return String(decoding: try Data(contentsOf: URL(fileURLWithPath: stem + ".cdxj")), as: UTF8.self)
    }

    func indexer(_ files: [String]? = nil) async throws -> String {
        try await Command(Paths.python, ["-m", "cdxj_indexer.main", "-s"] + (files ?? [path])).run().text
    }
}

private struct ArchiveRecord {
    let type: String
    let block: Data
    private let fields: [[String]]

    init(_ record: Support.Record) {
        type = record.string("type") ?? ""
        block = Data(base64Encoded: record.string("block") ?? "") ?? Data()
        fields = record.fields["fields"] as? [[String]] ?? []
    }

    /// ISO-8859-1, so that no byte is lost.
    var text: String { String(data: block, encoding: .isoLatin1) ?? "" }
    var head: String { fields.map { $0.joined(separator: ": ") }.joined(separator: "\n") }

    subscript(name: String) -> String? { fields.first { $0[0] == name }?[1] }
}
