// The words of a command, as a POSIX shell splits them (XCU section 2.2, quoting, and $'...'). Nothing is run or expanded: what would need
// a shell for its meaning is an error.

import FetchKit

/// Commands that were written for a shell, taken apart.
package struct ShellWords {
    /// The words of each command, quotes and backslashes removed.
    package private(set) var commands: [[String]] = []
    /// Redirections, as they were written.
    package private(set) var redirections: [String] = []

    package init(_ text: String) throws(ShellError) {
        var reader = ShellReader(text)
        var words: [String] = []
        while let token = try reader.next() {
            switch token {
            case .word(let word): words.append(word)
            case .redirection(let text): redirections.append(text)
            case .end:
                if !words.isEmpty { commands.append(words) }
                words = []
            }
        }
        if !words.isEmpty { commands.append(words) }
    }
}

/// Text that a shell would refuse, or whose meaning only a shell can tell.
package struct ShellError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

private enum Token {
    case word(String)
    case redirection(String)
    /// Of a command: a line end, `;`, `&`, `|`.
    case end
}

/// Reads tokens. By bytes, as all that has a meaning is ASCII.
private struct ShellReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) {
        // Only text from elsewhere has line ends of two bytes.
        rest = Array(text.replacing("\r\n", with: "\n").utf8)[...]
    }

    mutating func next() throws(ShellError) -> Token? {
        skipBlanks()
        guard let byte = rest.first else { return nil }
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "|"):
            rest.removeFirst()
            return .end
        case UInt8(ascii: "&"):
            if rest.dropFirst().first == UInt8(ascii: ">") { return try redirection() }
            rest.removeFirst()
            return .end
        case UInt8(ascii: "<"), UInt8(ascii: ">"): return try redirection()
        case UInt8(ascii: "("), UInt8(ascii: ")"): throw ShellError("a parenthesis outside of quotes")
        case UInt8(ascii: "^") where rest.dropFirst().first == UInt8(ascii: "\""):
            throw ShellError("the command is quoted for cmd.exe; copy the form for bash")
        case UInt8(ascii: "~"): throw ShellError("a ~ that a shell would expand; write the whole path")
        default:
            let start = rest
            let word = try word()
            // The number of a descriptor belongs to the redirection behind it.
            if let next = rest.first, next == UInt8(ascii: "<") || next == UInt8(ascii: ">"),
                start[..<rest.startIndex].allSatisfy({ $0 &- 48 < 10 })
            {
                return try redirection(from: start)
            }
            return .word(word)
        }
    }

    /// Blanks, joined lines and comments.
    private mutating func skipBlanks() {
        while let byte = rest.first {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                rest.removeFirst()
            } else if rest.starts(with: "\\\n".utf8) {
                rest.removeFirst(2)
            } else if byte == UInt8(ascii: "#") {
                rest = rest.drop { $0 != UInt8(ascii: "\n") }
            } else {
                return
            }
        }
    }

    private mutating func redirection(from start: ArraySlice<UInt8>? = nil) throws(ShellError) -> Token {
        let start = start ?? rest
        let operation = rest.prefix { "<>&|".utf8.contains($0) }
        if operation.starts(with: "<<".utf8) { throw ShellError("a here-document; write its content to a file") }
        rest = rest.dropFirst(operation.count)
        if rest.first == UInt8(ascii: "(") { throw ShellError("a process substitution, which is not run") }
        skipBlanks()
        _ = try word()
        return .redirection(String(decoding: start[..<rest.startIndex], as: UTF8.self))
    }

    private mutating func word() throws(ShellError) -> String {
        var word: [UInt8] = []
        while let byte = rest.first, !" \t\n;&|<>()".utf8.contains(byte) {
            rest.removeFirst()
            switch byte {
            case UInt8(ascii: "'"): word += try quoted()
            case UInt8(ascii: "\""): try readDoubleQuoted(into: &word)
            case UInt8(ascii: "\\"):
                // Before a line end it joins the lines.
                if let escaped = rest.popFirst(), escaped != UInt8(ascii: "\n") { word.append(escaped) }
            case UInt8(ascii: "$") where rest.first == UInt8(ascii: "'"):
                rest.removeFirst()
                try readANSIQuoted(into: &word)
            case UInt8(ascii: "$"), UInt8(ascii: "`"): try takeLiterally(byte, into: &word)
            default: word.append(byte)
            }
        }
        guard let text = String(validating: word, as: UTF8.self) else {
            throw ShellError("a word that is not UTF-8; write the content to a file, and @FILE in its place")
        }
        if word.contains(0) { throw ShellError("a word with a NUL byte; write the content to a file, and @FILE in its place") }
        return text
    }

    /// What stands in single quotes.
    private mutating func quoted() throws(ShellError) -> ArraySlice<UInt8> {
        let content = rest.prefix { $0 != UInt8(ascii: "'") }
        guard content.endIndex < rest.endIndex else { throw ShellError("a quote ' that is not closed") }
        rest = rest[(content.endIndex + 1)...]
        return content
    }

    private mutating func readDoubleQuoted(into word: inout [UInt8]) throws(ShellError) {
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"):
                guard let escaped = rest.first else { break }
                if escaped == UInt8(ascii: "\n") {
                    rest.removeFirst()
                } else if "$`\"\\".utf8.contains(escaped) {
                    word.append(escaped)
                    rest.removeFirst()
                } else {
                    word.append(byte)
                }
            case UInt8(ascii: "$"), UInt8(ascii: "`"): try takeLiterally(byte, into: &word)
            default: word.append(byte)
            }
        }
        throw ShellError("a quote \" that is not closed")
    }

    /// A dollar sign before nothing that could be expanded is one.
    private func takeLiterally(_ byte: UInt8, into word: inout [UInt8]) throws(ShellError) {
        if byte == UInt8(ascii: "`") { throw ShellError("a command in backticks, which is not run") }
        guard let next = rest.first else { return word.append(byte) }
        if next == UInt8(ascii: "(") { throw ShellError("a command in $(), which is not run") }
        if isNamePart(next) || "{@*#?$!-".utf8.contains(next) {
            let name = String(decoding: rest.prefix { isNamePart($0) || "{}".utf8.contains($0) }, as: UTF8.self)
            throw ShellError("the variable $\(name), which is not expanded; write its value")
        }
        word.append(byte)
    }

    private func isNamePart(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 }
}

