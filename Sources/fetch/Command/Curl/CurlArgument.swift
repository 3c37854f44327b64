// The words of a curl command as its options and URLs (curl manual page, "OPTIONS"): letters share a dash, the value of a letter may
// follow it at once.

/// An option of curl as it was found, or a URL.
struct CurlArgument: Sendable, Equatable {
    /// The long name without dashes, as `OptionTable` has it; `url` for a URL.
    let name: String
    /// As it was written, without its value.
    let typed: String
    let value: String?

    /// What follows `curl`. Throws for what curl would refuse.
    static func read(_ words: ArraySlice<String>) throws(UsageError) -> [CurlArgument] {
        var rest = words
        var arguments: [CurlArgument] = []
        var hasOnlyURLs = false
        while let word = rest.popFirst() {
            if hasOnlyURLs || word == "-" || !word.hasPrefix("-") {
                arguments.append(CurlArgument(name: "url", typed: "", value: word))
            } else if word == "--" {
                hasOnlyURLs = true
            } else if word.hasPrefix("--") {
                arguments.append(try long(word, &rest))
            } else {
                arguments += try letters(word, &rest)
            }
        }
        return arguments
    }

    private static func long(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageError) -> CurlArgument {
        let typed = String(word.prefix { $0 != "=" })
        guard let option = CurlOption.option(name: typed) else { throw UsageError("curl has no option \(typed.shown)") }
        var value: String?
        if word != typed { value = String(word.dropFirst(typed.count + 1)) }
        if option.takesValue != (value != nil) {
            if value != nil { throw UsageError("\(typed) takes no value") }
            value = try next(typed, &rest)
        }
        return CurlArgument(name: String(typed.dropFirst(2)), typed: typed, value: value)
    }

    private static func letters(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageError) -> [CurlArgument] {
        var arguments: [CurlArgument] = []
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            let typed = "-\(letter)"
            guard let option = CurlOption.option(letter: letter) else { throw UsageError("curl has no option \(typed.shown)") }
            var value: String?
            if option.takesValue {
                value = letters.isEmpty ? try next(typed, &rest) : String(letters)
                letters = ""
            }
            arguments.append(CurlArgument(name: String(option.name.dropFirst(2)), typed: typed, value: value))
        }
        return arguments
    }

    private static func next(_ typed: String, _ rest: inout ArraySlice<String>) throws(UsageError) -> String {
        guard let value = rest.popFirst() else { throw UsageError("\(typed) of curl needs a value") }
        return value
    }
}
