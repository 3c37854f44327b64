import Glibc
import Testing

@testable import FetchKit

@Suite("URLs") struct HTTPURLTests {
    /// As the program does: libidn2 wants to know that names are UTF-8.
    init() { setlocale(LC_CTYPE, "C.UTF-8") }

    @Test(
        "Have one normal form",
        arguments: [
            ("example.com", "http://example.com/"), ("HTTP://EXAMPLE.com:80/a?b#c", "http://EXAMPLE.com/a?b"),
            ("localhost:8080/x", "http://localhost:8080/x"), ("https://h:443/", "https://h/"),
            ("http://h/a/../b/./c", "http://h/b/c"), ("http://h/caf\u{e9}", "http://h/caf%c3%a9"), ("http:/h/x", "http://h/x"),
            ("http://[::1]:8080/", "http://[::1]:8080/"), ("http://127.1/", "http://127.0.0.1/"),
            ("ftp.example.com", "http://ftp.example.com/"),
        ]) func normalForm(text: String, expected: String) throws
    {
        #expect(try HTTPURL(text).absoluteString.lowercased() == expected.lowercased())
    }

    @Test("That are not parsed are as libcurl would make them") func plain() {
        let pieces = [
            "http://", "https://", "http:/", "HTTP://", "a", "z9", "-", ".", "..", "/", "//", ":", "80", "443", "8080", "0", "010", "65535",
            "65536", "127.0.0.1", "1.2.3", "256", "0x7f", "xn--", "example.com", "www.example.org", "A", "_", "@", "?", "=", "&", "#",
            "%41",
            "+", ",", "~", "\\", " ", "[::1]", "\u{e9}", "/a/b", "/./", "/../", "/.x", "/x.", "?a/.b",
        ]
        var generator = SystemRandomNumberGenerator()
        var accepted = 0
        for round in 0..<60_000 {
            // Half of them begin well, so that enough are plain.
            let start =
                round.isMultiple(of: 2)
                ? ["http://example.com", "https://127.0.0.1:8080", "http://a"].randomElement(using: &generator)! : ""
            let text = start + (0..<Int.random(in: 0...6, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }.joined()
            guard let url = Array(text.utf8).withUnsafeBytes({ HTTPURL(plain: $0) }) else { continue }
            accepted += 1
            let parsed = try? HTTPURL(parsing: Array(text.utf8))
            #expect(url == parsed && url.origin.needsLookUp == parsed?.origin.needsLookUp, "\(text)")
        }
        #expect(accepted > 300)
    }

    @Test(
        "That are in normal form are not parsed",
        arguments: [
            "http://example.com/", "https://www.example.org/a/b.html?x=1&y=2", "http://127.0.0.1:8080/x", "http://localhost:1/",
            "http://a-1.b2/",
        ]) func isPlain(text: String) throws
    {
        #expect(Array(text.utf8).withUnsafeBytes { HTTPURL(plain: $0) }?.absoluteString == text)
    }

    @Test(
        "That would be misunderstood are refused",
        arguments: [
            "", "http://", "ftp://h/", "file:///etc/passwd", "gopher://h/", "http://a b/", "http://h/a b", "http://h:0/", "http://h:99999/",
            "http://h\\@evil/", "http://a@b@c/", "http://h/\u{1}", "http://h/\n", "mailto:/x", "http://h:x/",
        ]) func refused(text: String)
    {
        #expect(throws: InvalidURL.self) { try HTTPURL(text) }
    }

    @Test(
        "Whose host would be another one in ASCII are refused, also as a Location",
        arguments: [
            "a\u{FF0F}.evil.test", "a\u{FF1A}80.test", "a\u{FF03}.test", "u\u{FF20}evil.test", "a\u{2100}b", "a%EF%BC%8Fb", "\u{37E}..",
        ])
    func split(host: String) throws {
        #expect(throws: InvalidURL.self) { try HTTPURL("http://\(host)/x") }
        #expect(throws: InvalidURL.self) { try HTTPURL("http://h/").resolving(location: Array("//\(host)/x".utf8)) }
        #expect(try HTTPURL("http://h/\(host)").host == "h")
    }

    @Test("International hosts have their ASCII form") func international() throws {
        #expect(try HTTPURL("http://b\u{FC}cher.test/\u{FC}").absoluteString.lowercased() == "http://xn--bcher-kva.test/%c3%bc")
        #expect(try HTTPURL("http://b%C3%BCcher.test/").host == "xn--bcher-kva.test")
        #expect(try HTTPURL("http://\u{FF41}.test/").host == "a.test")
        // An address in its turn, when the digits are.
        #expect(try HTTPURL("http://\u{FF11}\u{FF12}\u{FF17}.1/").host == "127.0.0.1")
    }

    @Test("That are no UTF-8 are percent-encoded byte by byte") func bytes() throws {
        #expect(try HTTPURL(bytes: Array("http://h/".utf8) + [0xFF, 0xFE]).absoluteString.lowercased() == "http://h/%ff%fe")
    }

    @Test(
        "Name their origin by scheme, host and port",
        arguments: [
            ("http://H/x", "http://h"), ("http://u:p@h:8080/@x", "http://h:8080"), ("https://h:443", "https://h"),
            ("http://[::1]/", "http://[::1]"),
        ]) func origin(text: String, expected: String) throws
    {
        #expect(try HTTPURL(text).origin.description == expected)
    }

    @Test("Never show credentials") func credentials() throws {
        let url = try HTTPURL("http://user:secret@h/x@y")
        #expect(url.hasCredentials && url.absoluteString.contains("secret"))
        #expect(url.description == "http://***@h/x@y")
        #expect(HTTPURL.redacted("user:secret@h/") == "***@h/")
        #expect(HTTPURL.redacted("http://h/a@b") == "http://h/a@b")
    }

    @Test(
        "Are shown without a password that no URL may hold",
        arguments: [
            ("http://u:p/w@h/", "http://***@h/"), ("http://u:p?w@h/x", "http://***@h/x"), ("http://u:p#w@h", "http://***@h"),
            ("http://u:p/w@x@h/", "http://***@h/"), ("http://u:/w@h/", "http://***@h/"), ("http://u:?@h/", "http://***@h/"),
            ("http://:p/w@h/", "http://***@h/"), ("u:p/w@h/", "***@h/"), ("//u:p/w@h/", "//***@h/"),
            ("http://u:p@o:w/@h/", "http://***@h/"),
            ("http://u:1p/w@h:80/", "http://***@h:80/"), ("http://u:70000/w@h", "http://***@h"), ("http://[::1]:p/w@h", "http://***@h"),
            ("ftp://u:p/w@h", "ftp://***@h"), ("http://u:é/w@h", "http://***@h"),
        ]) func masked(text: String, shown: String)
    {
        #expect(HTTPURL.redacted(text) == shown)
        #expect(throws: InvalidURL.self) { try HTTPURL(text) }
    }

    @Test(
        "Are shown as they are where an @ is part of the path",
        arguments: [
            "http://localhost:8080/a@b", "https://medium.com/@user", "https://h/?mail=a@b", "http://h:80?a@b", "http://h#a@b", "h/a@b",
            "h:8080/a@b", "http://[::1]:80/a@b", "http://[::1]/a@b", "//h/a@b", "http://h", "",
        ]) func unmasked(text: String)
    {
        #expect(HTTPURL.redacted(text) == text)
    }

    @Test(
        "Resolve a Location",
        arguments: [
            ("http://h/a/b?c", "/x", "http://h/x"), ("http://h/a/b", "d", "http://h/a/d"), ("http://h/a/b", "//o/e", "http://o/e"),
            ("http://h/a/b?c", "?d", "http://h/a/b?d"), ("https://h/", "http://h:81/", "http://h:81/"),
            ("http://u:p@h/a", "/b", "http://u:p@h/b"), ("http://u:p@h/a", "http://h/b", "http://u:p@h/b"),
            ("http://u:p@h/a", "http://o/b", "http://o/b"),
        ]) func resolve(base: String, location: String, expected: String) throws
    {
        #expect(try HTTPURL(base).resolving(location: Array(location.utf8)).absoluteString == expected)
    }

    @Test("Resolve no Location with another scheme", arguments: ["file:///etc/passwd", "ftp://h/", "gopher://h/", "javascript:x"])
    func otherScheme(location: String) throws {
        let base = try HTTPURL("http://h/")
        let target = try? base.resolving(location: Array(location.utf8))
        #expect(target == nil || target?.origin == base.origin)
    }

    @Test(
        "That look like their neighbour come out as libcurl would have it",
        arguments: [
            "http://h:8/a", "http://h:8/a/b.c?d=e&f", "http://h:8/../a", "http://h:8/a%41", "http://h:8", "http://h:80/a",
            "http://h:8/\u{e9}",
        ])
    func neighbour(text: String) throws {
        let neighbour = try HTTPURL("http://h:8/first")
        let plain = Array(text.utf8).withUnsafeBytes { HTTPURL(plain: $0, like: neighbour) }
        #expect(try plain == nil || plain == HTTPURL(text))
        #expect((plain == nil) == (!text.hasPrefix("http://h:8/") || text.contains("..") || text.contains("%") || text.contains("\u{e9}")))
    }

    @Test(
        "Share secrets only with the same origin, or over https on the same host",
        arguments: [
            ("http://h/", "http://h/x", true), ("http://h/", "https://h/", true), ("https://h/", "http://h/", false),
            ("http://h:8080/", "https://h:8080/", false), ("http://h/", "http://o/", false), ("http://h/", "http://h:81/", false),
        ]) func secrets(from: String, to: String, allowed: Bool) throws
    {
        #expect(try HTTPURL(from).origin.mayShareSecrets(with: HTTPURL(to).origin) == allowed)
    }
}
