// What curl's users have in their fingers: `-sSfL`, `-j64`, `-Hname:value`, `-X PUT`, values that begin with a dash. All of it
// is turned into long options with `=` before the argument parser sees it.

/// curl's way of writing one-letter options.
enum ShortOptions {
    /// Letters that take a value, and the long name of each.
    static let valued: [Character: String] = [
        "A": "user-agent", "C": "continue-at", "E": "cert", "H": "header", "K": "config", "U": "proxy-user", "X": "request",
        "Y": "speed-limit", "b": "cookie",
        "c": "cookie-jar", "d": "data", "e": "referer", "i": "input", "j": "concurrency", "m": "max-time", "o": "output", "r": "range",
        "u": "user",
        "w": "write-out", "x": "proxy", "y": "speed-time",
    ]
    /// Letters that do not, and the long name of each.
    static let flags: [Character: String] = [
        "4": "ipv4", "6": "ipv6", "G": "get", "I": "head", "L": "location", "O": "remote-name", "R": "remote-time", "S": "show-error",
        "V": "version", "Z": "parallel",
        "f": "fail", "g": "globoff", "h": "help", "k": "insecure", "n": "netrc", "q": "quiet", "s": "silent", "v": "verbose",
    ]
    /// Long names that take a value: the next argument is theirs, also if it begins with a dash.
    static let valuedLong: Set<String> = Set(valued.values).union([
        "cacert", "connect-timeout", "format", "max-filesize", "max-redirs", "body-memory", "look-ahead", "parallel-max",
        "parallel-max-host", "per-host", "threads", "rate", "per-host-rate", "retry", "retry-delay", "retry-max-time",
        "max-retry-after", "breaker-delay", "host-timeout", "deadline", "max-errors", "limit", "resolve", "resolver-threads", "max-ratio",
        "data-raw",
        "data-binary", "data-urlencode", "data-json", "proto", "oauth2-bearer", "netrc-file", "noproxy", "interface", "unix-socket",
        "limit-rate", "capath", "key", "pass", "pinnedpubkey", "tls-max", "connect-to", "allow-host", "allow-cidr", "deny-cidr",
        "allow-port",
        "url", "columns", "warc-max-size", "output-dir", "name", "manifest", "stats",
    ])

    /// An option with its value, or an operand, and where it was found.
    struct Word: Equatable {
        /// The option's long name; nil for an operand, for `--`, and for what is left to the parser to refuse.
        var name: String?
        /// The option as it was typed, without its value; of an operand nothing.
        var typed = ""
        /// The option's value, or the operand.
        var value: String?
        /// Which argument the value is in.
        var argument = 0
        /// How many bytes of that argument are before the value.
        var offset = 0

        /// What the parser sees. It takes an empty value only as an argument of its own.
        var parsed: [String] {
            guard let name else { return [value ?? typed] }
            guard let value = value.map({ DataPart.marked($0, option: name) }) else { return ["--\(name)"] }
            return value.isEmpty ? ["--\(name)", ""] : ["--\(name)=\(value)"]
        }
    }

    /// The same arguments without one-letter options. What is no option of ours is left for the parser to refuse.
    static func expand(_ arguments: [String]) -> [String] { words(in: arguments).flatMap(\.parsed) }

    /// The options and operands that the arguments are made of.
    static func words(in arguments: [String]) -> [Word] {
        var words: [Word] = []
        var position = 0
        while position < arguments.count {
            let argument = arguments[position]
            if argument == "--" {
                words.append(Word(typed: argument))
                return words + (position + 1..<arguments.count).map { Word(value: arguments[$0], argument: $0) }
            }
            if argument.hasPrefix("--") {
                words.append(long(arguments, &position))
            } else if argument.hasPrefix("-"), argument.count > 1 {
                words += cluster(arguments, &position)
            } else {
                words.append(Word(value: argument, argument: position))
            }
            position += 1
        }
        return words
    }

    private static func long(_ arguments: [String], _ position: inout Int) -> Word {
        let argument = arguments[position]
        guard let equals = argument.firstIndex(of: "=") else {
            let name = String(argument.dropFirst(2))
            guard valuedLong.contains(name), position + 1 < arguments.count else { return Word(name: name, typed: argument) }
            position += 1
            return Word(name: name, typed: argument, value: arguments[position], argument: position)
        }
        let value = argument[argument.index(after: equals)...]
        return Word(
            name: String(argument[..<equals].dropFirst(2)), typed: String(argument[..<equals]), value: String(value), argument: position,
            offset: argument.utf8.count - value.utf8.count)
    }

    /// One argument of letters: flags, and perhaps one valued option whose value is what follows.
    private static func cluster(_ arguments: [String], _ position: inout Int) -> [Word] {
        var words: [Word] = []
        var letters = arguments[position].dropFirst()
        while let letter = letters.popFirst() {
            let typed = "-\(letter)"
            if let name = flags[letter] {
                words.append(Word(name: name, typed: typed))
            } else if let name = valued[letter] {
                if !letters.isEmpty {
                    let offset = arguments[position].utf8.count - letters.utf8.count
                    return words + [Word(name: name, typed: typed, value: String(letters), argument: position, offset: offset)]
                }
                guard position + 1 < arguments.count else { return words + [Word(name: name, typed: typed)] }
                position += 1
                return words + [Word(name: name, typed: typed, value: arguments[position], argument: position)]
            } else {
                return words + [Word(typed: typed)]
            }
        }
        return words
    }
}
