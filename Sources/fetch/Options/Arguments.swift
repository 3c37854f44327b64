// From argv to what the argument parser sees: one-letter options made long, config files put in their place.

internal import CLinux
import FetchKit
import Glibc

/// The arguments of the command line.
struct Arguments {
    /// Options and operands, those of config files in the place of the option that names the file.
    private(set) var words: [ShortOptions.Word] = []
    /// The config files that were read.
    private(set) var configFiles: [String] = []

    /// A config file may name another; so deep.
    private static let deepest = 10

    /// Reads the config files. Throws `UnreadableFile` for one that cannot be used.
    init(_ arguments: [String]) throws { try append(arguments, depth: 0) }

    /// What the argument parser sees.
    var parsed: [String] { words.flatMap(\.parsed) }

    private mutating func append(_ arguments: [String], depth: Int) throws {
        for word in ShortOptions.words(in: arguments) {
            // One that looks like a URL is no file, but a slip: see `swallowedURL`.
            guard word.name == "config", let file = word.value, !word.holdsURL || access(file, F_OK) == 0 else {
                words.append(word)
                continue
            }
            guard depth < Self.deepest else {
                throw UnreadableFile("cannot read \(file): config files within config files are nested too deeply")
            }
            let text = try contents(ofFile: file, limit: .text)
            configFiles.append(file)
            do {
                try append(ConfigFile(text, name: file == "-" ? "standard input" : file).arguments, depth: depth + 1)
            } catch let error as ConfigError {
                throw UnreadableFile(error.description)
            }
        }
    }
}

extension Arguments {
    /// What follows the program's name. From C's `main`, because `CommandLine.arguments` is empty where `/proc` cannot be read.
    /// Secrets among it are blanked in the memory of the process at once, so that ps(1) does not show them while the run lasts.
    static func takeFromProcess() -> [String] {
        guard let memory = clinux_arguments() else { return [] }
        let pointers = (0..<Int(clinux_argument_count())).dropFirst().compactMap { memory[$0] }
        let arguments = pointers.map { String(cString: $0) }
        for word in ShortOptions.words(in: arguments) {
            guard let secret = word.secret else { continue }
            let start = pointers[word.argument] + word.offset
            memset(start + secret.lowerBound, CInt(UInt8(ascii: " ")), min(secret.count, max(0, strlen(start) - secret.lowerBound)))
        }
        return arguments
    }
}

extension Arguments {
    /// An option that has taken a URL for its value, where that leaves none to fetch: `fetch -c URL`. Nil when there are other URLs,
    /// or lists. Of an option that may have a URL for its value it is said only with `certainly` false.
    func swallowedURL(certainly: Bool) -> ShortOptions.Word? {
        let isElsewhere = words.contains { word in
            switch word.name {
            case nil: word.value != nil
            case "url", "help", "version": true
            case "input": !word.holdsURL
            default: false
            }
        }
        return isElsewhere ? nil : words.first { $0.holdsURL && !(certainly && $0.mayHoldURL) }
    }
}

extension ShortOptions.Word {
    /// Whether the option's value looks like a URL.
    fileprivate var holdsURL: Bool {
        guard name != nil, let value else { return false }
        return ["http://", "https://"].contains { value.lowercased().hasPrefix($0) }
    }

    /// Whether that makes sense.
    fileprivate var mayHoldURL: Bool {
        switch name {
        case "proxy", "referer", "user-agent", "header": true
        case let name?: name == "data" || name.hasPrefix("data-")
        case nil: true
        }
    }

    /// What is wrong when no URL is left but that one.
    var swallowed: String {
        "\(typed) took \(HTTPURL.redacted(value ?? "")) for its value, and there is no other URL."
    }

    /// The bytes of the value that must not be seen; nil when it may be.
    var secret: Range<Int>? {
        guard let value else { return nil }
        let all = 0..<value.utf8.count
        switch name {
        case "user", "proxy-user", "oauth2-bearer", "pass": return all
        case "cert": return ClientCertificate(value).password.map { all.upperBound - $0.utf8.count..<all.upperBound }
        case "cookie": return value.contains("=") ? all : nil
        case "header":
            guard !value.hasPrefix("@") else { return nil }
            return (value.utf8.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ";") }.count)..<all.upperBound
        case nil, "proxy", "url", "referer": return HTTPURL.rangeOfCredentials(in: value)
        // Whatever an option means by it, a URL may have a password.
        default: return value.contains("://") ? HTTPURL.rangeOfCredentials(in: value) : nil
        }
    }
}