extension ShellReader {
    /// `$'...'` as bash and POSIX.1-2024 have it.
    private mutating func readANSIQuoted(into word: inout [UInt8]) throws(ShellError) {
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "'") { return }
            if byte == UInt8(ascii: "\\"), !rest.isEmpty { word += try escape() } else { word.append(byte) }
        }
        throw ShellError("a quote $' that is not closed")
    }

    /// What an escape stands for, behind its backslash; one that nobody knows is itself.
    private mutating func escape() throws(ShellError) -> [UInt8] {
        let escape = rest.removeFirst()
        let itself = [UInt8(ascii: "\\"), escape]
        switch escape {
        case UInt8(ascii: "x"): return number(atMost: 2).map { [UInt8($0)] } ?? itself
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            let first = UInt32(escape - UInt8(ascii: "0"))
            let digits = rest.prefix(2).prefix { (0x30...0x37).contains($0) }
            rest = rest.dropFirst(digits.count)
            return [UInt8(truncatingIfNeeded: digits.reduce(first) { $0 << 3 | UInt32($1 - 0x30) })]
        case UInt8(ascii: "u"): return try scalar(digits: 4).map { Array(String($0).utf8) } ?? itself
        case UInt8(ascii: "U"): return try scalar(digits: 8).map { Array(String($0).utf8) } ?? itself
        case UInt8(ascii: "c"): return rest.popFirst().map { [$0 & 0x1F] } ?? itself
        default: return Self.controls[escape].map { [$0] } ?? itself
        }
    }

    private static let controls: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "e"): 0x1B, UInt8(ascii: "E"): 0x1B, UInt8(ascii: "f"): 0x0C,
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0B,
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "'"): UInt8(ascii: "'"), UInt8(ascii: "\""): UInt8(ascii: "\""),
        UInt8(ascii: "?"): UInt8(ascii: "?"),
    ]

    /// A hexadecimal number; nil where no digit follows.
    private mutating func number(atMost count: Int) -> UInt32? {
        let digits = rest.prefix(count).prefix { hexadecimalDigit($0) != nil }
        rest = rest.dropFirst(digits.count)
        return digits.isEmpty ? nil : digits.reduce(0) { $0 << 4 | UInt32(hexadecimalDigit($1)!) }
    }

    /// Browsers write what is beyond U+FFFF as two surrogates.
    private mutating func scalar(digits: Int) throws(ShellError) -> Unicode.Scalar? {
        guard var value = number(atMost: digits) else { return nil }
        if 0xD800...0xDBFF ~= value, rest.starts(with: "\\u".utf8) {
            rest = rest.dropFirst(2)
            let low = number(atMost: 4) ?? 0
            value = 0xDC00...0xDFFF ~= low ? 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00) : 0xD800
        }
        guard let scalar = Unicode.Scalar(value) else { throw ShellError("an escape \\u that is no character") }
        return scalar
    }
}
