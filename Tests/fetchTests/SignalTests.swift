import Foundation
import Support
import Testing

@Suite("Interruption") struct SignalTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    @Test(
        "A signal cancels what is in flight, writes what is finished, sums up, and is raised again",
        arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func signal(number: Int32, status: Int32) async throws {
        let keys = [UUID().uuidString, UUID().uuidString]
        let running = try Command.fetch(
            ["--format=jsonl", "--summary", "\(server.url)/text?s=done"] + keys.map { "\(server.url)/silent?key=\($0)" }
        ).start()
        #expect(await running.waitForOutput { $0.contains(UInt8(ascii: "\n")) })
        for key in keys { try await server.waitForRelease(key) }
        running.send(number)
        let run = await running.finish(deadline: .seconds(60))
        #expect(run.status == status)
        let records = try run.records()
        #expect(records.count == 3 && records.count { $0.string("error") == "cancelled" } == 2 && records.first?.string("body") == "done")
        #expect(run.errorText.contains("3 URLs in") && run.errorText.contains(": 1 fetched, 0 failed, 2 cancelled in flight; "))
    }

    @Test("After a signal the counts add up: what was under way, and what had not begun") func counts() async throws {
        let key = UUID().uuidString
        let urls = ["\(server.url)/text?s=done", "\(server.url)/silent?key=\(key)"] + (1...3).map { "\(server.url)/text?s=\($0)" }
        for options in [["--summary"], []] {
            let running = try Command.fetch(["-j1", "--format=jsonl"] + options + urls).start()
            #expect(await running.waitForOutput { $0.contains(UInt8(ascii: "\n")) })
            try await server.waitForRelease(key)
            running.send(SIGINT)
            let run = await running.finish(deadline: .seconds(60))
            let counts =
                options.isEmpty
                ? "fetch: 1 cancelled in flight, 3 not started\n" : ": 1 fetched, 0 failed, 1 cancelled in flight, 3 not started; "
            #expect(run.errorText.contains(counts))
        }
    }

    @Test("What was not read is not drained, and the summary says so") func unread() async throws {
        let running = try Command.shell(
            "yes \(server.url)/ok?ms=20 | $FETCH --format=jsonl --summary & child=$!; read -r _; kill -TERM $child; wait $child"
        ).start()
        #expect(await running.waitForOutput { !$0.isEmpty })
        running.write("\n")
        let run = await running.finish(deadline: .seconds(60))
        #expect(run.errorText.contains("the input was not read to its end"))
    }

    @Test("A reader that leaves ends the run at once and quietly") func readerLeaves() async throws {
        let run = try await Command.shell("$FETCH \(server.url)/text?s=a%0A \(server.url)/silent | head -1; echo ${PIPESTATUS[0]}").run(
            deadline: .seconds(60))
        #expect(run.text == "a\n141\n" && run.errors.isEmpty && run.status == 0)
        let many = try await Command.shell("yes \(server.url)/ok | $FETCH --unordered | head -3 >/dev/null; echo ${PIPESTATUS[1]}").run(
            deadline: .seconds(60))
        #expect(many.text == "141\n" && many.errors.isEmpty)
    }

    @Test("A full disk is status 74 and a line that names the output", arguments: ["body", "jsonl"]) func fullDisk(format: String)
        async throws
    {
        let run = try await Command.shell("$FETCH --format \(format) \(server.url)/ok > /dev/full").run()
        #expect(run.status == 74 && run.errorText == "fetch: cannot write to standard output: No space left on device\n")
    }

    @Test("A standard error that is full or closed does not stop a run") func deafStandardError() async throws {
        #expect(
            try await Command.shell("$FETCH -v --timings \(server.url)/status?code=404 \(server.url)/text?s=x 2>/dev/full").run().text
                == "x")
        #expect(try await Command.shell("$FETCH -v --timings \(server.url)/status?code=404 \(server.url)/text?s=x 2>&-").run().text == "x")
    }

    @Test("An output that takes nothing does not hold up the end for more than a second") func stuckOutput() async throws {
        let nginx = try Server.nginx.get()
        let running = try Command.shell(
            "$FETCH \(nginx.url)/40m > >(head -c 1 >/dev/null; echo reading >&2; sleep 600) & child=$!; read -r _; kill -TERM $child; wait $child; echo $? >&2"
        ).start()
        // The reader has taken the first byte, and takes no other.
        #expect(await running.waitForErrors { String(decoding: $0, as: UTF8.self).contains("reading\n") })
        running.write("\n")
        let run = await running.finish(deadline: .seconds(60))
        #expect(run.errorText == "reading\n143\n")
    }

    /// Options for each output that a run has, and what the process waits for in the end.
    private static let outputs: [[String]] = [
        ["-o", "FULL"], ["--format=warc", "-o", "FULL"], ["--format=warc", "-o", "PARTS", "--warc-max-size=1"],
        ["--format=none", "-w", "%output{FULL}x"], ["--format=none", "-o", "/dev/null", "-w", "%{stderr}x"],
        ["--output-dir", "FOLDER", "--manifest", "FULL"], ["--format=none", "--stats", "FULL"], ["--format=none", "-c", "FULL"],
        ["--format=none", "-D", "FULL"], ["--format=none", "--failed", "FULL", "FAILING"],
    ]

    @Test("Any output that takes nothing does not hold up the end for more than a second", arguments: outputs)
    func stuckOutputs(options: [String]) async throws {
        let scratch = Scratch()
        let full = "\(scratch.path)/full"
        #expect(mkfifo(full, 0o600) == 0 && mkfifo("\(scratch.path)/x-00001.warc.gz", 0o600) == 0)
        // A named pipe that is full, and whose reader takes nothing.
        let reader = open(full, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        let zeros = [UInt8](repeating: 0, count: 4096)
        while write(reader, zeros, zeros.count) > 0 {}
        let names = [
            "FAILING": "\(server.url)/status?code=404", "FULL": full, "PARTS": "\(scratch.path)/x.warc.gz",
            "FOLDER": "\(scratch.path)/files",
        ]
        let arguments = options.map { names.reduce($0) { $0.replacing($1.key, with: $1.value) } }
        let cookies = try Server.httpbin.get()
        let urls = ["\(server.url)/text?s=a", "\(server.url)/text?s=b", "\(cookies.url)/cookies/set/a/b"]
        let errors = options.contains("%{stderr}x") ? full : "/dev/null"
        let line = "exec $FETCH \((arguments + urls).map { "'\($0)'" }.joined(separator: " ")) 2>'\(errors)'"
        let running = try Command.shell(line).start()
        #expect(await isStuck(running.process), "\(options)")
        running.send(SIGTERM)
        #expect(await running.finish(deadline: .seconds(60)).status == 143, "\(options)")
    }

    /// Waits until a thread of the process waits for the reader of a pipe (proc(5), wchan).
    private func isStuck(_ process: pid_t) async -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while .now < end {
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
            let places = threads.map { (try? String(contentsOfFile: "/proc/\(process)/task/\($0)/wchan", encoding: .utf8)) ?? "" }
            if places.contains(where: { $0.hasSuffix("pipe_write") || $0 == "wait_for_partner" }) { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test("A second signal ends the process at once") func secondSignal() async throws {
        let nginx = try Server.nginx.get()
        // 240 MB that are finished: after one signal they would go on for minutes, as the reader takes its time. The next one may be
        // taken for the same, if it comes within a tenth of a second.
        let reader = "import os, sys, time\nwhile os.read(0, 1 << 16): sys.stderr.write(\"reading\\n\"); time.sleep(0.05)"
        let running = try Command.shell(
            """
            $FETCH --format jsonl \(nginx.url)/40m > >(\(Paths.python) -c '\(reader)') & child=$!; read -r _
            while kill -TERM $child; do sleep 0.2; done 2>/dev/null; wait $child; echo $?
            """
        ).start()
        #expect(await running.waitForErrors { String(decoding: $0, as: UTF8.self).contains("reading\n") })
        running.write("\n")
        #expect(await running.finish(deadline: .seconds(60)).text == "143\n")
    }

    @Test(
        "Before the run begins there is nothing to cancel: the first signal is the end",
        arguments: [
            ["-o", "FIFO"], ["--format=warc", "-o", "FIFO"], ["-i", "FIFO"], ["-K", "FIFO"], ["-d", "@FIFO"],
            ["--data-urlencode", "@FIFO"],
            ["-H", "@FIFO"], ["-w", "@FIFO"], ["-w", "%output{FIFO}"], ["--netrc-file", "FIFO"], ["--manifest", "FIFO", "-O"],
            ["--stats", "FIFO"], ["-b", "FIFO"], ["-c", "FIFO"], ["-d", "@-"], ["-K", "-"],
        ]) func beforeTheRun(options: [String]) async throws
    {
        let fifo = Paths.temporary("fifo-\(UUID().uuidString)").path
        #expect(mkfifo(fifo, 0o600) == 0)
        for (number, status) in [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)] {
            let running = try Command.fetch(options.map { $0.replacing("FIFO", with: fifo) } + ["\(server.url)/text?s=x"]).start()
            // It has blocked the signals, and all of its threads wait.
            while !isWaiting(running.process) { try await Task.sleep(for: .milliseconds(10)) }
            running.send(number)
            #expect(await running.finish(deadline: .seconds(30)).status == status, "\(options)")
        }
    }

    /// Whether all threads of the process wait, and one has blocked SIGTERM. (Not that in sigwait(3), where the kernel shows nothing as
    /// blocked.)
    private func isWaiting(_ process: pid_t) -> Bool {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        let statuses = threads.map { (try? String(contentsOfFile: "/proc/\(process)/task/\($0)/status", encoding: .utf8)) ?? "" }
        return statuses.allSatisfy { $0.contains("State:\tS") }
            && statuses.contains { status in
                let mask = status.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }.flatMap { UInt64($0.suffix(16), radix: 16) }
                return (mask ?? 0) & 1 << UInt64(SIGTERM - 1) != 0
            }
    }

    @Test("A signal that the parent ignores stays ignored") func ignored() async throws {
        let key = UUID().uuidString
        let running = try Command.shell("trap '' INT; exec $FETCH '\(server.url)/text?s=a' '\(server.url)/hold?s=b&key=\(key)'").start()
        #expect(await running.waitForOutput { !$0.isEmpty })
        running.send(SIGINT)
        try await server.release(key)
        let run = await running.finish()
        #expect(run.text == "ab" && run.status == 0)
    }
}
