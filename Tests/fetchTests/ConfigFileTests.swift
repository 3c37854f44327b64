import Testing

@testable import fetch

@Suite("Config files") struct ConfigFileTests {
    private func arguments(_ text: String) throws -> [String] { try ConfigFile(Array(text.utf8), name: "curlrc").arguments }

    @Test(
        "A line means to fetch what it means to curl 7.88.1",
        arguments: [
            ("url http://h/a", "--url=http://h/a"), ("url = http://h/a", "--url=http://h/a"), ("url=http://h/a", "--url=http://h/a"),
            ("url: http://h/a", "--url=http://h/a"), ("url:http://h/a", "--url=http://h/a"), ("url =: http://h/a", "--url=http://h/a"),
            ("--url http://h/a", "--url=http://h/a"), ("  url = http://h/a", "--url=http://h/a"),
            ("\turl\t=\thttp://h/a\t", "--url=http://h/a"), ("url\u{B}=\u{B}http://h/a", "--url=http://h/a"),
            ("url = http://h/a # home", "--url=http://h/a"), ("url = \"http://h/a\" # home", "--url=http://h/a"),
            ("url = \"http://h/a\"\r", "--url=http://h/a"), ("url=http://h/a\"b\"", "--url=http://h/a\"b\""),
            ("url = http://h/\\\"a", "--url=http://h/\\\"a"), ("user-agent = #x", "--user-agent=#x"), ("user-agent #x", "--user-agent=#x"),
            ("user-agent = a#x", "--user-agent=a#x"), ("user-agent = =x", "--user-agent=x"), ("user-agent=:x", "--user-agent=x"),
            ("user-agent = \":x\"", "--user-agent=:x"), ("--user-agent :x", "--user-agent=:x"), ("user-agent = -x", "--user-agent=-x"),
            ("user-agent = \\\\", "--user-agent=\\\\"), ("user-agent = \"é\"", "--user-agent=é"), ("user-agent = \"\"", "--user-agent="),
            ("header = X-a:b", "--header=X-a:b"), ("header: X-a:b", "--header=X-a:b"), ("header: value", "--header=value"),
            ("silent", "--silent"), ("--silent", "--silent"), ("silent =", "--silent"), ("silent # be quiet", "--silent"),
            ("no-summary", "--no-summary"), ("-s", "--silent"), ("-s # be quiet", "--silent"),
            ("-A x", "--user-agent=x"), ("-Ax", "--user-agent=x"), ("-A  x", "--user-agent=x"), ("-A\tx\r", "--user-agent=x"),
            ("-A \"x y\"", "--user-agent=x y"), ("-A \"\"", "--user-agent="), ("-A=x", "--user-agent==x"), ("-A = # x", "--user-agent=="),
            ("-A :x", "--user-agent=:x"), ("-A -x", "--user-agent=-x"), ("-A #x", "--user-agent=#x"), ("-H \"X-a: b\"", "--header=X-a: b"),
        ]) func lines(line: String, argument: String) throws
    {
        let expected = argument == "--user-agent=" ? ["--user-agent", ""] : [argument]
        #expect(try ShortOptions.expand(arguments(line)) == expected)
    }

    @Test("Within quotes a backslash escapes") func escapes() throws {
        #expect(try arguments(#"header = "X-a: \t\n\r\v\\\"\q\u""#) == ["--header=X-a: \t\n\r\u{B}\\\"qu"])
    }

    @Test("Several letters can share a dash, as on the command line") func clusters() throws {
        #expect(try arguments("-sSA x\n-H y") == ["-sSA", "x", "-H", "y"])
    }

    @Test("An option that is unknown here is left for the parser of the command line to refuse") func unknown() throws {
        #expect(try arguments("frobnicate = x\nsilent = yes\nsome-flag") == ["--frobnicate=x", "--silent=yes", "--some-flag"])
    }

    @Test("Comments, blank lines, CRLF, a BOM and a missing last line end are fine") func whole() throws {
        let text = """
            \u{FEFF}# --- Example file ---\r
            url = "example.com"\r
            \r
               # and another URL too
            \t
            url = "example.com/docs/manpage.html"
            -k
            user-agent = "superagent/1.0"
            """
        #expect(
            try arguments(text) == [
                "--url=example.com", "--url=example.com/docs/manpage.html", "-k", "--user-agent=superagent/1.0",
            ])
        #expect(try arguments("") == [] && arguments("#") == [] && arguments("\n\n") == [])
    }

    @Test("A comment may be in any encoding, and a line of any length") func bytes() throws {
        #expect(try ConfigFile(Array("# caf".utf8) + [0xE9, 0x0A] + Array("silent".utf8), name: "-").arguments == ["--silent"])
        let long = String(repeating: "x", count: 200_000)
        #expect(try arguments("user-agent = \(long)\n") == ["--user-agent=\(long)"])
    }

    @Test(
        "Errors name the file and the line",
        arguments: [
            ("next", "next is not supported: every option holds for all URLs"),
            ("--next", "next is not supported: every option holds for all URLs"),
            ("-:", "next is not supported: every option holds for all URLs"), ("url = \"http://h/a", "the closing quote is missing"),
            ("user-agent = \"a\\", "the closing quote is missing"),
            ("user-agent = a b", "more than one value; one with blanks needs quotes"),
            ("user-agent = \"a\" \"b\"", "more than one value; one with blanks needs quotes"),
            ("user-agent = \"a\"b", "more than one value; one with blanks needs quotes"),
            ("header X-a: b", "more than one value; one with blanks needs quotes"), ("header", "--header needs a value"),
            ("header =", "--header needs a value"), ("url", "--url needs a value"), ("-A", "-A needs a value"),
            ("-sA", "-sA needs a value"),
            ("-s foo", "a value for an option that takes none"), ("-Hx y", "a value for an option that takes none"),
            ("-? foo", "unknown option -?"), ("-s?", "unknown option -?"), ("=x", "no option"), (":", "no option"), ("-", "no option"),
            ("--", "no option"), ("-- x", "no option"), ("---silent", "no option"), ("http://h/a", "a URL is written as: url = \"...\""),
            ("user-agent = x\0y", "a NUL byte"),
        ]) func faults(line: String, reason: String)
    {
        #expect(throws: ConfigError(file: "curlrc", line: 3, reason: reason)) { try arguments("# one\nsilent\n\(line)\nsilent\n") }
        #expect(ConfigError(file: "curlrc", line: 3, reason: reason).description == "curlrc:3: \(reason)")
    }

    @Test("What is no UTF-8 is refused, as it could not be passed on") func encoding() {
        #expect(throws: ConfigError(file: "-", line: 1, reason: "not UTF-8")) {
            try ConfigFile(Array("user-agent = ".utf8) + [0xFF], name: "-")
        }
    }
}
