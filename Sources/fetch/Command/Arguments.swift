// The whole command line as a list of options and URLs: config files stand in the place of the option that names them.

internal import CLinux
import FetchFormats
import FetchKit
import Glibc

/// The arguments of the command line.
struct Arguments {
    /// Options and URLs in their order.
    private(set) var occurrences: [Occurrence] = []
    /// The config files that were read.
    private(set) var configFiles: [String] = []

    /// How many config files may name one another.
    private static let deepest = 10

    /// Reads the config files. Throws `UsageError`, and `UnreadableFile` for a file that cannot be used.
    init(_ arguments: [String], in surroundings: Surroundings) throws {
        var reader = ArgumentReader(arguments)
        while let occurrence = try reader.next() { try append(occurrence, surroundings, depth: 0) }
    }

    /// The values of an option, in their order.
    func values(of name: String) -> [String] { occurrences.filter { $0.option.name == name }.map(\.value) }

    /// Whether standard input is a list of URLs.
    var readsStandardInput: Bool {
        let (urls, lists) = (values(of: "url"), values(of: "input"))
        return urls.contains("-") || lists.contains("-") || (urls.isEmpty && lists.isEmpty)
    }

    /// What is printed in place of a run.
    enum Information {
        case text(String)
        case requests(CurlRequests)
    }

    /// What is asked for in place of a run; nil for nothing.
    func information(width: Int, in surroundings: Surroundings) throws -> Information? {
        for occurrence in occurrences where occurrence.isOn {
            guard case .information(let information) = occurrence.option.action else { continue }
            switch information {
            // curl's `--help all`.
            case .help: return .text(values(of: "url").contains("all") ? Help.full(width: width) : Help.short(width: width))
            case .fullHelp: return .text(Help.full(width: width))
            case .version: return .text(Version.text)
            case .completions:
                guard let shell = Completions.Shell(rawValue: occurrence.value) else {
                    throw Argument(option: occurrence.typed, text: occurrence.value).isNot("a shell: bash, zsh, fish")
                }
                return .text(Completions.script(shell))
            case .manual: return .text(Manual.text)
            case .requestsOfCurl:
                let command = occurrence.value
                let text = command == "-" ? String(decoding: try surroundings.contents("-", .body), as: UTF8.self) : command
                return .requests(try CurlRequests(text, in: surroundings))
            }
        }
        return nil
    }

    private mutating func append(_ occurrence: Occurrence, _ surroundings: Surroundings, depth: Int) throws {
        let file = occurrence.value
        // One that looks like a URL is no file, but a slip: see `swallowedURL`.
        guard occurrence.option.name == "config", !occurrence.holdsURL || surroundings.exists(file) else {
            occurrences.append(occurrence)
            return
        }
        guard depth < Self.deepest else {
            throw UnreadableFile("cannot read \(file): config files within config files are nested too deeply")
        }
        configFiles.append(file)
        let name = file == "-" ? "standard input" : file
        let lines: [ConfigFile.Line]
        do {
            lines = try ConfigFile(try surroundings.contents(file, .text), name: name, takesValue: Self.takesValue).lines
        } catch let error as ConfigError {
            throw UnreadableFile(error.description)
        }
        for line in lines {
            let place = "\(name):\(line.number)"
            do {
                for var occurrence in try Self.occurrences(line) {
                    occurrence.place = place
                    try append(occurrence, surroundings, depth: depth + 1)
                }
            } catch let error as UsageError {
                throw UsageError("\(place): \(error)")
            }
        }
    }

    /// What one line of a config file says, read as if it had been typed.
    private static func occurrences(_ line: ConfigFile.Line) throws(UsageError) -> [Occurrence] {
        var reader = ArgumentReader([line.option] + (line.value.map { [$0] } ?? []))
        var occurrences: [Occurrence] = []
        repeat { occurrences += try reader.next().map { [$0] } ?? [] } while reader.isInsideLetters
        if line.value != nil && reader.position < 2 { throw UsageError("\(line.option) takes no value") }
        return occurrences
    }

    /// Whether the option, as a config file has it, takes what follows it.
    private static func takesValue(_ option: String) -> Bool {
        var reader = ArgumentReader([option, ""])
        repeat { guard (try? reader.next()) != nil else { return false } } while reader.isInsideLetters
        return reader.position == 2
    }
}

extension Arguments {
    /// What follows the program's name. From C's `main`, because `CommandLine.arguments` is empty where `/proc` cannot be read.
    /// Secrets among it are blanked in the memory of the process at once, so that ps(1) does not show them while the run lasts.
    static func takeFromProcess() -> [String] {
        guard let memory = clinux_arguments() else { return [] }
        let pointers = (0..<Int(clinux_argument_count())).dropFirst().compactMap { memory[$0] }
        let arguments = pointers.map { String(cString: $0) }
        // What cannot be read ends the program at once.
        var reader = ArgumentReader(arguments)
        while let occurrence = try? reader.next() {
            guard let secret = occurrence.option.value?.secret.range(in: occurrence.value) else { continue }
            let start = pointers[occurrence.argument] + occurrence.offset
            memset(start + secret.lowerBound, CInt(UInt8(ascii: " ")), min(secret.count, max(0, strlen(start) - secret.lowerBound)))
        }
        return arguments
    }
}

extension Arguments {
    /// What is wrong where an option has taken a URL for its value and that leaves none to fetch, as in `fetch -c URL`. Nil when there
    /// are other URLs, or lists. Of an option that may have a URL for its value it is said only with `certainly` false.
    func swallowedURL(certainly: Bool) -> UsageError? {
        let isElsewhere = occurrences.contains { $0.option.name == "url" || ($0.option.name == "input" && !$0.holdsURL) }
        guard !isElsewhere, let option = occurrences.first(where: { $0.holdsURL && !(certainly && $0.option.value?.mayBeURL ?? false) })
        else { return nil }
        let hint = option.typed == "-i" ? " (-i names a file of URLs; heads are shown with --include or -I.)" : ""
        return UsageError("\(option.typed) took \(option.value.shown) for its value, and there is no other URL.\(hint)")
    }
}

extension Arguments {
    /// What a person should know who writes `fetch help`, as with other programs: it is a host here. Nil where no such word is a URL.
    var wordNotice: String? {
        for occurrence in occurrences where occurrence.typed.isEmpty {
            let word = occurrence.value
            guard let (option, isOn) = OptionTable.option(name: word), isOn, case .information = option.action else { continue }
            return "'\(word)' is fetched as http://\(word); the option is --\(word)"
        }
        return nil
    }
}

extension Occurrence {
    /// Whether an option's value looks like a URL.
    fileprivate var holdsURL: Bool {
        !typed.isEmpty && option.name != "url" && ["http://", "https://"].contains { value.lowercased().hasPrefix($0) }
    }
}
