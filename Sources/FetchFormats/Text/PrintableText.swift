// Text from servers and lists on its way to a person's terminal: what would move the cursor or turn the text around is shown
// instead of sent.

/// The text on one line, with all that controls a terminal escaped as in JSON, such as `\u001b`: what was JSON remains JSON.
package func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.controlsTerminal) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
        if scalar.controlsTerminal {
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
}

extension Unicode.Scalar {
    /// Whether it moves the cursor or turns text around. None of these has more than four digits.
    var controlsTerminal: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F: true
        // Marks and overrides of direction, line and paragraph separators, the byte order mark (UAX #9).
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
