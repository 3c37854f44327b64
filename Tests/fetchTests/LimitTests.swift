import Foundation
import Support
import Testing

@Suite("Concurrency, memory, descriptors") struct LimitTests {
    @Test("Never more than -j at once, and always that many while there is work", arguments: [1, 7, 50]) func concurrency(limit: Int)
        async throws
    {
        let server = try Server.scripted()
        let list = (0..<(limit * 6)).map { _ in "\(server.url)/ok?ms=100&crowd=\(limit)" }.joined(separator: "\n")
        #expect(try await Command.fetch("-j\(limit)", "--format=none").run(stdin: list).status == 0)
        #expect(try await server.stats()["most"] == limit)
    }

    @Test("Never more than --per-host at one host, 8 by default, and -j alone lifts it") func perHost() async throws {
        for (options, most) in [
            ([], 8), (["--per-host", "3"], 3), (["-j", "20"], 20), (["-j20", "--per-host=4"], 4), (["--threads", "3"], 8),
        ] {
            let server = try Server.scripted()
            let list = (0..<60).map { _ in "\(server.url)/ok?ms=50&crowd=\(most)" }.joined(separator: "\n")
            #expect(try await Command.fetch(options + ["--format=none"]).run(stdin: list).status == 0)
            #expect(try await server.stats()["most"] == most)
        }
    }

    @Test("The limit of a host holds for redirects as well") func redirects() async throws {
        let server = try Server.scripted()
        let list = (0..<40).map { _ in "\(server.url)/redirect?to=/ok%3Fms=30%26crowd=2" }.joined(separator: "\n")
        #expect(try await Command.fetch("--per-host=2", "--format=none").run(stdin: list).status == 0)
        #expect(try await server.stats()["most"] == 2)
    }

    @Test("The first transfer starts before the list ends, and no more is read ahead than allowed") func lookAhead() async throws {
        let server = try Server.scripted()
        let run = try await Command.shell(
            "yes \(server.url)/ok | head -1000000 | $FETCH --look-ahead 100 --format jsonl | head -2000 | wc -l"
        ).run()
        #expect(run.text.trimmingCharacters(in: .whitespacesAndNewlines) == "2000")
        #expect(try await server.stats()["requests", default: 0] < 100_000)
    }

