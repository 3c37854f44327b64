import Foundation
import Support
import Testing

/// A start on a machine that has nothing to give.
@Suite("Start") struct StartTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    private func expectClearEnd(_ run: Completed) {
        #expect(run.status == 0 || run.status == 70)
        #expect(
            run.status == 0
                ? run.errorLines.allSatisfy { $0.contains("transfers at once") }
                : run.errorLines.last?.hasPrefix("fetch: cannot start") == true)
    }

    @Test(
        "Where a system call of the start fails, one line says what is missing, or the run does without",
        arguments: ["clone3,clone:error=EAGAIN", "eventfd2:error=EMFILE", "epoll_create1:error=EMFILE", "socketpair:error=EMFILE"], 1...6)
    func refusedCall(injection: String, occasion: Int) async throws {
        let calls = injection.split(separator: ":")[0]
        let run = try await Command.shell(
            "strace -f -qq -o /dev/null -e trace=\(calls) -e inject=\(injection):when=\(occasion) $FETCH --format none \(server.url)/text?s=x"
        ).run(deadline: .seconds(60))
        expectClearEnd(run)
        if calls == "clone3,clone", run.status != 0 {
            #expect(run.errorText.contains("cannot start a thread: Resource temporarily unavailable"))
        }
    }

    @Test("No thread to be had is status 70", arguments: 1...5) func noThreads(count: Int) async throws {
        // Nobody counts root's; and a wrapper or a folder of root's is nothing for an ordinary user.
        let copy = Paths.temporary("fetch-of-anybody").path
        let user = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : ""
        let run = try await Command.shell(
            "[ -e \(copy) ] || install -m 755 $FETCH \(copy).$$ && mv -n \(copy).$$ \(copy) 2>/dev/null; cd /; \(user) \(copy) --version > /dev/null 2>&1 || exit 0; \(user) prlimit --nproc=\(count) \(copy) --format none \(server.url)/text?s=x"
        ).run(deadline: .seconds(60))
        expectClearEnd(run)
    }

    @Test("With few descriptors less runs at once, and where that is not enough one line says so", arguments: 8...17)
    func fewDescriptors(count: Int) async throws {
        // A wrapper is a shell, which needs some itself.
        let isWrapped = ProcessInfo.processInfo.environment["FETCH_TEST_LIBCURL"] != nil
        if isWrapped, count < 12 { return }
        let more = Libcurl.version >= (8, 0) ? 3 : 0
        let folder = Paths.temporary("few-\(count)").path
        // Without what the tests themselves have open and pass on.
        let close = "for each in /proc/self/fd/*; do [ ${each##*/} -gt 2 ] && eval \"exec ${each##*/}>&-\"; done"
        let lines = (0..<10).map { "\(server.url)/text?s=\($0)\nhttp://localhost:\(server.port)/text?s=\($0)\n" }.joined()
        for (options, enough) in [
            ("--format jsonl", 10), ("--format jsonl -o \(folder).jsonl", 10), ("--format none -c \(folder).jar", 11),
            ("--format warc -o \(folder).warc.gz", 13), ("--output-dir \(folder) --manifest \(folder).m", 15),
        ] {
            let run = try await Command.shell(
                "\(close); ulimit -n \(count); $FETCH --resolve=localhost:\(server.port):127.0.0.1 \(options) > /dev/null"
            ).run(stdin: lines)
            expectClearEnd(run)
            if count >= enough + more { #expect(run.status == 0) }
        }
    }

    @Test("A descriptor that cannot be had is not blamed on a host") func blame() async throws {
        let run = try await Command.shell(
            "strace -f -qq -o /dev/null -e trace=socket -e inject=socket:error=EMFILE $FETCH --format jsonl \(server.url)/text?s=x"
        ).run()
        let record = try #require(try run.records().first)
        #expect(record.string("error") == "local_resource" && record.string("errormsg") == "cannot open a socket: Too many open files")
    }

    @Test("One processor is enough", arguments: [1, 2]) func oneProcessor(threads: Int) async throws {
        let url = try Server.faults.get().url
        let run = try await Command.shell(
            "seq -f '\(url)/text?s=%g' 2000 | taskset -c 0 $FETCH -s --threads \(threads) --format jsonl | jq -s 'map(select(.ok)) | length'"
        ).run()
        #expect(run.text == "2000\n")
    }
}
