import Testing

@testable import FetchFormats

/// What curl 7.88.1 sent to a server that kept it, where nothing else is said.
@Suite("Form data") struct FormDataTests {
    private struct NoSuchFile: Error {}

    private static func read(_ name: String) throws -> [UInt8] {
        switch name {
        case "file": Array("a\r\nb\0c\n d=".utf8) + [0xFF] + Array("&\n".utf8)
        case "empty": []
        case "-": Array("from standard input".utf8)
        default: throw NoSuchFile()
        }
    }

    private func text(_ pieces: FormData.Piece...) throws -> String {
        String(decoding: try FormData(pieces, read: Self.read).bytes, as: UTF8.self)
    }

    @Test(
        "Pieces are joined with &, empty ones too",
        arguments: [
            ([.data("a=1"), .data("b=2")], "a=1&b=2"), ([.data(""), .data("b")], "&b"), ([.data("a"), .data("")], "a&"), ([.data("")], ""),
            ([.data(""), .data("")], "&"), ([.data("a"), .data(""), .data("b")], "a&&b"), ([.data("@empty"), .data("b")], "&b"),
            ([.urlEncoded("="), .data("b")], "&b"), ([.urlEncoded("a b"), .data("c d"), .urlEncoded("=e")], "a+b&c d&e"), ([], ""),
        ] as [([FormData.Piece], String)]) func joining(pieces: [FormData.Piece], expected: String) throws
    {
        #expect(try FormData(pieces, read: Self.read).bytes == Array(expected.utf8))
    }

    @Test("Only what comes from a file loses CR, LF and NUL, and only with --data") func files() throws {
        #expect(try FormData([.data("@file")], read: Self.read).bytes == Array("ab".utf8) + Array("c d=".utf8) + [0xFF, 0x26])
        #expect(try FormData([.binary("@file")], read: Self.read).bytes == Self.read("file"))
        #expect(try text(.data("a\r\nb")) == "a\r\nb" && text(.binary("a\r\n")) == "a\r\n" && text(.raw("a\nb")) == "a\nb")
        #expect(try text(.raw("@file")) == "@file")
        #expect(try text(.data("@-")) == "from standard input")
    }

    @Test(
        "--data-urlencode encodes the content and not the name",
        arguments: [
            ("a b", "a+b"), ("=a b", "a+b"), ("n=a b", "n=a+b"), ("n m=a b", "n m=a+b"), ("=", ""), ("n=", "n="), ("", ""), ("==", "%3D"),
            ("a==b", "a=%3Db"), ("=a=b", "a%3Db"), ("=@file", "%40file"), ("n=@file", "n=%40file"), ("a@b=c", "a@b=c"),
            ("a=b@file", "a=b%40file"), ("=é", "%C3%A9"), ("=+ %20", "%2B+%2520"), ("=\n\r\t", "%0A%0D%09"),
            ("@file", "a%0D%0Ab%00c%0A+d%3D%FF%26%0A"), ("n@file", "n=a%0D%0Ab%00c%0A+d%3D%FF%26%0A"),
            ("n m@file", "n m=a%0D%0Ab%00c%0A+d%3D%FF%26%0A"), ("@empty", ""),
            (
                "=aBz09-._~!*'();:@&=+$,/?#[]%\\\"<>^`{|}",
                "aBz09-._~%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%2F%3F%23%5B%5D%25%5C%22%3C%3E%5E%60%7B%7C%7D"
            ),
        ]) func encoding(piece: String, expected: String) throws
    {
        #expect(try text(.urlEncoded(piece)) == expected)
    }

    @Test("A name keeps its place also for an empty file, as the manual says and curl 7.88.1 does not") func emptyFile() throws {
        #expect(try text(.urlEncoded("n@empty")) == "n=")
    }

    @Test(
        "A file that cannot be read is an error, where curl 7.88.1 sends nothing",
        arguments: [.data("@none"), .data("@"), .binary("@none"), .urlEncoded("@none"), .urlEncoded("n@none")] as [FormData.Piece])
    func missingFile(piece: FormData.Piece) {
        #expect(throws: NoSuchFile.self) { try FormData([piece], read: Self.read) }
    }

    @Test(
        "-G puts the data at the end of the query and before the fragment",
        arguments: [
            ("http://h/p", "http://h/p?a=1&b=2"), ("http://h/p?", "http://h/p?a=1&b=2"), ("http://h/p?x=1", "http://h/p?x=1&a=1&b=2"),
            ("http://h/p?x=1&", "http://h/p?x=1&a=1&b=2"), ("http://h/p#f", "http://h/p?a=1&b=2#f"),
            ("http://h/p?x=1#f", "http://h/p?x=1&a=1&b=2#f"), ("http://h/p?#f", "http://h/p?a=1&b=2#f"), ("http://h", "http://h?a=1&b=2"),
            ("http://h?x", "http://h?x&a=1&b=2"), ("http://h#f", "http://h?a=1&b=2#f"), ("http://h/#a?b", "http://h/?a=1&b=2#a?b"),
        ]) func query(url: String, expected: String) throws
    {
        #expect(try FormData([.data("a=1"), .data("b=2")], read: Self.read).appended(toQueryOf: url) == expected)
    }

    @Test(
        "-G leaves the data as it is",
        arguments: ["a%20b", "a%zz", "a?b", "a\\b", "a\"<>b", "+", "a|b", "[x]", "/", "{}", "?a"])
    func queryBytes(data: String) throws {
        #expect(try FormData([.raw(data)], read: Self.read).appended(toQueryOf: "http://h/p") == "http://h/p?\(data)")
    }

    @Test(
        "-G encodes what no URL may hold, where curl 7.88.1 fails, cuts or sends it raw",
        arguments: [("a b", "a%20b"), ("a\tb\n", "a%09b%0A"), ("a#b", "a%23b"), ("é", "%C3%A9"), ("\u{7F}", "%7F")])
    func queryEncoding(data: String, expected: String) throws {
        #expect(try FormData([.raw(data)], read: Self.read).appended(toQueryOf: "http://h/p") == "http://h/p?\(expected)")
    }

    @Test("-G without data leaves the URL as it is") func noQuery() throws {
        #expect(try FormData([], read: Self.read).appended(toQueryOf: "http://h/p?x#f") == "http://h/p?x#f")
    }
}
