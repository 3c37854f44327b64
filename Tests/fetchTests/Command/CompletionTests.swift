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
        for folder in ["folder", "my folder"] { try scratch.makeDirectory(folder) }
        scratch.plant("", at: "my list")
        func helper(_ name: String) -> String { Paths.servers.appendingPathComponent(name).path }
        let command =
            switch shell {
            case .bash: "zsh -f \(helper("completions-bash.zsh")) ./_fetch '\(line)'"
            case .zsh: "zsh -f \(helper("completions.zsh")) . '\(line)'"
            case .fish: "fish --no-config -c \"source _fetch; complete -C '\(line)'\" | cut -f 1"
            }
        let run = try await Command.shell("cd \(scratch.path); export HOME=$PWD; \(command)").run()
        #expect(run.errors.isEmpty, "\(run.errorText)")
        var offers = Set(run.text.split(separator: "\n").map { String($0) })
        // bash has what was typed as well, fish offers the whole word, and zsh a name as it is quoted.
        if shell == .bash { offers.subtract(line.split(separator: " ").map { String($0) }) }
        offers = Set(offers.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 })
        if let name = line.split(separator: " ").last?.prefixMatch(of: /--[a-z-]+=/), shell != .zsh {
            offers = Set(offers.map { $0.hasPrefix(name.output) ? String($0.dropFirst(name.output.count)) : $0 })
        }
        if shell == .zsh { offers = Set(offers.map { $0.replacing("\\ ", with: " ") }) }
        return offers.subtracting([""])
    }

    @Test(
        "Offer options, the values of those that have some, and files and folders where they are wanted",
        arguments: Completions.Shell.allCases,
        [
            ("fetch --out", ["--output", "--output-dir"]), ("fetch http://h/ --out", ["--output", "--output-dir"]),
            ("fetch --format j", ["jsonl"]), ("fetch --format=j", ["jsonl"]), ("fetch --format zzz", []), ("fetch -j 1", []),
            ("fetch --output-dir fol", ["folder"]), ("fetch --output-dir my", ["my folder"]),
            ("fetch -o _f", ["_fetch"]), ("fetch -sSo _f", ["_fetch"]), ("fetch -i my", ["my folder", "my list"]),
            ("fetch -K _f", ["_fetch"]), ("fetch --cacert _f", ["_fetch"]), ("fetch --cacert=_f", ["_fetch"]),
            ("fetch _f", []), ("fetch http://h/ ", []), ("fetch http://h/ _f", []), ("fetch -i _fetch _f", []), ("fetch h", []),
        ] as [(String, Set<String>)])
    func completions(shell: Completions.Shell, line: (typed: String, offers: Set<String>)) async throws {
        #expect(try await offers(line.typed, in: shell) == line.offers)
    }

    @Test("Know all options", arguments: Completions.Shell.allCases) func options(shell: Completions.Shell) {
        let script = Completions.script(shell)
        for option in OptionTable.all where !option.help.isEmpty { #expect(script.contains(option.name)) }
    }
}
