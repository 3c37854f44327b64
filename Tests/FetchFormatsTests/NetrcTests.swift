import Testing

@testable import FetchFormats

@Suite(".netrc files") struct NetrcTests {
    private static let entry = "machine h login u password p"

    private func credentials(_ text: String, host: String = "h", user: String? = nil, allowsDefault: Bool = true) throws -> String? {
        let credentials = try Netrc(Array(text.utf8)).credentials(for: host, user: user, allowsDefault: allowsDefault)
        return credentials.map { "\($0.user):\($0.password)" }
    }

    @Test(
        "Give the credentials that curl 7.88.1 sends",
        arguments: [
            (entry, "u:p"), ("machine H login u password p", "u:p"), ("MACHINE h LOGIN u PASSWORD p", "u:p"),
            ("machine h\r\nlogin u\r\npassword p\r\n", "u:p"), ("machine\nh\nlogin\nu\npassword\np", "u:p"),
            ("machine h\tlogin  u\u{B}password p", "u:p"), ("machine h login u", "u:"), ("machine h password p", ":p"), ("machine h", nil),
            ("machine h password p login u", "u:p"), ("\(entry)\nmachine h login v password q", "u:p"),
            ("machine h\nmachine h login v password q", "v:q"), ("machine x login a password b", nil), ("", nil), ("\n", nil),
            ("\(entry)\ndefault login d password e", "u:p"), ("machine x login a password b default login d password e", "d:e"),
            ("default login d password e\n\(entry)", "d:e"), ("default\n\(entry)", "u:p"), ("machine h\ndefault login d password e", "d:e"),
            ("machine h login u account a password p", "u:p"), ("machine h login u password p login v password q", "u:p"),
            ("machine h login login password password", "login:password"), ("machine h login machine password p", "machine:p"),
            ("machine h port 80 login u password p", "u:p"), ("junk\n\(entry)", "u:p"), ("login a password b \(entry)", "u:p"),
            ("machine", nil), ("machine h login", nil), ("machine h login u password", "u:"), ("machine h. login u password p", nil),
            ("machine h:80 login u password p", nil), ("machine h login u password é", "u:é"),
        ] as [(String, String?)]) func entries(text: String, expected: String?) throws
    {
        #expect(try credentials(text) == expected)
    }

    @Test(
        "Tokens may be quoted, with escapes",
        arguments: [
            (#"machine h login "u v" password "p q""#, "u v:p q"), (#"machine h login u password "a\"b\\c""#, #"u:a"b\c"#),
            (#"machine h login u password "c\nd\re\tf\xg""#, "u:c\nd\re\tfxg"), (##"machine "h" login u password "#p""##, "u:#p"),
            ("machine h login u password \"\"", "u:"), (#"machine h login u password a"b"#, #"u:a"b"#),
            (#"machine h login u password a\b"#, #"u:a\b"#),
        ]) func quotes(text: String, expected: String) throws
    {
        #expect(try credentials(text) == expected)
    }

    @Test(
        "A hash where a keyword could be begins a comment",
        arguments: [
            ("# machine h login a password b\n\(entry)", "u:p"), ("  # x\n#\n\(entry)", "u:p"), ("\(entry) # login v", "u:p"),
            ("machine h login u # c\npassword p", "u:p"), ("machine h #c\nlogin u password p", "u:p"), ("x #y machine\n\(entry)", "u:p"),
            ("machine h login u password p#q", "u:p#q"),
        ]) func comments(text: String, expected: String) throws
    {
        #expect(try credentials(text) == expected)
    }

    @Test("A hash that begins a password is a part of it, where curl sees a comment and no password") func hashes() throws {
        #expect(try credentials("machine h login u password #p") == "u:#p")
    }

    @Test(
        "Macros are skipped up to the next empty line",
        arguments: [
            ("macdef init\nmachine h login a password b\n\n\(entry)", "u:p"),
            ("macdef i\n \nmachine h login a password b\n\n\(entry)", "u:p"),
            ("macdef init\nmachine h login a password b\n\(entry)", nil), ("macdef i", nil),
            ("macdef a\nx\n\nmacdef b\ny\n\n\(entry)", "u:p"),
            ("machine x login a password b macdef i\nfoo\n\n\(entry)", "u:p"), ("macdef i\n\n\(entry)", "u:p"),
        ] as [(String, String?)]) func macros(text: String, expected: String?) throws
    {
        #expect(try credentials(text) == expected)
    }

    @Test("Macros are skipped also in a file with CRLF and in the entry itself, as netrc(5) has it and curl 7.88.1 does not")
    func macrosElsewhere() throws {
        #expect(try credentials("macdef i\r\nmachine h login a password b\r\n\r\n\(Self.entry)") == "u:p")
        #expect(try credentials("machine h login u macdef i\npassword z\n\npassword p") == "u:p")
    }

    @Test(
        "Hosts are the same in either case, and IPv6 addresses with or without brackets",
        arguments: [
            ("example.COM", "Example.com", true), ("::1", "[::1]", true), ("[::1]", "::1", true), ("h", "x.h", false), ("h", "h.x", false),
            ("kelvin", "\u{212A}elvin", false), ("", "h", false),
        ]) func hosts(entry: String, host: String, isSame: Bool) throws
    {
        #expect(try credentials("machine \"\(entry)\" login u password p", host: host) == (isSame ? "u:p" : nil))
    }

    @Test("A host that only a redirect has named gets nothing from the default entry, CVE-2024-11053") func redirects() throws {
        let text = "machine h login u password p\nmachine o\ndefault login d password e"
        #expect(try credentials(text, allowsDefault: false) == "u:p")
        #expect(try credentials(text, host: "o", allowsDefault: false) == nil)
        #expect(try credentials(text, host: "x", allowsDefault: false) == nil)
        #expect(try credentials(text, host: "x") == "d:e")
        #expect(try credentials("default login d password e\n\(text)", allowsDefault: false) == "u:p")
    }

    @Test(
        "A user named in the URL gets the password of that user, or of an entry for no one",
        arguments: [
            ("machine h login u password p\nmachine h login v password q", "v:q"), ("machine h password p", "v:p"),
            ("machine h login u password p", nil), ("machine h login V password q", nil), ("default login v password q", "v:q"),
            ("machine h login u password p\nmachine h password q", "v:q"),
        ] as [(String, String?)]) func users(text: String, expected: String?) throws
    {
        #expect(try credentials(text, user: "v") == expected)
    }

    @Test("A quote that is not closed on its line is an error with the line") func faults() {
        for text in ["machine x\nlogin \"a", "machine x\nlogin \"a\nb\"", "machine x\nlogin \"a\\", "machine x\nlogin \"a\\\n\""] {
            #expect(throws: NetrcError(line: 2, reason: "the closing quote is missing")) { try Netrc(Array(text.utf8)) }
        }
        #expect(throws: NetrcError(line: 4, reason: "the closing quote is missing")) {
            try Netrc(Array("macdef i\nx\n\nmachine \"h".utf8))
        }
    }

    @Test("A token that is no UTF-8 is an error; a comment may be anything, and a BOM is no part of the first token")
    func encoding() throws {
        #expect(throws: NetrcError(line: 1, reason: "not UTF-8")) { try Netrc(Array("machine h password ".utf8) + [0xE9]) }
        #expect(try Netrc([0x23, 0xE9, 0x0A] + Array(Self.entry.utf8)).credentials(for: "h")?.user == "u")
        #expect(try credentials("\u{FEFF}\(Self.entry)") == "u:p")
    }
}
