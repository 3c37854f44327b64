// Reads arguments as curl does (curl manual page, "OPTIONS"; `--name=value` from curl 8.16 on): letters share a dash, the value of a
// letter may follow it at once, a value may begin with a dash, options and URLs come in any order.

/// What the arguments say, one option or URL after another.
struct ArgumentReader {
    private let arguments: [String]
    /// The argument that is read next.
    private(set) var position = 0
    /// What is left of an argument of letters.
    private var letters: Substring = ""
    private var hasOnlyOperands = false

    init(_ arguments: [String]) { self.arguments = arguments }

    /// Whether what comes next is in the same argument.
    var isInsideLetters: Bool { !letters.isEmpty }

    /// Nil at the end. Throws for an option that nobody knows, and for one without its value.
    mutating func next() throws(UsageError) -> Occurrence? {
        if !letters.isEmpty { return try nextLetter() }
        guard position < arguments.count else { return nil }
        let argument = arguments[position]
        position += 1
        if hasOnlyOperands || argument == "-" || argument.utf8.first != UInt8(ascii: "-") {
            return Occurrence(OptionTable.operand, "", value: argument, argument: position - 1)
        }
        if argument == "--" {
            hasOnlyOperands = true
            return try next()
        }
        if argument.hasPrefix("--") { return try long(argument) }
        letters = argument.dropFirst()
        return try nextLetter()
    }

    private mutating func nextLetter() throws(UsageError) -> Occurrence {
        let letter = letters.removeFirst()
        let typed = "-\(letter)"
        guard let option = OptionTable.option(letter: letter) else { throw Suggestion.unknown(typed) }
        guard option.value != nil else { return Occurrence(option, typed) }
        guard !letters.isEmpty else { return try taking(option, typed) }
        defer { letters = "" }
        let offset = arguments[position - 1].utf8.count - letters.utf8.count
        return Occurrence(option, typed, value: String(letters), argument: position - 1, offset: offset)
    }

    private mutating func long(_ argument: String) throws(UsageError) -> Occurrence {
        let end = argument.utf8.firstIndex(of: UInt8(ascii: "="))
        let typed = end.map { String(argument[..<$0]) } ?? argument
        guard let (option, isOn) = OptionTable.option(name: typed.dropFirst(2)) else { throw Suggestion.unknown(typed) }
        if option.value == nil {
            if end != nil { throw UsageError("\(typed) takes no value") }
            return Occurrence(option, typed, isOn: isOn)
        }
        guard let end else { return try taking(option, typed) }
        return Occurrence(
            option, typed, value: String(argument[argument.utf8.index(after: end)...]), argument: position - 1,
            offset: typed.utf8.count + 1)
    }

    /// The option with the next argument as its value, whatever that is.
    private mutating func taking(_ option: Option, _ typed: String) throws(UsageError) -> Occurrence {
        guard position < arguments.count else { throw UsageError("\(typed) needs a value: \(option.signature)") }
        position += 1
        return Occurrence(option, typed, value: arguments[position - 1], argument: position - 1)
    }
}

/// An option as it was found, or a URL.
struct Occurrence: Sendable {
    let option: Option
    /// The option as it was written, without its value; empty for a URL that stands alone.
    let typed: String
    /// False for a switch that is turned off.
    let isOn: Bool
    let value: String
    /// Which argument the value is in, and how many of its bytes stand before the value.
    let argument: Int
    let offset: Int
    /// File and line of a config file that it comes from.
    var place: String?

    init(_ option: Option, _ typed: String, isOn: Bool = true, value: String = "", argument: Int = 0, offset: Int = 0) {
        (self.option, self.typed, self.isOn) = (option, typed, isOn)
        (self.value, self.argument, self.offset) = (value, argument, offset)
    }
}
