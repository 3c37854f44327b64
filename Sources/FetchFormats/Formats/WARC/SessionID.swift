// Numbers of sessions in URLs, which archives leave out of their keys: the same page has another one at each visit. Which ones, and
// how they look, is an old list that all tools share.

/// Finds and takes out session IDs.
enum SessionID {
    // MARK: Path

    /// ASP.NET puts them into a segment of their own: `/(S(24 characters))/page.aspx`, in parentheses once or, later, twice.
    static func removed(fromPath path: [UInt8]) -> [UInt8] {
        let afterTwice = removed(fromPath: path) { isLettered($0) }
        return removed(fromPath: afterTwice) { $0.count == 24 && $0.allSatisfy(isAlphanumeric) }
    }

    /// Takes out the last segment in parentheses of which `isID` approves, if a page of that kind follows.
    private static func removed(fromPath path: [UInt8], _ isID: (ArraySlice<UInt8>) -> Bool) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        guard path.contains(UInt8(ascii: "(")) else { return path }
        var end = path.count
        while let closing = path[..<end].lastIndex(of: slash) {
            end = closing
            guard let opening = path[..<closing].lastIndex(of: slash) else { break }
            let segment = path[(opening + 1)..<closing]
            guard segment.first == UInt8(ascii: "("), segment.last == UInt8(ascii: ")"), isID(segment.dropFirst().dropLast()),
                isPage(path[(closing + 1)...])
            else { continue }
            return Array(path[...opening] + path[(closing + 1)...])
        }
        return path
    }

    /// One or more of `S(24 characters)`.
    private static func isLettered(_ text: ArraySlice<UInt8>) -> Bool {
        guard !text.isEmpty, text.count % 27 == 0 else { return false }
        return stride(from: text.startIndex, to: text.endIndex, by: 27).allSatisfy { start in
            isLetter(text[start]) && text[start + 1] == UInt8(ascii: "(") && text[(start + 2)..<(start + 26)].allSatisfy(isAlphanumeric)
                && text[start + 26] == UInt8(ascii: ")")
        }
    }

    private static func isPage(_ text: ArraySlice<UInt8>) -> Bool {
        let name = Array(".aspx".utf8)
        let path = text.prefix { $0 != UInt8(ascii: "?") }
        return path.count > name.count
            && path.indices.dropFirst().contains { path[$0...].prefix(name.count).elementsEqual(name) }
    }

    // MARK: Query

    static func removed(fromQuery query: [UInt8]) -> [UInt8] {
        var query = query
        for name: StaticString in ["jsessionid=", "phpsessid=", "sid="] {
            query = removed(from: query, name) { after($0, 32, isAlphanumeric) }
        }
        query = removed(from: query, "aspsessionid") { text in
            guard let equals = after(text, 8, isLetter), equals.first == UInt8(ascii: "=") else { return nil }
            return after(equals.dropFirst(), 24, isLetter)
        }
        return removed(from: query, "cfid=") { text in
            let number = text.prefix { $0 != UInt8(ascii: "&") }
            let rest = text[number.endIndex...]
            guard !number.isEmpty, starts(rest, with: "&cftoken=") else { return nil }
            let token = rest.dropFirst(9).prefix { $0 != UInt8(ascii: "&") }
            return token.isEmpty ? nil : rest[token.endIndex...]
        }
    }

    /// Takes out the last argument that begins with `name` and goes on as `rest` says, which returns what is behind it.
    private static func removed(
        from query: [UInt8], _ name: StaticString, _ rest: (ArraySlice<UInt8>) -> ArraySlice<UInt8>?
    ) -> [UInt8] {
        let length = name.utf8CodeUnitCount
        guard query.count > length else { return query }
        for start in (0...(query.count - length)).reversed() where starts(query[start...], with: name) {
            guard let behind = rest(query[(start + length)...]) else { continue }
            if behind.isEmpty { return Array(query[..<start]) }
            if behind.first == UInt8(ascii: "&") { return Array(query[..<start] + behind.dropFirst()) }
        }
        return query
    }

    /// What is behind `count` bytes of that kind.
    private static func after(_ text: ArraySlice<UInt8>, _ count: Int, _ isRight: (UInt8) -> Bool) -> ArraySlice<UInt8>? {
        text.count >= count && text.prefix(count).allSatisfy(isRight) ? text.dropFirst(count) : nil
    }

    private static func starts(_ text: ArraySlice<UInt8>, with lowercaseName: StaticString) -> Bool {
        lowercaseName.withUTF8Buffer { name in
            text.count >= name.count && zip(text, name).allSatisfy { $0 == $1 || ($0 &- 65 < 26 && $0 | 0x20 == $1) }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || byte &- 48 < 10 }
}
