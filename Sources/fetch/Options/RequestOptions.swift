// The options that say what is asked for: method, headers, content, who asks.

import FetchFormats
import ArgumentParser

struct RequestOptions: ParsableArguments {
    @Option(name: [.customShort("X"), .customLong("request")], help: ArgumentHelp("The HTTP method.", valueName: "method"))
    var method: String?

    @Flag(name: [.customShort("I"), .customLong("head")], help: "Method HEAD: the head only.")
    var isHead = false

    @Option(
        name: [.customShort("H"), .customLong("header")],
        help: ArgumentHelp(
            "A header to send, \"Name: value\"; \"Name:\" removes one, @FILE reads them from a file (up to 1 MiB). Can be repeated.",
            valueName: "header")
    )
    var headers: [String] = []

    @Option(
        name: [.customShort("A"), .customLong("user-agent")],
        help: ArgumentHelp("The User-Agent to send. (default: fetch/VERSION)", valueName: "name"))
    var userAgent: String?

    @Option(name: [.customShort("e"), .customLong("referer")], help: ArgumentHelp("The Referer to send.", valueName: "url"))
    var referer: String?

    @Option(
        name: [
            .customShort("d"), .customLong("data"), .customLong("data-raw"), .customLong("data-binary"), .customLong("data-urlencode"),
            .customLong("data-json"),
        ],
        help: ArgumentHelp(
            "Content to POST, as in curl; @FILE reads it from a file (up to 1 GiB). --data-json is curl's --json. Can be repeated.",
            valueName: "data"))
    var data: [DataPart] = []

    @Flag(name: [.customShort("G"), .customLong("get")], help: "Append what -d says to the URL's query.")
    var isGet = false

    @Option(name: [.customShort("r"), .customLong("range")], help: ArgumentHelp("Bytes to ask for, such as 0-499.", valueName: "range"))
    var range: String?

    @Flag(inversion: .prefixedNo, help: "Offer gzip, and decode it.")
    var compressed = true

    @Option(help: ArgumentHelp("Redirects to follow; 0 makes a 3xx response final.", valueName: "n"))
    var maxRedirs = 20

    @Flag(help: "Send everything to other origins too, after redirects: credentials, every header, the client certificate.")
    var locationTrusted = false

    @Option(help: ArgumentHelp("Schemes to speak, at every hop: =https, -http.", valueName: "schemes"))
    var proto: Schemes?
}

struct AuthenticationOptions: ParsableArguments {
    @Option(
        name: [.customShort("u"), .customLong("user")],
        help: ArgumentHelp("User and password for the hosts of the URLs.", valueName: "user:password"))
    var user: String?

    @Flag(help: "Answer the server's challenge instead of sending the password (-u).")
    var digest = false

    @Option(name: .customLong("oauth2-bearer"), help: ArgumentHelp("A bearer token to send.", valueName: "token"))
    var bearer: String?

    @Flag(name: [.customShort("n"), .customLong("netrc")], help: "Users and passwords from ~/.netrc.")
    var netrc = false

    @Option(help: ArgumentHelp("The same from another file (up to 1 MiB).", valueName: "file"))
    var netrcFile: String?

    @Option(
        name: [.customShort("b"), .customLong("cookie")],
        help: ArgumentHelp(
            "Cookies to send, \"a=1; b=2\"; or a file of them (up to 256 MiB) to start with. Can be repeated.", valueName: "data|file"))
    var cookies: [String] = []

    @Option(
        name: [.customShort("c"), .customLong("cookie-jar")],
        help: ArgumentHelp("Keep cookies, and write them to a file at the end.", valueName: "file"))
    var cookieJar: String?
}

/// One of the -d family. Which one is written before the value, because the parser does not tell.
struct DataPart: ExpressibleByArgument {
    enum Kind: String, CaseIterable {
        case data
        case raw = "data-raw"
        case binary = "data-binary"
        case urlencode = "data-urlencode"
        case json = "data-json"
    }

    let kind: Kind
    let text: String

    var piece: FormData.Piece {
        switch kind {
        case .data: .data(text)
        case .raw: .raw(text)
        case .binary, .json: .binary(text)
        case .urlencode: .urlEncoded(text)
        }
    }

    private static let mark = "\u{1}"

    init?(argument: String) {
        let parts = argument.split(separator: Self.mark, maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3, parts[0].isEmpty, let kind = Kind(rawValue: String(parts[1])) {
            self.kind = kind
            text = String(parts[2])
        } else {
            kind = .data
            text = argument
        }
    }

    /// The value of option `name` with its kind written before it; other options' values as they are.
    static func marked(_ value: String, option name: String) -> String {
        Kind(rawValue: name) == nil ? value : "\(mark)\(name)\(mark)\(value)"
    }
}

/// A set of schemes in curl's way of writing: `=https`, `-http`, `http,https`.
struct Schemes: ExpressibleByArgument {
    let schemes: Set<String>

    init?(argument: String) {
        var schemes: Set = ["http", "https"]
        for item in argument.split(separator: ",") {
            let name = item.drop { "=+-".contains($0) }
            let named: Set<String> = name == "all" ? ["http", "https"] : [String(name)]
            guard named.isSubset(of: ["http", "https"]) else { return nil }
            switch item.first {
            case "=": schemes = named
            case "-": schemes.subtract(named)
            default: schemes.formUnion(named)
            }
        }
        guard !schemes.isEmpty else { return nil }
        self.schemes = schemes
    }
}
