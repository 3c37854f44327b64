import Foundation
import Support
import Testing

@testable import fetch

@Suite("Completions") struct CompletionTests {
    private let scratch = Scratch()

    /// What a shell offers at the end of a line, with the script that is made for it.
    private func offers(_ line: String, in shell: Completions.Shell) async throws -> Set<String> {
        // The name under which zsh finds it.
        scratch.plant(Completions.script(shell), at: "_fetch")
        try scratch.makeDirectory("folder")
        let words = line.split(separator: " ")
        let command =
            switch shell {
            case .bash:
                """
                source ./_fetch; COMP_WORDS=(\(line)); COMP_CWORD=\(words.count - 1); _fetch; printf '%s\\n' "${COMPREPLY[@]}"
                """
            case .zsh: "zsh -f \(Paths.servers.appendingPathComponent("completions.zsh").path) . '\(line)'"
            case .fish: "fish --no-config -c \"source _fetch; complete -C '\(line)'\" | cut -f 1"
            }
        let run = try await Command.shell("cd \(scratch.path); export HOME=$PWD; \(command)").run()
        #expect(run.errors.isEmpty, "\(run.errorText)")
        return Set(run.text.split(separator: "\n").map { $0.hasSuffix("/") ? String($0.dropLast()) : String($0) })
    }

    @Test("Offer options, the values of those that have some, folders where they are wanted", arguments: Completions.Shell.allCases)
    func completions(shell: Completions.Shell) async throws {
        let script = Completions.script(shell)
        for option in OptionTable.all where !option.help.isEmpty { #expect(script.contains(option.name)) }
        #expect(try await offers("fetch --out", in: shell) == ["--output", "--output-dir"])
        #expect(try await offers("fetch --format j", in: shell) == ["jsonl"])
        #expect(try await offers("fetch -j 1", in: shell) == [])
        #expect(try await offers("fetch --output-dir fol", in: shell) == ["folder"])
        #expect(try await offers("fetch -o _f", in: shell) == ["_fetch"])
    }
}
