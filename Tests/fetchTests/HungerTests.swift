import Foundation
import Support
import Testing

/// What happens where a machine has no room, or a server sends without end.
@Suite("Hunger") struct HungerTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    /// In KiB, and the rest of what the program wrote.
    private func peak(_ fetch: String, list: String, directory: String) async throws -> (peak: Int, Completed) {
        var command = Command.shell("TMPDIR=\(directory) /usr/bin/time -f %M $FETCH \(fetch)")
        command.environment = [:]
        let run = try await command.run(stdin: list, deadline: .seconds(180))
        return (Int(run.errorLines.last ?? "") ?? .max, run)
    }

    @Test("Without a temporary directory bodies wait, memory does not grow, and one line says why", arguments: ["body", "jsonl", "tar"])
    func noTemporaryDirectory(format: String) async throws {
        // One of its own, whose requests are those of this test.
        let (server, key) = (try Server.scripted(), "first")
        // The first one holds back what is behind it in input order; there is more of that than memory for it.
        let list = "\(server.url)/hold?key=\(key)&s=first\n" + (0..<80).map { "\(server.url)/big?mb=3&i=\($0)\n" }.joined()
        let (roomy, _) = try await peak("-q --format none", list: "\(server.url)/big?mb=3\n", directory: "/tmp")
        let releasing = Task {
            // Until nothing more can come.
            while try await server.isQuiet() == false { try await Task.sleep(for: .milliseconds(50)) }
            try await server.release(key)
        }
        let (peak, run) = try await peak(
            "-q --ordered --body-memory 16M --format \(format) | cat > /dev/null", list: list, directory: "/nonexistent")
        releasing.cancel()
        #expect(run.status == 0)
        #expect(run.errorLines.count { $0.contains("no room for bodies in /nonexistent: No such file or directory") } == 1)
        // Twice the budget, buffers of connections, what malloc keeps, and a record while it is encoded. All bodies are four times as much.
        #expect(peak < roomy + (64 << 10))
    }

    @Test("A full temporary directory fails no body that fits in memory, and those that do not fit have a clear error") func tooLarge()
        async throws
    {
        let run = try await Command.shell(
            "TMPDIR=/nonexistent $FETCH -q --format jsonl --no-body --sha256 $URL/big?mb=30 $URL/big?mb=2 $URL/big?mb=30"
        ).withURL(server).run()
        #expect(try run.records().map { $0.string("error") } == [nil, nil, nil])
        let kept = try await Command.shell(
            "TMPDIR=/nonexistent $FETCH -q --ordered --format jsonl --body-memory 4M $URL/big?mb=30 $URL/big?mb=2 $URL/big?mb=30 | jq -c '[.error, .size_download > 1000000]'"
        ).withURL(server).run()
        #expect(kept.text == "[\"local_resource\",true]\n[null,true]\n[\"local_resource\",true]\n")
    }

    @Test("What waits for a retry gets its room although a later body has filled the memory", arguments: ["body", "jsonl", "none"])
    func firstInLine(format: String) async throws {
        let server = try Server.scripted()
        for threads in ["1", "2"] {
            let first = "\(server.url)/flaky?key=\(threads)&how=503&after=1"
            var command = Command.fetch(
                "-s", "--format=\(format)", "--body-memory=1M", "--no-body", "--threads=\(threads)", first, "\(server.url)/big?mb=12")
            command.environment = ["TMPDIR": "/nonexistent"]
            #expect(try await command.run(deadline: .seconds(90)).status == 0)
        }
    }

    @Test("A transfer that waits for bandwidth and then for room is not forgotten") func bandwidthAndRoom() async throws {
        let list = (0..<24).map { "\(server.url)/ok?n=786432&i=\($0)\n" }.joined()
        var command = Command.fetch("-s", "--format=jsonl", "--body-memory=1M", "--limit-rate=20M", "--per-host=24")
        command.environment = ["TMPDIR": "/nonexistent"]
        let run = try await command.run(stdin: list, deadline: .seconds(90))
        #expect(run.status == 0)
        #expect(try run.records().count == 24)
    }

    @Test("Without any memory for bodies as much runs at once as with", arguments: ["0", "1"]) func noMemory(size: String) async throws {
        let server = try Server.scripted()
        // None is answered before all are there.
        let urls = (0..<6).map { "\(server.url)/ok?crowd=6&i=\($0)" }
        #expect(try await Command.fetch(["--format=none", "--body-memory=\(size)"] + urls).run(deadline: .seconds(90)).status == 0)
    }

    @Test("A compressed body past its limit ends, however slow its reader is", arguments: ["--max-filesize=20M", "--max-ratio=50"])
    func bombIntoSlowReader(limit: String) async throws {
        let gate = Paths.temporary("bomb-gate\(limit.count)").path
        let run = try await Command.shell(
            "mkfifo \(gate); { $FETCH \(limit) $URL/bomb\\?first=3000\\&ms=500; echo $? >&2; } | { read -r -n 1 _ < \(gate); cat > /dev/null; } & sleep 2; echo > \(gate); wait"
        ).withURL(server).run(deadline: .seconds(60))
        #expect(run.errorText.hasSuffix("\n1\n") && !run.errorText.contains("cancelled"))
    }

    @Test(
        "Another transfer of the loop goes on beside a flood of frames",
        arguments: ["window-flood", "empty-flood", "window-flood?early=1", "settings-flood"])
    func floodBeside(flood: String) async throws {
        let http2 = try Server.http2.get()
        let running = try Command.fetch("-k", "--http2", "--unordered", "--format=jsonl", "--retry=0", "-m", "100").start()
        running.write("\(http2.url)/\(flood)\n")
        running.write("\(server.url)/hold?key=beside-\(flood.count)&s=beside\n")
        running.closeInput()
        try await server.release("beside-\(flood.count)")
        let run = await running.finish()
        let records = try run.records()
        #expect(records.count == 2 && records.contains { $0.string("body") == "beside" })
        // Ended by what it is, and not by the time.
        #expect(records.allSatisfy { $0.string("error") != "timeout_total" })
    }
}

extension Command {
    fileprivate func withURL(_ server: Server) -> Command {
        var command = self
        command.environment["URL"] = server.url
        return command
    }
}

extension Server {
    /// Whether no request has come for a moment: nothing can go on before what is held back does.
    fileprivate func isQuiet() async throws -> Bool {
        let first = try await stats()
        try await Task.sleep(for: .milliseconds(700))
        let second = try await stats()
        return first["requests"] == second["requests"] && second["requests", default: 0] > 1
    }
}
