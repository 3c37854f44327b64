// `Content-Range`: which part of a body a response has (RFC 9110 section 14.4).

/// A range of bytes, and the size of the whole.
package struct ContentRange: Equatable, Sendable {
    /// Nil where no range could be given (status 416).
    package var first: Int64?
    /// Of the last byte.
    package var last: Int64?
    /// Nil when the server does not know.
    package var total: Int64?

    /// How many bytes the range has; nil where there is none.
    var count: Int64? {
        guard let first, let last else { return nil }
        return last - first == .max ? .max : last - first + 1
    }

    /// Reads `bytes 0-99/100`, `bytes 0-99/*` or `bytes */100`; nil for anything else.
    package init?(_ text: String) {
        guard text.lowercased().hasPrefix("bytes ") else { return nil }
        let parts = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        if parts[1] != "*" {
            guard let size = Self.number(parts[1]) else { return nil }
            total = size
        }
        if parts[0] == "*" { return }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(Self.number)
        guard ends.count == 2, let start = ends[0], let end = ends[1], start <= end else { return nil }
        (first, last) = (start, end)
    }

    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { $0 &- 48 < 10 } ? Int64(text) : nil
    }
}
