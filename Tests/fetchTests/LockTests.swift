import Foundation
import Support
import Testing

@Suite("Outputs that another process has") struct LockTests {
    private let server: Server
    private let scratch = Scratch()

    init() throws { server = try Server.faults.get() }

    private func path(_ name: String) -> String { "\(scratch.path)/\(name)" }

    /// A process that has its outputs, has written a record to standard output, and waits for more input.
    private func start(_ arguments: [String]) async throws -> Running {
        let running = try Command.fetch(arguments + ["-w", "ready\\n", "-"]).start()
        running.write("\(server.url)/text?s=first%0A\n")
        #expect(await running.waitForOutput { String(decoding: $0, as: UTF8.self).contains("ready") })
        return running
    }

    private func finish(_ running: Running) async -> Completed {
        running.write("\(server.url)/text?s=second%0A\n")
        running.closeInput()
        return await running.finish(deadline: .seconds(60))
    }

    private func expectRefusal(_ run: Completed, _ name: String) {
        #expect(run.status == 73 && run.errorText == "fetch: cannot write to \(path(name)): it is in use by another process\n")
    }

    @Test("A second process with the same file ends at once, and the first one's is whole") func stream() async throws {
        let first = try await start(["-o", path("x")])
        for name in ["x", "./x", "link"] {
            if name == "link" { scratch.link("link", to: "x") }
            expectRefusal(try await Command.fetch("-o", path(name), "\(server.url)/text?s=other").run(), name)
        }
        #expect(scratch.text("x")?.hasPrefix("first\n") == true)
        #expect(await finish(first).status == 0)
        #expect(scratch.text("x") == "first\nsecond\n")
        #expect(try await Command.fetch("-o", path("x"), "\(server.url)/text?s=other").run().status == 0)
        #expect(scratch.text("x") == "other")
    }

    @Test("In every format", arguments: Container.all) func formats(container: Container) async throws {
        let arguments = ["--format", container.format, "-o", path("out.warc.gz")]
        let first = try Command.fetch(arguments + ["-"]).start()
        first.write("\(server.url)/text?s=file+1%0A\n")
        #expect(await scratch.wait(for: "out.warc.gz", bytes: 1))
        expectRefusal(try await Command.fetch(arguments + ["\(server.url)/text?s=x"]).run(), "out.warc.gz")
        first.closeInput()
        #expect(await first.finish(deadline: .seconds(60)).status == 0)
        let count = try await Command.shell("OUT=\(path("out.warc.gz"))\n\(container.count)").run()
        #expect(count.text == "1\n" && count.status == 0)
    }

    @Test(
        "So are the other outputs",
        arguments: [
            ["--manifest", "FILE", "--output-dir", "DIR"], ["--stats", "FILE"], ["-c", "FILE"], ["-w", "%output{FILE}%{response_code}"],
        ]) func others(options: [String]) async throws
    {
        let arguments = options.map { $0.replacing("FILE", with: path("x")).replacing("DIR", with: path("d")) }
        scratch.plant("old", at: "kept")
        let first = try Command.fetch(arguments + ["--format=none", "-"]).start()
        first.write("\(server.url)/hold?key=\(scratch.path)\n")
        // The request is there: outputs are opened before.
        while try await !server.log().contains(where: { $0.target.contains(scratch.path) }) { try await Task.sleep(for: .milliseconds(20)) }
        expectRefusal(try await Command.fetch(arguments + ["\(server.url)/text?s=x"]).run(), "x")
        // What comes before it is not emptied.
        if options[0] != "--manifest" {
            expectRefusal(try await Command.fetch(arguments + ["-o", path("kept"), "\(server.url)/text?s=x"]).run(), "x")
            #expect(scratch.text("kept") == "old")
        }
        try await server.release(scratch.path)
        first.closeInput()
        #expect(await first.finish(deadline: .seconds(60)).status == 0)
        #expect(scratch.size("x").map { $0 > 0 } == true)
    }

