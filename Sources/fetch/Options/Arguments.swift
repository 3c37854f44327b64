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

    /// Reads the config files. Throws `Input.Unusable` for one that cannot be used.
    init(_ arguments: [String]) throws { try append(arguments, depth: 0) }

    /// What the argument parser sees.
    var parsed: [String] { words.flatMap(\.parsed) }

    private mutating func append(_ arguments: [String], depth: Int) throws {
        for word in ShortOptions.words(in: arguments) {
            guard word.name == "config", let file = word.value else {
                words.append(word)
                continue
            }
            guard depth < Self.deepest else {
                throw Input.Unusable("cannot read \(file): config files within config files are nested too deeply")
            }
            let text = try contents(ofFile: file)
            configFiles.append(file)
            do {
                try append(ConfigFile(text, name: file == "-" ? "standard input" : file).arguments, depth: depth + 1)
            } catch let error as ConfigError {
                throw Input.Unusable(error.description)
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

extension ShortOptions.Word {
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
        case nil, "proxy", "url", "referer": return rangeOfCredentials(in: value)
        // Whatever an option means by it, a URL may have a password.
        default: return value.contains("://") ? rangeOfCredentials(in: value) : nil
        }
    }
}
