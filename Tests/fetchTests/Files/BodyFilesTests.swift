import Foundation
import Support
import Testing

@Suite("A file for each body") struct BodyFilesTests {
    private let server: Server
    private let scratch = Scratch()

    init() throws { server = try Server.faults.get() }

    private func fetch(_ arguments: String...) -> Command {
        Command.fetch(["--output-dir", "\(scratch.path)/out"] + arguments)
    }

    private var host: String { "127.0.0.1+\(server.port)" }

    @Test("Names are host and path, and the records and the manifest say which URL became which file") func names() async throws {
        let urls = ["/text?s=a", "/text?s=b", "/filler", "/status?code=404", "/big?size=3000000"].map { server.url + $0 }
        let run = try await fetch("--format=jsonl", "--ordered", "--manifest", "\(scratch.path)/manifest").run(
            stdin: urls.joined(separator: "\n"))
        let records = try run.records()
        #expect(run.status == 1 && records.map { $0.bool("ok") } == [true, true, false, false, true])
        let file = try #require(records[0].string("body_file"))
        #expect(file == "\(scratch.path)/out/\(host)/text%3Fs=a" && records[0].isNull("body"))
        #expect(scratch.text("out/\(host)/text%3Fs=a") == "a" && scratch.text("out/\(host)/text%3Fs=b") == "b")
        let lines = try #require(scratch.text("manifest")).split(separator: "\n")
        let manifest = try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
        #expect(manifest.count == 5)
        for entry in manifest {
            guard let file = entry["file"] as? String else {
                #expect(entry["error"] as? String == "http")
                continue
            }
            let sum = try await Command("sha256sum", [file]).run().text.prefix(64)
            let size = scratch.size(String(file.dropFirst(scratch.path.count + 1)))
            #expect(entry["sha256"] as? String == String(sum) && entry["size"] as? Int == size && entry["status"] as? Int == 200)
        }
    }

    @Test("A name that -O had to change is told on a terminal") func changedNames() async throws {
        let port = server.port
        let line =
            "cd \(scratch.path); $FETCH -j1 --no-progress --no-summary -O --resolve h.test:\(port):127.0.0.1 \(server.url)/ok http://h.test:\(port)/ok && $FETCH -O --no-summary --name '{basename}{query}' '\(server.url)/text?s=:'"
        let terminal = [Paths.servers.appendingPathComponent("terminal.py").path, "--columns", "200", "--", "/bin/bash", "-c"]
        var command = Command(Paths.python, terminal + [line])
        command.environment = ["FETCH": Command.fetchPath]
        let seen = try #require(try JSONSerialization.jsonObject(with: await command.run().output) as? [String: Any])
        let screen = try #require(seen["screen"] as? [String])
        #expect(screen.count == 2)
        #expect(screen.last?.hasSuffix("/text?s=:: saved as ./texts=%3A") == true)
        let words = try #require(screen.first).components(separatedBy: " ")
        #expect(words.dropLast() == ["fetch:", "http://h.test:\(port)/ok:", "saved", "as"])
        let name = try #require(words.last)
        #expect(name != "ok" && scratch.text(name) != nil)
        #expect(try await Command.shell(line).run().errors.isEmpty)
    }

    @Test("The answer that a file is not modified leaves the file as it is") func notModified() async throws {
        let nginx = try Server.nginx.get()
        let page = "\(nginx.url)/1"
        #expect(try await fetch("--name", "page", page).run().status == 0)
        let whole = try #require(scratch.text("out/page"))
        let run = try await fetch("-H", "If-None-Match: *", "--format=jsonl", "--name", "page", page).run()
        let record = try #require(try run.records().first)
        #expect(record.int("response_code") == 304 && record.bool("ok") == true && record.isNull("body_file"))
        #expect(!whole.isEmpty && scratch.text("out/page") == whole)
    }

