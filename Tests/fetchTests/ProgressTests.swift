import Foundation
import Support
import Testing

@Suite("Progress") struct ProgressTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    /// What a person saw; see Tests/Support/servers/terminal.py.
    private struct Seen {
        let status: Int
        let screen: [String]
        let rows: [String]
        let draws: Int
        let seconds: Double
        let raw: String
    }

    /// `tracer` is a command that runs fetch in its own place.
    private func terminal(
        _ options: [String], tracer: [String] = [], _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) async throws -> Seen {
        let scratch = Scratch()
        scratch.plant(input, at: "list")
        var command = Command(
            Paths.python,
            [Paths.servers.appendingPathComponent("terminal.py").path, "--columns", "200"] + options + ["--"] + tracer + [Command.fetchPath]
                + arguments
                + (input.isEmpty ? [] : ["-i", "\(scratch.path)/list"]))
        command.environment = environment
        let run = try await command.run()
        let seen = try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any], "\(run.errorText)")
        return Seen(
            status: seen["status"] as? Int ?? -1, screen: seen["screen"] as? [String] ?? [], rows: seen["rows"] as? [String] ?? [],
            draws: seen["draws"] as? Int ?? -1, seconds: seen["seconds"] as? Double ?? -1, raw: seen["raw"] as? String ?? "")
    }

    /// Some two seconds of work, with failures in between. With `held` the last but one is not done before that key is released.
    private func list(held key: String? = nil) -> String {
        (1...60).map { number in
            if number == 59, let key { return "\(server.url)/hold?s=59&key=\(key)" }
            return number % 20 == 0 ? "\(server.url)/status?code=404&n=\(number)" : "\(server.url)/text?s=\(number)"
        }.joined(separator: "\n")
    }

    /// The work in a terminal goes on until a row was seen that matches, however late anybody gets a processor.
    private func terminal(until pattern: String, _ options: [String], _ arguments: [String]) async throws -> Seen {
        let key = UUID().uuidString
        return try await terminal(
            options + ["--release", "\(server.url)/release?key=\(key)", pattern], arguments, input: list(held: key))
    }

    private let slow = ["--rate=30/s", "--no-summary"]

    @Test("One line on a terminal, drawn at most ten times a second, gone at the end, and never mixed with errors") func line() async throws
    {
        let seen = try await terminal(until: "/60 .* ETA", ["--stdout", "/dev/null"], slow)
        #expect(seen.status == 1)
        let errors = (1...3).map { "list:\($0 * 20): \(server.url)/status?code=404&n=\($0 * 20): The requested URL returned error: 404" }
        #expect(
            seen.screen.count == 3 && zip(seen.screen.sorted(), errors).allSatisfy { $0.hasPrefix("fetch: ") && $0.hasSuffix("/\($1)") })
        #expect(seen.rows.contains { $0.contains("/60 ") && $0.contains(" ok") && $0.contains("/s") && $0.contains("ETA") })
        #expect(seen.rows.allSatisfy { $0.hasPrefix("fetch: ") || $0.contains(" ok") })
        #expect(seen.draws >= 5 && Double(seen.draws) <= 10 * seen.seconds + 10)
    }

    @Test("No control characters where standard error is no terminal, a dumb one, or one that has the results") func silence() async throws
    {
        let piped = try await Command.fetch(slow + ["--format=none"]).run(stdin: list())
        #expect(piped.errorLines.count == 3 && !piped.errorText.contains("\r") && !piped.errorText.contains("\u{1B}"))
        let dumb = try await terminal(["--stdout", "/dev/null", "--term", "dumb"], slow, input: list())
        #expect(dumb.draws == 0 && dumb.screen.count == 3)
        let shared = try await terminal([], slow + ["--format=jsonl", "--no-body"], input: list())
        #expect(shared.draws == 0)
        let quiet = try await terminal(["--stdout", "/dev/null"], slow + ["-q"], input: list())
        #expect(quiet.draws == 0 && quiet.screen.count == 3)
    }

    @Test("--progress draws it on the terminal that has the results, and no row is spoilt") func shared() async throws {
        let seen = try await terminal(until: "/60 ", ["--columns", "120"], slow + ["--progress", "-w", "%{url}\\n"])
        #expect(seen.draws >= 3)
        let bodies = seen.screen.filter { !$0.hasPrefix("fetch: ") && !$0.hasPrefix("==>") && !$0.isEmpty }
        #expect(bodies.allSatisfy { $0.hasPrefix(server.url) || Int($0) != nil })
        #expect(bodies.count { $0.hasPrefix(server.url) } == 60)
    }

    @Test("A background job draws nothing over the prompt") func background() async throws {
        let job = "\(Command.fetchPath) --progress --no-summary --format none --deadline 2 \(server.url)/silent"
        let seen = try await terminal([], tracer: ["bash", "-c", "set -m; \(job) & wait $!; echo the end"], [])
        #expect(seen.draws == 0 && seen.screen.last == "the end", "\(seen.screen)")
        #expect(try await terminal([], tracer: ["bash", "-c", "set -m; \(job); echo the end"], []).draws > 0)
    }

    @Test("--progress without a terminal is a line now and then") func lines() async throws {
        let running = try Command.fetch("--progress", "--format=none", "\(server.url)/silent", "-m", "100", "--retry=0").start()
        #expect(await running.waitForErrors(.seconds(60)) { String(decoding: $0, as: UTF8.self).contains("fetch: 0") })
        running.send(SIGTERM)
        let run = await running.finish()
        #expect(run.errorLines.first?.hasPrefix("fetch: 0/1") == true && !run.errorText.contains("\u{1B}"))
    }

    @Test("A narrow terminal and one that becomes narrow get a shorter line, never two", arguments: [[], ["--resize", "30"]])
    func narrow(resize: [String]) async throws {
        let columns = resize.isEmpty ? "25" : "100"
        let seen = try await terminal(
            until: "^(?=.{1,29}$).*/60", ["--stdout", "/dev/null", "--columns", columns] + resize, slow + ["-s", "--progress"])
        #expect(seen.draws >= 5 && seen.screen.isEmpty)
        #expect(seen.rows.contains { $0.count < 30 && $0.contains("/60") })
    }

    @Test("SIGUSR1 asks how it goes, and nothing else happens", arguments: [true, false]) func question(hasTerminal: Bool) async throws {
        if hasTerminal {
            let seen = try await terminal(until: "^fetch: .* ok", ["--stdout", "/dev/null", "--signal", "SIGUSR1"], slow)
            #expect(seen.status == 1 && seen.screen.count == 4 && seen.screen.count { $0.hasPrefix("fetch: ") && $0.contains(" ok") } == 1)
        } else {
            let key = UUID().uuidString
            let running = try Command.fetch(slow + ["--format=none"]).start()
            running.write(list(held: key))
            running.closeInput()
            // All others are done.
            let allFailed = await running.waitForErrors(.seconds(60)) {
                String(decoding: $0, as: UTF8.self).components(separatedBy: "error: 404").count == 4
            }
            #expect(allFailed)
            running.send(SIGUSR1)
            #expect(await running.waitForErrors { String(decoding: $0, as: UTF8.self).contains(" ok") })
            try await server.release(key)
            let run = await running.finish()
            #expect(run.status == 1 && run.errorLines.count == 4)
            #expect(run.errorLines.contains { $0.contains("/60 ") && $0.contains(" ok") && $0.contains("in flight") })
        }
    }

    @Test("SIGUSR1 is answered by a terminal that is almost always busy") func busy() async throws {
        let key = UUID().uuidString
        // Four fifths of the time the line is being drawn. -D makes the tracer the child, and fetch the one that is asked.
        let slowly = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=write", "-e", "inject=write:delay_exit=400000"]
        let seen = try await terminal(
            ["--stdout", "/dev/null", "--signal", "SIGUSR1", "--release", "\(server.url)/release?key=\(key)", "^fetch: .* ok"],
            tracer: slowly, ["--no-summary", "--progress", "\(server.url)/hold?s=x&key=\(key)"])
        #expect(seen.status == 0 && seen.screen.count == 1)
    }

    @Test("A run that only waits says for what, and for how long still") func patience() async throws {
        let server = try Server.scripted()
        let running = try Command.fetch("--format=none", "--retry=1", "\(server.url)/flaky?how=503&after=60&key=p").start()
        var isSaid = false
        // As soon as the server has said it.
        while try await server.log().filter({ $0.target.hasPrefix("/flaky") }).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        let end = ContinuousClock.now + .seconds(30)
        while !isSaid && .now < end {
            running.send(SIGUSR1)
            isSaid = await running.waitForErrors(.milliseconds(150)) {
                let said = String(decoding: $0, as: UTF8.self).matches(
                    of: /retrying in (\S+) \(2 of 2\): The requested URL returned error: 503/)
                return Set(said.map(\.output.1)).count > 1
            }
        }
        #expect(isSaid)
        running.send(SIGTERM)
        _ = await running.finish()
    }
}
