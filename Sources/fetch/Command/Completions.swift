// Completions for shells, from the table of options.

/// The scripts that `--generate-completion-script` prints.
enum Completions {
    enum Shell: String, CaseIterable {
        case bash, zsh, fish
    }

    static func script(_ shell: Shell) -> String {
        switch shell {
        case .bash: bash
        case .zsh: zsh
        case .fish: fish
        }
    }

    private static let options = OptionTable.all.filter { !$0.help.isEmpty }

    /// A pattern of the shells' `case` that stands for an option.
    private static func pattern(_ option: Option) -> String {
        (option.letter.map { ["-\($0)"] } ?? []).joined() + (option.letter == nil ? "" : "|")
            + ([option.name] + option.aliases).map { "--\($0)" }.joined(separator: "|")
    }

    private static var bash: String {
        let names = options.flatMap { [$0.name] + $0.aliases }.map { "--\($0)" } + options.compactMap { $0.letter.map { "-\($0)" } }
        let cases = options.compactMap { option -> String? in
            guard let value = option.value else { return nil }
            // Of names of files bash knows how they are quoted.
            let reply =
                switch value.completion {
                case .nothing: ""
                case .files: "compopt -o default; "
                case .folders: "compopt -o dirnames; "
                case .choices(let choices): "COMPREPLY=($(compgen -W '\(choices.joined(separator: " "))' -- \"$word\")); "
                }
            return "        \(pattern(option))) \(reply)return ;;"
        }
        func letters(_ isSwitch: Bool) -> String {
            OptionTable.all.filter { ($0.value == nil) == isSwitch }.compactMap { $0.letter.map { String($0) } }.joined()
        }
        return """
            # bash completion for fetch

            _fetch() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
                COMPREPLY=()
                # The equals sign after a name is a word of its own.
                if [[ $word = '=' ]]; then
                    word=
                elif [[ $before = '=' ]]; then
                    before=${COMP_WORDS[COMP_CWORD-2]}
                fi
                # Switches before a letter that takes a value.
                if [[ $before =~ ^-[\(letters(true))]+([\(letters(false))])$ ]]; then
                    before=-${BASH_REMATCH[1]}
                fi
                case $before in
            \(cases.joined(separator: "\n"))
                esac
                case $word in
                    -*) COMPREPLY=($(compgen -W '\(names.joined(separator: " "))' -- "$word")) ;;
                esac
            }
            complete -F _fetch fetch

            """
    }

    private static var zsh: String {
        let lines = options.flatMap { option in
            let names = (option.letter.map { ["-\($0)"] } ?? []) + ([option.name] + option.aliases).map { "--\($0)" }
            let help = option.summary.replacing("'", with: "'\\''").replacing("[", with: "\\[").replacing("]", with: "\\]")
            let value = option.value.map { value in
                let action =
                    switch value.completion {
                    case .nothing: " "
                    case .files: "_files"
                    case .folders: "_files -/"
                    case .choices(let choices): "(\(choices.joined(separator: " ")))"
                    }
                return ":\(value.name.replacing(":", with: "\\:").replacing("[", with: "\\[").replacing("]", with: "\\]")):\(action)"
            }
            // A value may stand in the same word: after the equals sign of a name, at once after a letter.
            return names.map { name in
                "    '*\(name)\(value == nil ? "" : name.hasPrefix("--") ? "=" : "+")[\(help)]\(value ?? "")' \\"
            }
        }
        return """
            #compdef fetch

            _arguments -s -S \\
            \(lines.joined(separator: "\n"))
                '*:url: '

            """
    }

    private static var fish: String {
        let lines = options.map { option in
            let names = (option.letter.map { " -s '\($0)'" } ?? "") + ([option.name] + option.aliases).map { " -l \($0)" }.joined()
            let help = option.summary.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
            let value =
                switch option.value?.completion {
                case nil: ""
                case .nothing: " -x"
                case .files: " -r -F"
                case .folders: " -x -a '(__fish_complete_directories)'"
                case .choices(let choices): " -x -a '\(choices.joined(separator: " "))'"
                }
            return "complete -c fetch\(names)\(value) -d '\(help)'"
        }
        return "# fish completion for fetch\n\ncomplete -c fetch -f\n\(lines.joined(separator: "\n"))\n"
    }
}