    @Test("--remote-name-all is -O, and --create-dirs makes the folders of -o") func curlsOptions() async throws {
        let line = "cd \(scratch.path); $FETCH --remote-name-all \(server.url)/text?s=a \(server.url)/big?size=10"
        #expect(try await Command.shell(line).run().status == 0)
        #expect(scratch.names() == ["big", "text"])
        let missing = "\(scratch.path)/x/y/z.txt"
        #expect(try await Command.fetch("-o", missing, "\(server.url)/text?s=a").run().status == 73)
        #expect(try await Command.fetch("--create-dirs", "-o", missing, "\(server.url)/text?s=a").run().status == 0)
        #expect(scratch.text("x/y/z.txt") == "a")
        #expect(try await Command("stat", ["-c", "%a", "\(scratch.path)/x", "\(scratch.path)/x/y"]).run().text == "750\n750\n")
        #expect(try await Command.fetch("--create-dirs", "-o", missing, "\(server.url)/text?s=b").run().status == 0)
        #expect(scratch.text("x/y/z.txt") == "b")
        let run = try await Command.fetch("--create-dirs", "-o", "\(missing)/no", "\(server.url)/text").run()
        #expect(run.status == 73 && run.errorText.contains("z.txt"))
    }

    @Test("Names of lists and URLs are portable, and apart, in each run alike; --no-portable-names and the user's own text keep all")
    func portableNames() async throws {
        let outputs = ["a:b.txt", "a%3Ab.txt", "A:B.txt", "x|y", "<*?>\""]
        let lines = outputs.enumerated().map { number, output in
            "{\"url\":\"\(server.url)/text?s=\(number)\",\"output\":\"\(output.replacing("\"", with: "\\\""))\"}"
        }
        var runs: [[String?]] = []
        for round in 0..<2 {
            let options = ["--output-dir", "\(scratch.path)/\(round)", "--format=jsonl", "--ordered"]
            let records = try await Command.fetch(options).run(stdin: lines.joined(separator: "\n")).records()
            runs.append(records.map { $0.string("body_file").map { String($0.dropFirst(scratch.path.count + 3)) } })
            for (number, name) in runs[round].enumerated() { #expect(scratch.text("\(round)/\(name ?? "")") == "\(number)") }
        }
        #expect(runs[0] == runs[1] && runs[0][0] == "a%3Ab.txt" && runs[0][3] == "x%7Cy" && runs[0][4] == "%3C%2A%3F%3E%22")
        for name in runs[0][1...2] { #expect(name?.contains(/^(a%3Ab|A%3AB)~[0-9a-f]{8}\.txt$/) == true) }
        _ = try await fetch("--no-portable-names").run(stdin: lines[3])
        _ = try await fetch("--name", "<{basename}>:{query}").run(stdin: "\(server.url)/text?s=:")
        _ = try await fetch("-o", "o:o", "\(server.url)/text?s=o").run()
        #expect(scratch.text("out/x|y") == "3" && scratch.text("out/<text>:s=%3A") == ":" && scratch.text("out/o:o") == "o")
    }

    @Test("URLs that want the same name all get a file, and the same list gets the same names again") func sameName() async throws {
        let urls = ["/text?s=1", "/text?s=2", "/text?s=3", "/TEXT", "/text?s=1"].map { server.url + $0 }.joined(separator: "\n")
        var maps: [[String?]] = []
        for _ in 0..<2 {
            let records = try await fetch("--format=jsonl", "--ordered", "--name", "{stem}").run(stdin: urls).records()
            maps.append(records.map { $0.string("body_file") })
            for (number, record) in records.enumerated() where record.bool("ok") == true {
                let name = try #require(record.string("body_file")).dropFirst(scratch.path.count + 1)
                #expect(scratch.text(String(name)) == ["1", "2", "3", "", "1"][number])
            }
        }
        #expect(maps[0] == maps[1] && Set(maps[0].compactMap { $0 }).count == 4)
        #expect(maps[0][0]?.hasSuffix("/out/text") == true)
    }

    @Test("A URL and one below it both get their files", arguments: [true, false]) func fileAndFolder(isFileFirst: Bool) async throws {
        let names = ["a", "a/b", "a/b/c"]
        let lines = (isFileFirst ? names : names.reversed()).map { #"{"url":"\#(server.url)/text?s=\#($0)","output":"\#($0)"}"# }
        let records = try await fetch("-j1", "--format=jsonl").run(stdin: lines.joined(separator: "\n")).records()
        #expect(records.count == 3)
        for record in records {
            let name = try #require(record.string("body_file")).dropFirst(scratch.path.count + 1)
            #expect(record.string("url")?.hasSuffix("s=\(scratch.text(String(name)) ?? "nothing")") == true)
        }
    }

    @Test("No name leads out of the directory") func traversal() async throws {
        let names = ["../../x", "/etc/x", "a/../../../x", "..\\\\x", "~/x", "-rf", ".bashrc", "a\\u0000b", "a\\nb", "\\u202Eb", "CON", ""]
        let lines = names.map { #"{"url":"\#(server.url)/text?s=x","output":"\#($0)"}"# }
        let urls = ["/%2e%2e/%2e%2e/text", "/..%2f..%2ftext", "/.%2e/text?s=x"].map { server.url + $0 }
        let run = try await fetch("--format=jsonl").run(stdin: (lines + urls).joined(separator: "\n"))
        let records = try run.records()
        #expect(records.count == lines.count + urls.count)
        for record in records {
            guard let file = record.string("body_file") else { continue }
            #expect(file.hasPrefix("\(scratch.path)/out/") && FileManager.default.fileExists(atPath: file))
            #expect(URL(fileURLWithPath: file).standardized.path == file)
        }
        #expect(scratch.names().allSatisfy { $0 == "out" || $0.hasPrefix("out/") })
        // All but the empty name, which is none.
        #expect(records.count { $0.string("error") == "input" } == 1 && records.count { $0.bool("ok") == true } >= names.count - 1)
    }

    @Test("Links and pipes that somebody has planted are not followed; the URL fails, the others go on") func planted() async throws {
        try scratch.makeDirectory("out")
        scratch.plant("precious", at: "target")
        scratch.link("out/link", to: "\(scratch.path)/target")
        scratch.link("out/folder", to: scratch.path)
        #expect(mkfifo("\(scratch.path)/out/pipe", 0o600) == 0)
        let names = ["link", "folder/target", "pipe", "good"]
        let lines = names.map { #"{"url":"\#(server.url)/text?s=new","output":"\#($0)"}"# }.joined(separator: "\n")
        let run = try await fetch("--format=jsonl", "--ordered").run(stdin: lines)
        let records = try run.records()
        #expect(run.status == 1 && records.map { $0.string("error") } == ["output", "output", "output", nil])
        #expect(scratch.text("target") == "precious" && scratch.text("out/good") == "new")
        #expect(run.errorText.contains("will not write to \(scratch.path)/out/link: it is a symbolic link"))
    }

    @Test("A body that fails leaves nothing behind") func failedBodies() async throws {
        let urls = ["/short-body", "/partial?key=\(scratch.path)", "/gzip-cut", "/status?code=500"].map { server.url + $0 }
        let run = try await fetch("--retry=0").run(stdin: urls.joined(separator: "\n"))
        #expect(run.status == 1 && run.errorLines.count == 4)
        #expect(scratch.names().filter { !$0.hasSuffix(host) } == ["out"])
    }

    @Test("Bodies of failed requests are saved on request") func failWithBody() async throws {
        let run = try await fetch("--fail-with-body", "--name={basename}", "\(server.url)/status?code=404").run()
        #expect(run.status == 1 && scratch.text("out/status")?.isEmpty == false)
    }

    @Test("What exists is left alone, replaced, or gets a neighbour with a number") func existing() async throws {
        let server = try Server.scripted()
        let name = "--name={basename}"
        for round in 1...2 {
            let run = try await fetch("--skip-existing", name, "--format=jsonl", "\(server.url)/text?s=\(round)").run()
            let record = try #require(try run.records().first)
            #expect(
                record.bool("ok") == true && record.string("body_file") == "\(scratch.path)/out/text" && scratch.text("out/text") == "1")
            #expect(record.isNull("response_code") == (round == 2))
        }
        #expect(try await server.log().count { $0.target.hasPrefix("/text") } == 1)
        for round in 2...3 { _ = try await fetch("--no-clobber", name, "\(server.url)/text?s=\(round)").run() }
        #expect(["text", "text.1", "text.2"].map { scratch.text("out/\($0)") } == ["1", "2", "3"])
        _ = try await fetch(name, "\(server.url)/text?s=4").run()
        #expect(scratch.text("out/text") == "4" && scratch.names().count == 4)
    }

    @Test("Files of one content share a name made of its hash, and folders spread names") func hashes() async throws {
        let urls = ["x", "y", "x"].map { "\(server.url)/text?s=\($0)" }.joined(separator: "\n")
        let records = try await fetch("--name={sha256}.{ext}", "--shard-dirs", "--format=jsonl", "--ordered").run(stdin: urls).records()
        let files = records.compactMap { $0.string("body_file") }
        #expect(files.count == 3 && files[0] == files[2] && files[0] != files[1])
        let hash = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        #expect(files[0].hasSuffix("/\(hash)") && files[0].split(separator: "/").dropLast().last?.count == 3)
    }

    @Test("-O saves here, -R keeps the server's time") func compatibility() async throws {
        let nginx = try Server.nginx.get()
        let run = try await Command.shell("cd \(scratch.path) && $FETCH -OR \(nginx.url)/text.txt \(nginx.url)/7").run()
        #expect(run.status == 0 && run.output.isEmpty && scratch.text("7") == "file 7\n")
        let head = try await Command("curl", ["-sI", "\(nginx.url)/text.txt"]).run().text
        let time = try await Command("date", ["-u", "-r", "\(scratch.path)/text.txt", "+%a, %d %b %Y %H:%M:%S GMT"]).run().text
        #expect(head.contains("Last-Modified: \(time.dropLast())"))
    }

    @Test("20,000 files of one run are made in less than 60 MB of memory") func manyFiles() async throws {
        let nginx = try Server.nginx.get()
        let list = "for i in $(seq 200); do seq -f '\(nginx.url)/%g' 100; done"
        let run = try await Command.shell(
            "\(list) | /usr/bin/time -f %M $FETCH --output-dir \(scratch.path)/out --name '{index}' --shard-dirs && find \(scratch.path)/out -type f | wc -l"
        ).run(deadline: .seconds(300))
        #expect(run.text == "20000\n" && Int(run.errorLines.last ?? "").map { $0 < 60_000 } == true)
    }

    @Test("A directory that goes away ends the run with status 74") func deleted() async throws {
        let key = UUID().uuidString
        let running = try fetch("-j1", "\(server.url)/text?s=a", "\(server.url)/hold?key=\(key)", "\(server.url)/text?s=c").start()
        #expect(await scratch.wait(for: "out/\(host)/text%3Fs=a", bytes: 1))
        try FileManager.default.removeItem(atPath: "\(scratch.path)/out")
        try await server.release(key)
        let run = await running.finish()
        #expect(run.status == 74 && run.errorText.contains("\(scratch.path)/out/"))
    }

    @Test("A directory that cannot be made is status 73, before anything is fetched") func unmakeable() async throws {
        scratch.plant("x", at: "file")
        let run = try await Command.fetch("--output-dir", "\(scratch.path)/file/out", "\(server.url)/ok").run()
        #expect(run.status == 73 && run.errorText.contains("\(scratch.path)/file/out"))
        #expect(try await Command.fetch("-o", "\(scratch.path)/no/file", "\(server.url)/ok").run().status == 73)
    }
}