    @Test("A file that is appended to may have several writers") func appended() async throws {
        let first = try Command.fetch("--format=none", "-w", "%output{>>\(path("x"))}%{url}\\n", "-").start()
        first.write("\(server.url)/text?s=1\n")
        #expect(await scratch.wait(for: "x", bytes: 1))
        #expect(
            try await Command.fetch("--format=none", "-w", "%output{>>\(path("x"))}%{url}\\n", "\(server.url)/text?s=2").run().status == 0)
        first.closeInput()
        #expect(await first.finish(deadline: .seconds(60)).status == 0)
        #expect(scratch.text("x") == "\(server.url)/text?s=1\n\(server.url)/text?s=2\n")
    }

    @Test("Each WARC file of several, and their index, belong to one process") func rotation() async throws {
        let options = ["--format", "warc", "--warc-max-size", "1", "-o", path("x.warc.gz")]
        let first = try Command.fetch(options + ["-"]).start()
        first.write((1...3).map { "\(server.url)/text?s=\($0)\n" }.joined())
        #expect(await scratch.wait(for: "x-00002.warc.gz", bytes: 1))
        let second = try await Command.fetch(options + ["\(server.url)/text?s=x"]).run()
        expectRefusal(second, "x-00000.warc.gz")
        let last = try await Command.fetch("-o", path("x-00002.warc.gz"), "\(server.url)/text?s=x").run()
        expectRefusal(last, "x-00002.warc.gz")
        // Another file, whose index has the same name.
        let index = try await Command.fetch("--format", "warc", "-o", path("x.warc"), "\(server.url)/text?s=x").run()
        expectRefusal(index, "x.cdxj.part")
        first.closeInput()
        #expect(await first.finish(deadline: .seconds(60)).status == 0)
        let check = try await Command.shell(
            "cd \(scratch.path); zgrep -a -c '^WARC-Type: response' x-0000[012].warc.gz; wc -l < x.cdxj; ls"
        ).run()
        #expect(check.text.hasPrefix("x-00000.warc.gz:1\nx-00001.warc.gz:1\nx-00002.warc.gz:1\n3\n") && !check.text.contains("part"))
    }

    @Test("A run that fails leaves no index, and no part of one") func noIndex() async throws {
        let trace = "strace -f -qq -o /dev/null -P \(path("x.warc.gz")) -e trace=write -e inject=write:error=EIO:when=1"
        let run = try await Command.shell("\(trace) $FETCH --format warc -o \(path("x.warc.gz")) \(server.url)/text?s=x").run()
        #expect(run.status == 74 && scratch.names() == ["x.warc.gz"])
    }

    @Test("File systems without locks go without", arguments: ["EOPNOTSUPP", "ENOLCK", "ENOSYS", "EINVAL", "EINTR:when=1"])
    func unsupported(error: String) async throws {
        let trace = "strace -f -qq -o /dev/null -e trace=flock -e inject=flock:error=\(error)"
        scratch.plant("a longer text", at: "x")
        let run = try await Command.shell("\(trace) $FETCH -o \(path("x")) \(server.url)/text?s=new").run()
        #expect(run.status == 0 && scratch.text("x") == "new")
    }

    @Test("Of several that start together one has the file", arguments: 1...3) func together(_: Int) async throws {
        let line = """
            cd \(scratch.path); for i in 1 2 3; do
            ($FETCH --format warc -o x.warc.gz \(server.url)/hold?key=\(scratch.path)\\&s=$i 2>/dev/null; echo $?) & done; wait
            """
        let running = try Command.shell(line).start()
        // Two have given up.
        #expect(await running.waitForOutput { $0.count { $0 == UInt8(ascii: "\n") } == 2 })
        try await server.release(scratch.path)
        let run = await running.finish(deadline: .seconds(60))
        #expect(run.text == "73\n73\n0\n")
        #expect(try await Command.shell("zgrep -a -c '^WARC-Type: response' \(path("x.warc.gz"))").run().text == "1\n")
    }
}

@Suite("The file of a cookie jar") struct CookieFileTests {
    private let server: Server
    private let scratch = Scratch()
    private var jar: String { "\(scratch.path)/jar" }
    private static let old = "# Netscape HTTP Cookie File\n\n127.0.0.1\tFALSE\t/\tFALSE\t0\told\t1\n"

    init() throws { server = try Server.httpbin.get() }

    private func set(_ cookie: String) -> String { "\(server.url)/response-headers?Set-Cookie=\(cookie)" }

    @Test("It says what curl's says") func content() async throws {
        let urls = [
            set("a%3D1"), set("b%3D2%3B%20Path%3D/x%3B%20HttpOnly"), set("c%3D3%3B%20Max-Age%3D0"),
            set("e%3D%3B%20SameSite%3DLax"), set("a%3D5"),
        ]
        #expect(
            try await Command("curl", ["-s", "-c", "\(scratch.path)/curl", "-o", "/dev/null"] + urls.flatMap { [$0] }).run().status == 0)
        #expect(try await Command.fetch(["-j1", "--format=none", "-c", jar] + urls).run().status == 0)
        let (ours, theirs) = try (#require(scratch.text("jar")), #require(scratch.text("curl")))
        #expect(ours.hasSuffix("\n") && ours.split(separator: "\n").count == 6)
        #expect(ours.components(separatedBy: "\n").sorted() == theirs.components(separatedBy: "\n").sorted(), "\(ours)\n\(theirs)")
        // Each can go on with the other's.
        #expect(try await Command("curl", ["-s", "-b", jar, "\(server.url)/cookies"]).run().text.contains("\"a\":\"5\""))
        // Without a cookie there is an empty one, as with curl.
        #expect(try await Command.fetch("-c", "\(scratch.path)/none", "\(server.url)/get").run().status == 0)
        #expect(scratch.text("none")?.split(separator: "\n").count == 3)
    }

