import Foundation
import Support
import Testing

/// A format, and the outside program that reads what was written: its line counts records, and fails where one is not whole.
struct Container: Sendable, CustomTestStringConvertible {
    let format: String
    /// For the shell; $OUT is the file.
    let count: String

    var testDescription: String { format }

    static let all = [
        Container(format: "body", count: "grep -c '^file [0-9]*$' $OUT"),
        Container(format: "jsonl", count: "jq -e .index $OUT | wc -l"),
        Container(
            format: "csv",
            count:
                "\(Paths.python) -c 'import csv,sys; print(len(list(csv.reader(open(sys.argv[1], newline=\"\"), strict=True))) - 1)' $OUT"),
        Container(format: "tar", count: "tar tf $OUT | wc -l"),
        Container(format: "har", count: "jq -e '.log.entries | length' $OUT"),
        Container(format: "warc", count: "gzip -t $OUT && zgrep -a -c '^WARC-Type: response' $OUT"),
    ]
}

@Suite("Outputs that fail") struct OutputFaultTests {
    private let nginx: Server
    private let scratch = Scratch()

    init() throws { nginx = try Server.nginx.get() }

    private func list(_ count: Int) -> String { "for i in $(seq \(count / 100)); do seq -f '\(nginx.url)/%g' 100; done" }

    private func shell(_ container: Container, _ line: String) async throws -> Completed {
        var command = Command.shell("OUT=\(scratch.path)/out.warc.gz; FORMAT=\(container.format)\n" + line)
        command.environment["LC_ALL"] = "C"
        return try await command.run()
    }

    @Test("A full disk is status 74 and a line that names the output", arguments: Container.all) func full(container: Container)
        async throws
    {
        let run = try await shell(container, "\(list(100)) | $FETCH --format $FORMAT > /dev/full")
        #expect(run.status == 74 && run.errorText == "fetch: cannot write to standard output: No space left on device\n")
    }

