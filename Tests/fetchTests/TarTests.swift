import FetchKit
import Foundation
import Support
import Testing

@Suite("Format tar") struct TarTests {
    private let server: Server
    private let nginx: Server

    init() throws {
        server = try Server.faults.get()
        nginx = try Server.nginx.get()
    }

    private func host(_ server: Server) -> String { "127.0.0.1+\(server.port)" }

    /// What Python's tarfile reads, entry by entry, bodies as their hashes.
    private func read(_ archive: Data) async throws -> [Entry] {
        let program = """
            import hashlib, io, json, sys, tarfile
            t = tarfile.open(fileobj=io.BytesIO(sys.stdin.buffer.read()))
            print(json.dumps([[m.name, m.size, m.mtime, m.isfile(), m.mode, m.pax_headers['comment'],
                hashlib.sha256(t.extractfile(m).read()).hexdigest() if m.isfile() else ''] for m in t]))
            """
        let answer = try await Command(Paths.python, ["-c", program]).run(stdin: archive)
        #expect(answer.status == 0, "\(answer.errorText)")
        let rows = try JSONSerialization.jsonObject(with: answer.output) as? [[Any]] ?? []
        return try rows.map { row in
            let comment = try JSONSerialization.jsonObject(with: Data((row[5] as? String ?? "").utf8)) as? [String: Any]
            return Entry(
                name: row[0] as? String ?? "", size: row[1] as? Int ?? -1, time: row[2] as? Int ?? -1, isFile: row[3] as? Bool ?? false,
                mode: row[4] as? Int ?? -1, comment: comment ?? [:], sha256: row[6] as? String ?? "")
        }
    }

    private struct Entry {
        let name: String
        let size: Int
        let time: Int
        let isFile: Bool
        let mode: Int
        let comment: [String: Any]
        let sha256: String
    }

