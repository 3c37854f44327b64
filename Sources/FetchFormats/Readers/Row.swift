// Rows of tables in a list: a URL and what is known of it.

/// A row that begins with a URL.
enum Row {
    static func startsWithURL(_ line: ArraySlice<UInt8>) -> Bool {
        ["http://", "https://"].contains { line.starts(with: $0.utf8) }
    }

    /// The URL of such a row, which ends at a tab, or at a blank if all that follows are numbers; any other line as it is. A blank before
    /// a word may be meant as part of the URL, and half of that would be another request. A comma may be part of a URL.
    static func url(in line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard startsWithURL(line), let end = line.firstIndex(where: isBlank) else { return line }
        let fields = line[end...].split(whereSeparator: isBlank)
        return line[end] == UInt8(ascii: "\t") || fields.allSatisfy(isNumber) ? line[..<end] : line
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// Counts, sizes, dates and times.
    private static func isNumber(_ field: ArraySlice<UInt8>) -> Bool {
        let isDigit = { (byte: UInt8) in UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
        return field.contains(where: isDigit) && field.allSatisfy { isDigit($0) || "+-.,:%".utf8.contains($0) }
    }
}