    @Test("On a disk that becomes full, all that is in the file can be read", arguments: Container.all)
    func fullLater(container: Container) async throws {
        // A file system of 64 KB, in a mount namespace that goes away with the shell.
        let inside = """
            mount -t tmpfs -o size=64k tmpfs \(scratch.path)/small || exit 99
            \(list(20000)) | $FETCH --format $FORMAT -o \(scratch.path)/small/out.warc.gz 2>\(scratch.path)/errors
            status=$?
            cp \(scratch.path)/small/out.warc.gz $OUT
            exit $status
            """
        try scratch.makeDirectory("small")
        let flags = getuid() == 0 ? "-m" : "-rm"
        let run = try await shell(
            container,
            "export OUT FORMAT; unshare \(flags) bash -c '\(inside.replacingOccurrences(of: "'", with: "'\\''"))'; echo $?\n\(container.count)"
        )
        let lines = run.text.split(separator: "\n")
        #expect(lines.first == "74" && run.status == 0, "\(run.errorText)")
        #expect(lines.last.flatMap { Int($0) }.map { $0 >= 5 } == true)
        let errors = withoutLoader(Data((scratch.text("errors") ?? "").utf8))
        #expect(
            String(decoding: errors, as: UTF8.self) == "fetch: cannot write to \(scratch.path)/small/out.warc.gz: No space left on device\n"
        )
    }

    @Test("Interrupted writes lose nothing, and one that fails ends the run", arguments: Container.all)
    func injected(container: Container) async throws {
        let trace = "strace -f -qq -o /dev/null -P $OUT -e trace=write,pwrite64 -e inject=write:"
        for fault in ["error=EINTR:when=1+2", "error=EAGAIN:when=2+3"] {
            let run = try await shell(
                container, "rm -f $OUT; \(list(1000)) | \(trace)\(fault) $FETCH --format $FORMAT -o $OUT && \(container.count)")
            #expect(run.status == 0 && run.text == "1000\n", "\(fault) \(run.errorText)")
        }
        let run = try await shell(
            container, "rm -f $OUT; \(list(20000)) | \(trace)error=EIO:when=3 $FETCH --format $FORMAT -o $OUT; echo $?; \(container.count)")
        let lines = run.text.split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == "74" && Int(lines[1]).map { $0 < 20000 } == true)
        #expect(run.errorText.contains("cannot write to \(scratch.path)/out.warc.gz: Input/output error"))
    }

    @Test("A pipe that takes little at a time gets every byte", arguments: Container.all) func nonBlocking(container: Container)
        async throws
    {
        // The reader makes the pipe small and non-blocking, and takes its time at first.
        let reader = """
            import fcntl, os, subprocess, sys, time
            read, write = os.pipe()
            fcntl.fcntl(write, 1031, 4096)
            os.set_blocking(write, False)
            child = subprocess.Popen([sys.argv[1], "--format", sys.argv[2], "-s"], stdout=write, stdin=sys.stdin)
            os.close(write)
            with open(sys.argv[3], "wb") as out:
                while piece := os.read(read, 1000 if out.tell() < 100_000 else 65536):
                    out.write(piece)
            sys.exit(child.wait())
            """
        scratch.plant(reader, at: "reader.py")
        let run = try await shell(
            container, "\(list(1000)) | \(Paths.python) \(scratch.path)/reader.py $FETCH $FORMAT $OUT && \(container.count)")
        #expect(run.status == 0 && run.text == "1000\n", "\(run.errorText)")
    }

    @Test("A reader that leaves ends the run quietly", arguments: Container.all) func leaving(container: Container) async throws {
        let run = try await shell(
            container, "yes \(nginx.url)/7 | $FETCH --format $FORMAT | head -c 1000 >/dev/null; echo ${PIPESTATUS[1]}")
        #expect(run.text == "141\n" && run.errors.isEmpty)
    }

    @Test("A record that is appended for others too is not cut away") func appended() async throws {
        scratch.plant("before\n", at: "log")
        let run = try await Command.shell(
            "$FETCH --format jsonl \(nginx.url)/1 >> \(scratch.path)/log; $FETCH \(nginx.url)/2 >> \(scratch.path)/log"
        ).run()
        #expect(run.status == 0)
        let lines = try #require(scratch.text("log")).split(separator: "\n")
        #expect(lines.count == 3 && lines[0] == "before" && lines[2] == "file 2")
    }

    @Test("A manifest or statistics that cannot be written are status 74", arguments: ["--manifest", "--stats"])
    func besides(option: String) async throws {
        let run = try await Command.fetch("--output-dir", "\(scratch.path)/d", option, "/dev/full", "\(nginx.url)/1").run()
        #expect(run.status == 74 && run.errorText == "fetch: cannot write to /dev/full: No space left on device\n")
    }

    @Test("When one output fails the others are whole and say the same") func others() async throws {
        try scratch.makeDirectory("small")
        let inside = """
            mount -t tmpfs -o size=1m tmpfs \(scratch.path)/small || exit 99
            \(list(1000)) | $FETCH --output-dir \(scratch.path)/small/d --name {index} --format har --manifest \(scratch.path)/m -o \(scratch.path)/har
            echo $? $(ls \(scratch.path)/small/d | wc -l)
            """
        let flags = getuid() == 0 ? "-m" : "-rm"
        let run = try await Command.shell(
            "unshare \(flags) bash -c '\(inside)'; jq '.log.entries | length' \(scratch.path)/har; wc -l < \(scratch.path)/m"
        )
        .run()
        let lines = run.text.split(whereSeparator: \.isWhitespace)
        #expect(lines.count == 4 && lines[0] == "74" && Int(lines[1]).map { $0 > 50 } == true, "\(run.text) \(run.errorText)")
        #expect(lines.count == 4 && lines[1] == lines[2] && lines[2] == lines[3])
        let late = try await Command.shell(
            "$FETCH --format har -o \(scratch.path)/late --stats /dev/full --summary \(nginx.url)/1 \(nginx.url)/2; echo $?; jq '.log.entries | length' \(scratch.path)/late"
        ).run()
        #expect(late.text == "74\n2\n" && late.errorText.components(separatedBy: "2 URLs in").count == 2)
    }

    @Test("A standard error that takes nothing does not hold up the end, whoever asks how it goes") func stuckStandardError() async throws {
        // A pipe that nobody reads, and more messages than it holds. The signals come when it is full; of two that wait, the one with
        // the lower number, USR1, is taken first.
        let run = try await Command.shell(
            """
            mkfifo \(scratch.path)/fifo; exec 3<>\(scratch.path)/fifo
            \(list(20000)) | sed 's/$/x/' | $FETCH --format none 2>&3 &
            child=$!
            \(Paths.python) -c 'import select, time
            while select.select([], [3], [], 0)[1]: time.sleep(0.01)'
            kill -USR1 $child; kill -TERM $child; wait; echo done
            """
        ).run()
        #expect(run.text.hasSuffix("done\n"))
    }
}
