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
        "limit-rate", "capath", "key", "pinnedpubkey", "tls-max", "connect-to", "allow-host", "allow-cidr", "deny-cidr", "allow-port",
        "url", "columns", "warc-max-size", "output-dir", "name", "manifest", "stats",
    ])

    /// The same arguments without one-letter options. What is no option of ours is left for the parser to refuse.
    static func expand(_ arguments: [String]) -> [String] {
        var expanded: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return expanded + [argument] + rest }
            if argument.hasPrefix("--"), valuedLong.contains(String(argument.dropFirst(2))), let value = rest.popFirst() {
                expanded += long(String(argument.dropFirst(2)), value)
            } else if argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") {
                let name = argument[..<equals].dropFirst(2)
                expanded += long(String(name), String(argument[argument.index(after: equals)...]))
            } else if argument.hasPrefix("-"), !argument.hasPrefix("--"), argument.count > 1 {
                expanded += cluster(argument, &rest)
            } else {
                expanded.append(argument)
            }
        }
        return expanded
    }

    /// A long option with its value. The parser takes an empty value only as an argument of its own.
    private static func long(_ name: String, _ value: String) -> [String] {
        let value = DataPart.marked(value, option: name)
        return value.isEmpty ? ["--\(name)", ""] : ["--\(name)=\(value)"]
    }

    /// One argument of letters: flags, and perhaps one valued option whose value is what follows.
    private static func cluster(_ argument: String, _ rest: inout ArraySlice<String>) -> [String] {
        var options: [String] = []
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            if let name = flags[letter] {
                options.append("--\(name)")
            } else if let name = valued[letter] {
                if !letters.isEmpty { return options + long(name, String(letters)) }
                guard let value = rest.popFirst() else { return options + ["--\(name)"] }
                return options + long(name, value)
            } else {
                return options + ["-\(letter)"]
            }
        }
        return options
    }
}