    @Test("It replaces the old one when it is whole, with its rights, also behind a link") func replaced() async throws {
        scratch.plant(Self.old, at: "file")
        scratch.link("jar", to: "file")
        #expect(chmod("\(scratch.path)/file", 0o640) == 0)
        let running = try Command.fetch("-b", jar, "-c", jar, "-").start()
        running.write("\(server.url)/cookies\n")
        #expect(await running.waitForOutput { !$0.isEmpty })
        #expect(scratch.text("file") == Self.old)
        running.write(set("new%3D2") + "\n")
        running.closeInput()
        #expect(await running.finish().status == 0)
        #expect(scratch.text("file")?.contains("\told\t1\n") == true && scratch.text("file")?.contains("\tnew\t2\n") == true)
        #expect(
            try await Command("stat", ["-c", "%a %F", "\(scratch.path)/file", jar]).run().text == "640 regular file\n777 symbolic link\n")
        _ = try await Command.fetch("-c", "\(scratch.path)/new", "\(server.url)/get").run()
        #expect(try await Command("stat", ["-c", "%a", "\(scratch.path)/new"]).run().text == "600\n")
    }

    @Test("One that cannot be is status 73 before the first request") func uncreatable() async throws {
        let faults = try Server.faults.get()
        for name in ["/nonexistent/jar", scratch.path, "/dev/null/jar"] {
            let run = try await Command.fetch("-c", name, "\(faults.url)/text?s=unasked").run()
            #expect(run.status == 73 && run.text.isEmpty && run.errorLines.count == 1 && run.errorText.contains(name))
        }
        let readOnly = try await Command.shell(
            """
            unshare \(getuid() == 0 ? "-m" : "-rm") bash -c 'mount -t tmpfs -o ro none \(scratch.path) || exit 99
            $FETCH -c \(jar) \(faults.url)/text?s=unasked'
            """
        ).run()
        #expect(readOnly.status == 73 && readOnly.text.isEmpty && readOnly.errorText.contains("Read-only file system"))
        #expect(try await Command.fetch("-c", "-", "\(server.url)/get").run().status == 64)
    }

    @Test("One that cannot be written in the end is status 74 and one line, and the old one stays") func unwritable() async throws {
        scratch.plant(Self.old, at: "jar")
        let trace = "strace -f -qq -o /dev/null -e trace=rename -e inject=rename:error=EIO"
        let run = try await Command.shell("\(trace) $FETCH --format=none -c \(jar) \(set("new%3D2"))").run()
        #expect(run.status == 74 && run.errorText == "fetch: cannot write to \(jar): Input/output error\n")
        #expect(scratch.names() == ["jar"] && scratch.text("jar") == Self.old)
        // A file system with room for the old one alone.
        let inside = """
            mount -t tmpfs -o size=8k none \(scratch.path) || exit 99
            echo old > \(jar); head -c 4096 /dev/zero > \(scratch.path)/filler
            $FETCH --format=none -c \(jar) "\(set("new%3D2"))"; echo $?; cat \(jar); ls \(scratch.path)
            """
        let full = try await Command("unshare", [getuid() == 0 ? "-m" : "-rm", "bash", "-c", inside]).run()
        #expect(full.text == "74\nold\nfiller\njar\n" && full.errorText.contains("No space left on device"))
    }

    @Test("A folder that goes away is told as well, and so is a device that is full") func gone() async throws {
        try scratch.makeDirectory("d")
        let running = try Command.fetch("-s", "-c", "\(scratch.path)/d/jar", "-").start()
        running.write("\(server.url)/get\n")
        #expect(await running.waitForOutput { !$0.isEmpty })
        try FileManager.default.removeItem(atPath: "\(scratch.path)/d")
        running.closeInput()
        let run = await running.finish()
        #expect(run.status == 74 && run.errorText == "fetch: cannot write to \(scratch.path)/d/jar: No such file or directory\n")
        let full = try await Command.fetch("-c", "/dev/full", "\(server.url)/get").run()
        #expect(full.status == 74 && full.errorText == "fetch: cannot write to /dev/full: No space left on device\n")
        #expect(try await Command.fetch("-c", "/dev/null", "\(server.url)/get").run().status == 0)
        #expect(FileManager.default.fileExists(atPath: "/dev/null") && access("/dev/null", R_OK | W_OK) == 0)
    }
}