    /// The peak as the kernel counts it for `fetch` alone, in KiB.
    private func peak(_ line: String, deadline: Duration = .seconds(600)) async throws -> (kibibytes: Int, output: String) {
        let file = Paths.temporary("peak-\(UInt32.random(in: 0...UInt32.max))").path
        let run = try await Command.shell(line.replacingOccurrences(of: "$FETCH", with: "/usr/bin/time -f %M -o \(file) $FETCH")).run(
            deadline: deadline)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let last = text.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
        return (try #require(Int(last)), run.text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test("A body of 2 GB goes through in less than 48 MiB") func bigBody() async throws {
        let nginx = try Server.nginx.get()
        let (peak, output) = try await peak("$FETCH \(nginx.url)/2g | wc -c")
        #expect(output == "\(2 << 30)" && peak < 48 << 10)
    }

    @Test("Ten ordered bodies of 500 MB go through in less than 48 MiB") func bigBodies() async throws {
        let nginx = try Server.nginx.get()
        let urls = (0..<10).map { "\(nginx.url)/500m?\($0)" }.joined(separator: " ")
        let (peak, output) = try await peak("$FETCH \(urls) | wc -c")
        #expect(output == "\(10 * (500 << 20))" && peak < 48 << 10)
    }

    @Test("One slow body in front of 100,000 small ones waits in less than 48 MiB", arguments: ["body", "jsonl"]) func slowFirst(
        format: String
    ) async throws {
        let nginx = try Server.nginx.get()
        let server = try Server.faults.get()
        let line =
            "(echo '\(server.url)/drip?n=10&ms=600'; yes \(nginx.url)/1 | head -100000) | $FETCH --ordered --format \(format) | (head -c 10; wc -l)"
        let (peak, output) = try await peak(line)
        #expect(output.hasSuffix(format == "body" ? "100000" : "100001") && peak < 48 << 10)
    }

    @Test("When the reader is slow, memory stays bounded and nothing is lost") func slowReader() async throws {
        let nginx = try Server.nginx.get()
        let urls = (0..<8).map { "\(nginx.url)/40m?\($0)" }.joined(separator: " ")
        for option in ["--ordered", "--unordered", "--format=jsonl"] {
            let (peak, output) = try await peak("$FETCH \(option) \(urls) | (sleep 2; wc -c)")
            #expect(Int(output) ?? 0 >= 8 * (40 << 20) && peak < 48 << 10)
        }
    }

    @Test("While the reader of standard output sleeps, the other sockets are served") func noStarvation() async throws {
        let nginx = try Server.nginx.get()
        let server = try Server.scripted()
        let urls = (0..<6).map { "'\(server.url)/drip?n=20&ms=20'" + ($0 == 5 ? " '\(server.url)/text?s=x'" : "") }.joined(separator: " ")
        // The first body fills the pipe; the reader reads on when the server has answered everything else, or never.
        let run = try await Command.shell(
            "$FETCH \(nginx.url)/40m \(urls) | (until curl -s \(server.url)/stats | grep '\"requests\": 7, \"now\": 0'; do sleep 0.1; done >&2; wc -c)"
        ).run()
        #expect(run.text.trimmingCharacters(in: .whitespacesAndNewlines) == "\((40 << 20) + 6 * 20 + 1)")
        let stats = try JSONSerialization.jsonObject(with: run.errors) as? [String: Int]
        #expect(stats?["requests"] == 7 && stats?["now"] == 0)
    }

    @Test("Without room for temporary files transfers wait, and nothing fails") func noTemporarySpace() async throws {
        let nginx = try Server.nginx.get()
        let urls = (0..<6).map { "\(nginx.url)/40m?\($0)" } + (0..<200).map { _ in "\(nginx.url)/text.txt" }
        for option in ["--ordered", "--unordered"] {
            var command = Command.fetch([option, "--body-memory=100k"] + urls)
            command.environment = ["TMPDIR": "/nonexistent"]
            let run = try await command.run()
            #expect(run.status == 0 && run.output.count == 6 * (40 << 20) + 200 * 22000)
        }
    }

    @Test("Without room for temporary files a body too large for memory is a clear failure, and the others are fine") func noRoomAtAll()
        async throws
    {
        let nginx = try Server.nginx.get()
        var command = Command.fetch("--format=jsonl", "--ordered", "\(nginx.url)/40m", "\(nginx.url)/1", "\(nginx.url)/40m")
        command.environment = ["TMPDIR": "/nonexistent"]
        let records = try await command.run().records()
        #expect(records.map { $0.string("error") } == ["local_resource", nil, "local_resource"])
    }

    @Test("Few descriptors mean fewer at once and one line that says so, no failures") func descriptors() async throws {
        let server = try Server.scripted()
        let list = try Paths.file("descriptors.txt", (0..<100).map { _ in "\(server.url)/text?s=x" }.joined(separator: "\n"))
        for limit in [20, 64] {
            let run = try await Command.shell(
                "for fd in /proc/$$/fd/*; do fd=${fd##*/}; [ $fd -gt 2 ] && eval \"exec $fd>&-\"; done; ulimit -n \(limit); $FETCH -j 1000 -i \(list)"
            ).run()
            #expect(run.status == 0 && run.text == String(repeating: "x", count: 100))
            #expect(run.errorLines.count == 1 && run.errorText.contains("file descriptors"))
        }
    }

    @Test("Two descriptors for each transfer are enough") func fewerDescriptors() async throws {
        let server = try Server.scripted()
        let list = try Paths.file("crowd.txt", (0..<40).map { _ in "\(server.url)/ok?crowd=40" }.joined(separator: "\n"))
        let run = try await Command.shell(
            "for fd in /proc/$$/fd/*; do fd=${fd##*/}; [ $fd -gt 2 ] && eval \"exec $fd>&-\"; done; ulimit -n 100; $FETCH -j 40 --format none -i \(list)"
        ).run()
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(try await server.stats()["most"] == 40)
    }

    @Test("The soft limit of descriptors is raised to the hard one") func raised() async throws {
        let server = try Server.scripted()
        let list = try Paths.file("raised.txt", (0..<300).map { _ in "\(server.url)/ok?crowd=300" }.joined(separator: "\n"))
        let run = try await Command.shell("ulimit -Sn 64; $FETCH -j 300 --format none -i \(list)").run()
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(try await server.stats()["most"] == 300)
    }

    @Test("Works on one processor") func oneProcessor() async throws {
        let nginx = try Server.nginx.get()
        let run = try await Command.shell("yes \(nginx.url)/1 | head -5000 | taskset -c 0 $FETCH -j 100 --threads 2 | wc -l").run()
        #expect(run.text.trimmingCharacters(in: .whitespacesAndNewlines) == "5000")
    }

    @Test("Closed standard descriptors do not become sockets") func closedDescriptors() async throws {
        let server = try Server.faults.get()
        #expect(try await Command.shell("$FETCH \(server.url)/ok >&-").run().status == 74)
        #expect(try await Command.shell("$FETCH \(server.url)/text?s=x 2>&- <&-").run().text == "x")
    }

    // MARK: Files

    @Test(
        "A file without an end is refused, whoever reads it",
        arguments: [
            ("-K", "FILE", "1 MiB"), ("-H", "@FILE", "1 MiB"), ("-w", "@FILE", "1 MiB"), ("--netrc-file", "FILE", "1 MiB"),
            ("-b", "FILE", "256 MiB"),
            ("-d", "@FILE", "1 GiB"), ("--data-binary", "@FILE", "1 GiB"), ("--data-urlencode", "x@FILE", "1 GiB"),
            ("--data-json", "@FILE", "1 GiB"),
        ]) func endless(option: String, value: String, limit: String) async throws
    {
        // By what it says of itself, and by what comes out of it.
        let sparse = Paths.temporary("sparse-\(UUID().uuidString)").path
        #expect(FileManager.default.createFile(atPath: sparse, contents: nil) && truncate(sparse, 3 << 30) == 0)
        for file in ["/dev/zero", sparse] {
            // Those of a gigabyte take long in a debug build's company: one of them stands for all.
            if file == "/dev/zero" && limit == "1 GiB" && option != "-d" { continue }
            let run = try await Command.shell(
                "ulimit -v 8000000; $FETCH -s \(option) \(value.replacing("FILE", with: file)) http://127.0.0.1:1/"
            ).run()
            #expect(run.status == 66 && run.errorText == "fetch: cannot read \(file): it is larger than \(limit)\n")
        }
        let input = try await Command.shell("$FETCH \(option) \(value.replacing("FILE", with: "-")) http://127.0.0.1:1/ < \(sparse)").run()
        #expect(input.status == 66 && (input.errorText.contains("standard input: it is larger than \(limit)") || option == "--netrc-file"))
    }

    @Test("A file of the largest size is read") func largest() async throws {
        let line = "# a comment\n"
        let text = String(repeating: line, count: (1 << 20) / line.count)
        let file = try Paths.file("large-\(UUID().uuidString)", text + String(repeating: "#", count: (1 << 20) - text.utf8.count))
        let server = try Server.faults.get()
        for option in [["-K", file], ["-H", "@\(file)"], ["--netrc-file", file]] {
            #expect(try await Command.fetch(option + ["\(server.url)/text?s=x"]).run().text == "x")
        }
        try (text + text).write(toFile: file, atomically: false, encoding: .utf8)
        #expect(try await Command.fetch("-K", file, "\(server.url)/text?s=x").run().status == 66)
    }

    @Test("The body_file of a line may have any size, because it is read while it is sent") func bodyFile() async throws {
        let sparse = Paths.temporary("sparse-\(UUID().uuidString)").path
        #expect(FileManager.default.createFile(atPath: sparse, contents: nil) && truncate(sparse, 3 << 30) == 0)
        let run = try await Command.shell("ulimit -v 2000000; $FETCH --retry=0 --format=jsonl").run(
            stdin: #"{"url":"http://127.0.0.1:1/","body_file":"\#(sparse)"}"#)
        #expect(try run.records().first?.string("error") == "connect")
    }
}
