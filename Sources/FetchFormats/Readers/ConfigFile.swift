// Options from a file, as curl's -K reads them: lines, of which each is an option and perhaps its value.

/// A config file (curl manual page, "-K, --config"): one option a line, with or without its dashes.
package struct ConfigFile {
    /// An option as it would be typed.
    package struct Line: Equatable {
        /// With its dashes, one for letters and two for a name.
        package let option: String
        package let value: String?
        package let number: Int
    }

    /// The lines that say something.
    package private(set) var lines: [Line] = []

    /// `name` is the file's, for errors. `takesValue` tells whether an option, as it would be typed, takes what follows it.
    package init(_ text: [UInt8], name: String, takesValue: (String) -> Bool) throws(ConfigError) {
        var number = 0
        for bytes in text[...].withoutByteOrderMark.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            do throws(Fault) {
                guard let line = try ConfigLine(bytes, takesValue) else { continue }
                lines.append(Line(option: line.option, value: line.value, number: number))
            } catch {
                throw ConfigError(file: name, line: number, reason: error.reason)
            }
        }
    }
}

/// A line that cannot be used. Says nothing of values, which may be secret.
package struct ConfigError: Error, Equatable, CustomStringConvertible {
    let file: String
    let line: Int
    let reason: String

    package var description: String { "\(file):\(line): \(reason)" }
}

private struct Fault: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// An option as it is written in the file, and what follows it.
private struct ConfigLine {
    /// With its dashes, one for letters and two for a name.
    let option: String
    private(set) var value: String?

    /// nil for a blank line and a comment.
    init?(_ line: ArraySlice<UInt8>, _ takesValue: (String) -> Bool) throws(Fault) {
        var rest = line.drop(while: isBlank)
        guard let first = rest.first, first != UInt8(ascii: "#") else { return nil }
        if line.contains(0) { throw Fault("a NUL byte") }
        if String(validating: line, as: UTF8.self) == nil { throw Fault("not UTF-8") }
        let dashes = rest.prefix { $0 == UInt8(ascii: "-") }.count
        rest = rest.dropFirst(dashes)
        // Letters run up to a blank. A name ends at a separator too; after dashes that is only the `=` of a command line.
        let ends: String.UTF8View = (dashes == 0 ? "=:" : dashes == 1 ? "" : "=").utf8
        let name = rest.prefix { !isBlank($0) && !ends.contains($0) }
        rest = rest[name.endIndex...]
        rest = dashes == 0 ? rest.drop { isBlank($0) || ends.contains($0) } : rest.dropFirst().drop(while: isBlank)
        option = (dashes == 1 ? "-" : "--") + String(decoding: name, as: UTF8.self)
        if dashes > 2 || name.isEmpty { throw Fault("no option") }
        if dashes == 0 && ["http", "https"].contains(option.dropFirst(2)) && rest.starts(with: "//".utf8) {
            throw Fault("a URL is written as: url = \"...\"")
        }
        // In the place of a value that the option does not take, it is a comment.
        guard let first = rest.first, first != UInt8(ascii: "#") || takesValue(option) else { return }
        value = first == UInt8(ascii: "\"") ? try Self.quoted(&rest) : Self.word(&rest)
        let remainder = rest.drop(while: isBlank)
        if let next = remainder.first, next != UInt8(ascii: "#") || remainder.startIndex == rest.startIndex {
            throw Fault("more than one value; one with blanks needs quotes")
        }
    }

    private static func word(_ rest: inout ArraySlice<UInt8>) -> String {
        let word = rest.prefix { !isBlank($0) }
        rest = rest[word.endIndex...]
        return String(decoding: word, as: UTF8.self)
    }

    /// A value in quotes, where `\t`, `\n`, `\r` and `\v` are control characters and any other escaped one is itself.
    private static func quoted(_ rest: inout ArraySlice<UInt8>) throws(Fault) -> String {
        let controls: [UInt8: UInt8] = [
            UInt8(ascii: "t"): 0x09, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "v"): 0x0B, UInt8(ascii: "r"): 0x0D,
        ]
        var value: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"): if let escaped = rest.popFirst() { value.append(controls[escaped] ?? escaped) }
            default: value.append(byte)
            }
        }
        throw Fault("the closing quote is missing")
    }
}

/// The CR of a CRLF is one.
private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) }
