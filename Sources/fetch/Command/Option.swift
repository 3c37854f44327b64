// What an option is. Each is declared once, in Options/; reading, help, completions and suggestions come from there.

import FetchKit

/// One option: what it is called, what the help says of it, and what it does.
struct Option: Sendable {
    /// The long name, without dashes.
    let name: String
    let letter: Character?
    /// Other long names.
    let aliases: [String]
    /// Nil for a switch.
    let value: Value?
    /// Sentences. The first one is all that the short help shows; empty for an option that no help shows.
    let help: String
    /// The default, as the help shows it.
    let standard: (@Sendable (Configuration) -> String)?
    /// The place in the short help; nil for most.
    let rank: Int?
    /// Options of other programs that ask for the same, with their dashes and blanks between: this one is suggested for them.
    let meanings: String
    let action: Action

    enum Action: Sendable {
        case set(@Sendable (inout Draft, Argument) throws -> Void)
        case turn(@Sendable (inout Draft, Bool) throws -> Void)
        /// Asks for what is so anyway. The text says what to use for the opposite.
        case settled(opposite: String)
        /// Asks for text in place of a run.
        case information(Information)
    }

    /// An option with a value.
    init(
        _ name: String, letter: Character? = nil, also aliases: [String] = [], _ value: Value, _ help: String,
        standard: (@Sendable (Configuration) -> String)? = nil, rank: Int? = nil, meanings: String = "",
        _ set: @escaping @Sendable (inout Draft, Argument) throws -> Void
    ) {
        self.init(name, letter, aliases, value, help, standard, rank, meanings, .set(set))
    }

    /// A switch, which `--no-` and its name turns off. One that is called `no-...` is turned off without it.
    init(
        turning name: String, letter: Character? = nil, also aliases: [String] = [], _ help: String,
        standard: (@Sendable (Configuration) -> String)? = nil, rank: Int? = nil, meanings: String = "",
        _ turn: @escaping @Sendable (inout Draft, Bool) throws -> Void
    ) {
        self.init(name, letter, aliases, nil, help, standard, rank, meanings, .turn(turn))
    }

    /// A switch that is accepted because what it asks for is so anyway.
    init(settled name: String, letter: Character? = nil, also aliases: [String] = [], opposite: String) {
        self.init(name, letter, aliases, nil, "", nil, nil, "", .settled(opposite: opposite))
    }

    init(
        information: Information, _ name: String, letter: Character? = nil, value: Value? = nil, _ help: String, rank: Int? = nil,
        meanings: String = ""
    ) {
        self.init(name, letter, [], value, help, nil, rank, meanings, .information(information))
    }

    private init(
        _ name: String, _ letter: Character?, _ aliases: [String], _ value: Value?, _ help: String,
        _ standard: (@Sendable (Configuration) -> String)?, _ rank: Int?, _ meanings: String, _ action: Action
    ) {
        (self.name, self.letter, self.aliases, self.value) = (name, letter, aliases, value)
        (self.help, self.standard, self.rank, self.meanings, self.action) = (help, standard, rank, meanings, action)
    }
}

extension Option {
    /// What an option takes.
    struct Value: Sendable {
        /// What the help calls it.
        let name: String
        var completion = Completion.nothing
        var secret = Secret.credentialsOfURL
        /// Whether a URL makes sense. Elsewhere one is taken for the URL to fetch, which an option before it has swallowed.
        var mayBeURL = false

        init(_ name: String, _ completion: Completion = .nothing, secret: Secret = .credentialsOfURL, mayBeURL: Bool = false) {
            (self.name, self.completion, self.secret, self.mayBeURL) = (name, completion, secret, mayBeURL)
        }

        static let number = Value("n")
        static let time = Value("time")
        static let size = Value("size")
        static let rate = Value("rate")
        static let file = Value("file", .files)
        static let folder = Value("dir", .folders)
    }

    /// What a shell offers for a value.
    enum Completion: Sendable {
        case nothing
        case files
        case folders
        case choices([String])
    }

    /// Which part of a value must not be seen in ps(1).
    enum Secret: Sendable {
        case everything
        /// What follows the colon of a client certificate.
        case keyPassword
        /// Cookies, but not the name of a file.
        case cookies
        /// The value of a header.
        case headerValue
        /// Whatever an option means by it, a URL may have a password.
        case credentialsOfURL

        /// In bytes; nil where nothing is secret.
        func range(in value: String) -> Range<Int>? {
            let all = 0..<value.utf8.count
            switch self {
            case .everything: return all
            case .keyPassword: return ClientCertificate(value).password.map { all.upperBound - $0.utf8.count..<all.upperBound }
            case .cookies: return value.contains("=") ? all : nil
            case .headerValue:
                guard !value.hasPrefix("@") else { return nil }
                return (value.utf8.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ";") }.count)..<all.upperBound
            case .credentialsOfURL: return value.utf8.contains(UInt8(ascii: "@")) ? HTTPURL.rangeOfCredentials(in: value) : nil
            }
        }
    }

    /// Text in place of a run.
    enum Information: Sendable {
        case help
        case fullHelp
        case version
        case completions
        case manual
        /// The requests of curl commands.
        case requestsOfCurl
    }

    /// As a person writes it, such as `-j, --concurrency <n>`.
    var signature: String {
        (letter.map { "-\($0), " } ?? "") + "--\(name)" + (value.map { " <\($0.name)>" } ?? "")
    }
}
