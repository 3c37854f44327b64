// How wide text is on a terminal, which is not how many characters it has. Too wide is harmless, too narrow breaks the line.

/// How many columns a terminal shows the text in, at most.
func columns(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columns($1) }
}

/// The text, or as much of its beginning as fits before a mark that says so.
func cut(_ text: String, toColumns width: Int) -> String {
    // No character is wider than two columns, nor than its bytes.
    if text.utf8.count <= width || columns(text) <= width { return text }
    let mark = String(repeating: ".", count: max(0, min(3, width)))
    var room = width - mark.count
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        room -= columns(scalar)
        if room < 0 { break }
        result.append(scalar)
    }
    return String(result) + mark
}

extension String {
    /// Lines of less than `width` columns, broken between words, all but the first indented. A word that has no room on a line of its
    /// own, such as a long URL, stays whole where it is. Nil breaks nothing.
    func wrapped(_ width: Int?, indentation: Int = 2) -> [String] {
        guard let width, columns(self) >= width else { return [self] }
        var lines: [String] = []
        var line = ""
        for (position, word) in split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            let room = width - columns(String(word))
            if line.contains(where: { $0 != " " }), columns(line) + 1 >= room, indentation < room {
                lines.append(line)
                line = String(repeating: " ", count: indentation) + word
            } else {
                line += (position == 0 ? "" : " ") + word
            }
        }
        return lines + [line]
    }

    /// Padded with blanks at the right, for columns of names.
    func filled(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - columns(self))) }
}

/// After wcwidth(3) and Unicode's East Asian Width (UAX #11); what terminals disagree about counts as wide.
private func columns(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F000...0x1FAFF, 0x20000...0x3FFFD:
        return 2
    // Signs that a terminal may draw as a picture, and the selector that asks for it.
    case 0x231A...0x23FF, 0x2600...0x27BF, 0x2B00...0x2BFF: return 2
    case 0xFE0F: return 1
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return 1
    }
}
