// Text of servers and lists in messages: enough of it to tell what it is, however much they send.

extension String {
    /// The text itself or, of more than 2 KB, its beginning and "...". Credentials are masked before: their end must be seen.
    package var excerpt: String {
        guard utf8.count > 2048 else { return self }
        var end = utf8.index(startIndex, offsetBy: 2048)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return self[..<end] + "..."
    }
}
