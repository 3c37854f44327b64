import Foundation
import Support
import Testing

/// A chroot or a container often has no /proc: nothing may depend on it.
@Suite("Without /proc") struct WithoutProcTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    /// The line in a mount namespace whose /proc is empty; $FETCH is the binary.
    private func run(_ line: String) async throws -> Completed {
        let flags = getuid() == 0 ? "-m" : "-rm"
        return try await Command("unshare", [flags, "bash", "-c", "mount -t tmpfs none /proc || exit 99\n" + line]).run()
    }

    @Test("Options are obeyed") func options() async throws {
        let guarded = try await run("echo \(server.url)/text?s=inside | $FETCH --block-private --format none")
        #expect(guarded.status == 1 && guarded.text.isEmpty && guarded.errorText.contains("loopback"))
        let argument = try await run("$FETCH -s --format=jsonl \(server.url)/text?s=x </dev/null")
        #expect(try argument.status == 0 && argument.records().first?.string("body") == "x")
        #expect(try await run("$FETCH --version").text.hasPrefix("fetch "))
        #expect(try await run("$FETCH --frobnicate").status == 64)
        #expect(try await run("$FETCH --help-all").text.contains("--block-private"))
    }

    @Test("No argument is lost or changed, an empty one neither") func arguments() async throws {
        let run = try await run(
            "$FETCH -X PUT -A '' -H 'X-Empty;' -H 'X-Spaces:  a  b ' -d 'é=\u{1F600}' --data-raw '' \(server.url)/echo </dev/null")
        #expect(run.status == 0 && run.text.hasPrefix("PUT /echo ") && run.text.hasSuffix("\r\n\r\né=\u{1F600}&"), "\(run.text)")
        #expect(!run.text.contains("User-Agent:") && run.text.contains("X-Empty:\r\n") && run.text.contains("X-Spaces: a  b"))
    }

    @Test("A run of some seconds comes to its end") func long() async throws {
        let nginx = try Server.nginx.get()
        // libdispatch looks at /proc once a second if its queues are not empty: several runs, so that one meets that moment.
        let run = try await run(
            """
            for i in 1 2 3 4; do (yes \(nginx.url)/small | $FETCH -s --format none --deadline 4; echo $?) & done; wait
            """)
        #expect(run.text == "75\n75\n75\n75\n")
    }
}
