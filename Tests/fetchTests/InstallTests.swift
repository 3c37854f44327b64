import Foundation
import Support
import Testing

/// Scripts/install and Scripts/uninstall, with the program that is there.
@Suite("Installing") struct InstallTests {
    private let scratch = Scratch()
    private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Scripts")
        .standardized.path
    private static let files: Set = [
        "bin/fetch", "share/man/man1/fetch.1", "share/bash-completion/completions/fetch", "share/zsh/site-functions/_fetch",
        "share/fish/vendor_completions.d/fetch.fish",
    ]

    /// Runs a script in the scratch folder. The binary is the one itself where the tests run it through a wrapper.
    private func run(_ script: String, _ variables: String) async throws -> Completed {
        let binary = ProcessInfo.processInfo.environment["FETCH_TEST_LIBCURL"] ?? Command.fetchPath
        return try await Command.shell("cd \(scratch.path); FETCH_BINARY=\(binary) \(variables) \(Self.scripts)/\(script)").run()
    }

    private func files(below folder: String) async throws -> Set<String> {
        let found = try await Command("find", ["\(scratch.path)/\(folder)", "-type", "f", "-printf", "%P\n"]).run()
        return Set(found.text.split(separator: "\n").map { String($0) })
    }

    @Test(
        "The program, its manual page and completions are below the prefix, and are all that is taken away",
        arguments: [
            ("PREFIX='my prefix'", "my prefix"), ("DESTDIR=stage PREFIX=/opt/tools", "stage/opt/tools"), ("DESTDIR=$PWD/x", "x/usr/local"),
        ])
    func roundTrip(variables: String, folder: String) async throws {
        let others: Set = ["bin/other", "share/fish/vendor_completions.d/other.fish"]
        for other in others {
            try scratch.makeDirectory("\(folder)/\(other.split(separator: "/").dropLast().joined(separator: "/"))")
            scratch.plant("other", at: "\(folder)/\(other)")
        }
        let installed = try await run("install", variables)
        #expect(installed.status == 0 && installed.text.hasPrefix("fetch "), "\(installed.errorText)")
        #expect(try await files(below: folder) == Self.files.union(others))
        let prefix = "\(scratch.path)/\(folder)"
        let symbols = try await Command("nm", ["\(prefix)/bin/fetch"]).run()
        #expect(symbols.text.isEmpty && symbols.errorText.contains("no symbols"))
        let manual = try await Command.shell(
            "PATH='\(prefix)/bin':$PATH; unset MANPATH; fetch --generate-manual | cmp - \"$(man -w fetch)\""
        ).run()
        #expect(manual.status == 0, "\(manual.text)\(manual.errorText)")
        for (shell, file) in [
            ("bash", "bash-completion/completions/fetch"), ("zsh", "zsh/site-functions/_fetch"),
            ("fish", "fish/vendor_completions.d/fetch.fish"),
        ] {
            let script = try await Command.fetch("--generate-completion-script", shell).run()
            #expect(scratch.text("\(folder)/share/\(file)") == script.text)
        }
        // Once more over what is there, as an update does it.
        #expect(try await run("install", variables).status == 0)
        #expect(try await run("uninstall", variables).status == 0)
        #expect(try await files(below: folder) == others)
        #expect(scratch.names(in: "\(folder)/share").allSatisfy { $0.hasPrefix("man") || $0.hasPrefix("fish") })
        #expect(try await run("uninstall", variables).status == 0)
    }
}