    @Test("Is extracted without a word, body for body", arguments: ["tar xf -", "bsdtar -xf -"])
    func extraction(program: String) async throws {
        let folder = Paths.temporary("tar-\(program.prefix(3))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let long = String(repeating: "long/", count: 25) + "name"
        let part = String(repeating: "p", count: 300)
        let urls = [
            "\(server.url)/binary", "\(server.url)/ok?n=0", "\(server.url)/ok?n=511", "\(server.url)/ok?n=70000", "\(server.url)/big?mb=3",
            "\(nginx.url)/small/caf%C3%A9/%E2%82%AC.txt", "\(nginx.url)/small/\(long)", "\(nginx.url)/small/\(part)/\(part)",
            "\(nginx.url)/40m",
            "\(nginx.url)/small",
        ]
        let list = urls.map { "'\($0)'" }.joined(separator: " ")
        let run = try await Command.shell("$FETCH --format tar \(list) | (cd '\(folder.path)' && \(program))").run()
        #expect(run.status == 0 && run.errors.isEmpty && run.output.isEmpty, "\(run.errorText)")
        func body(_ name: String) -> Data? { FileManager.default.contents(atPath: folder.appendingPathComponent(name).path) }
        let (faults, files) = (host(server), host(nginx))
        #expect(body("\(faults)/binary~0") == Data(0...255))
        #expect(body("\(faults)/ok%3Fn=0~1") == Data())
        #expect(body("\(faults)/ok%3Fn=511~2")?.count == 511)
        #expect(body("\(faults)/ok%3Fn=70000~3") == Data((0..<70_000).map { Array("0123456789abcde\n".utf8)[$0 % 16] }))
        #expect(body("\(faults)/big%3Fmb=3~4")?.count == 3 << 20)
        #expect(body("\(files)/small/caf\u{e9}/\u{20ac}~5.txt") == Data("small\n".utf8))
        #expect(body("\(files)/small/\(long)~6") == Data("small\n".utf8))
        #expect(body("\(files)/40m~8")?.count == 40 << 20)
        #expect(body("\(files)/small~9") == Data("small\n".utf8))
        let all = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { body($0) != nil }
        #expect(all.count == urls.count)
    }

    @Test("Has an entry for each outcome, and all about it in the comment", arguments: ["--ordered", "--unordered"])
    func comments(order: String) async throws {
        let closed = freePort()
        let failures = (0..<50).map { "http://127.0.0.1:\(closed)/\($0)" }
        let list = ["\(nginx.url)/text.txt", "\(server.url)/status?code=404", "no scheme", "\(nginx.url)/moved"] + failures
        let run = try await Command.fetch("-s", order, "--retry=0", "--format=tar").run(stdin: list.joined(separator: "\n"))
        let entries = try await read(run.output)
        #expect(entries.count == list.count)
        let indices = entries.compactMap { $0.comment["index"] as? Int }
        #expect(Set(indices) == Set(list.indices) && (order == "--unordered" || indices == Array(list.indices)))
        for entry in entries {
            #expect(entry.comment.count == 44 && entry.comment["body"] is NSNull && entry.comment["body_base64"] is NSNull)
            #expect(entry.isFile == (entry.comment["ok"] as? Bool) && entry.mode == (entry.isFile ? 0o644 : 0o755))
        }
        let text = try #require(entries.first { ($0.comment["index"] as? Int) == 0 })
        let modified = try #require((text.comment["headers"] as? [String: [String]])?["last-modified"]?.first)
        #expect(text.name == "\(host(nginx))/text~0.txt" && text.size == 22_000 && text.time == httpDate(modified))
        let moved = try #require(entries.first { ($0.comment["index"] as? Int) == 3 })
        #expect(moved.name == "\(host(nginx))/moved~3" && moved.sha256 == text.sha256)
        #expect(entries.contains { $0.name == "invalid" && $0.comment["error"] as? String == "input" })
        for program in ["tar", "bsdtar"] {
            let listing = try await Command(program, ["-tf", "-"]).run(stdin: run.output)
            #expect(listing.status == 0 && listing.errors.isEmpty && listing.text.split(separator: "\n").count == list.count)
        }
    }

    @Test("Of one URL has the name as it is, and equal names are kept apart otherwise") func names() async throws {
        let one = try await read(try await Command.fetch("--format=tar", "\(nginx.url)/text.txt").run().output)
        #expect(one.map(\.name) == ["\(host(nginx))/text.txt"])
        let two = try await read(try await Command.fetch("--format=tar", "\(nginx.url)/small/", "\(nginx.url)/small/").run().output)
        #expect(Set(two.map(\.name)) == ["\(host(nginx))/small/index~0.html", "\(host(nginx))/small/index~1.html"])
    }

    @Test("Has bodies of status 400 and above with --fail-with-body") func failWithBody() async throws {
        let run = try await Command.fetch(
            "-s", "--fail-with-body", "--format=tar", "\(server.url)/status?code=404", "\(server.url)/short-body"
        )
        .run()
        let entries = try await read(run.output)
        #expect(entries.count == 2 && entries.filter(\.isFile).map(\.size) == [11])
    }

    @Test("Is whole blocks with two empty ones at the end, also without any outcome") func trailer() async throws {
        let file = Paths.temporary("trailer.tar").path
        _ = try await Command.fetch("--format=tar", "-o", file, "\(server.url)/ok?n=1").run()
        let archive = try #require(FileManager.default.contents(atPath: file))
        #expect(archive.count % 512 == 0 && archive.suffix(1024) == Data(count: 1024))
        let empty = try await Command.fetch("--format=tar").run(stdin: "")
        #expect(empty.output == Data(count: 1024))
    }

    @Test("Keeps a comment below what bsdtar takes, however large the headers are") func largeHeaders() async throws {
        let run = try await Command.fetch("--format=tar", "\(server.url)/many-headers?n=990", "\(nginx.url)/small").run()
        let listing = try await Command("bsdtar", ["-tf", "-"]).run(stdin: run.output)
        #expect(listing.status == 0 && listing.errors.isEmpty && run.status == 0)
    }
}
