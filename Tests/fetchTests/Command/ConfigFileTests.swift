import Testing

@testable import FetchFormats
@testable import fetch

@Suite("Config files") struct ConfigFileTests {
    /// What the file asks for, in one way of writing.
    private func arguments(_ text: String) throws -> [String] { try arguments(Array(text.utf8)) }

    private func arguments(_ bytes: [UInt8]) throws -> [String] {
        var surroundings = Surroundings()
        surroundings.contents = { _, _ in bytes }
        return try Arguments(["-K", "curlrc"], in: surroundings).occurrences.map(\.canonical)
    }

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
        #expect(try arguments(line) == [argument])
    }

    @Test("Within quotes a backslash escapes") func escapes() throws {
        #expect(try arguments(#"header = "X-a: \t\n\r\v\\\"\q\u""#) == ["--header=X-a: \t\n\r\u{B}\\\"qu"])
    }

    @Test("Several letters can share a dash, as on the command line") func clusters() throws {
        #expect(try arguments("-sSA x\n-H y") == ["--silent", "--show-error", "--user-agent=x", "--header=y"])
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
                "--url=example.com", "--url=example.com/docs/manpage.html", "--insecure", "--user-agent=superagent/1.0",
            ])
        #expect(try arguments("") == [] && arguments("#") == [] && arguments("\n\n") == [])
    }

    @Test("A comment may be in any encoding, and a line of any length") func bytes() throws {
        #expect(try arguments(Array("# caf".utf8) + [0xE9, 0x0A] + Array("silent".utf8)) == ["--silent"])
        let long = String(repeating: "x", count: 200_000)
        #expect(try arguments("user-agent = \(long)\n") == ["--user-agent=\(long)"])
    }

    @Test(
        "What is no option names the file and the line, and is a file that cannot be used",
        arguments: [
            ("url = \"http://h/a", "the closing quote is missing"), ("user-agent = \"a\\", "the closing quote is missing"),
            ("user-agent = a b", "more than one value; one with blanks needs quotes"),
            ("user-agent = \"a\" \"b\"", "more than one value; one with blanks needs quotes"),
            ("user-agent = \"a\"b", "more than one value; one with blanks needs quotes"),
            ("header X-a: b", "more than one value; one with blanks needs quotes"), ("=x", "no option"), (":", "no option"),
            ("-", "no option"), ("--", "no option"), ("-- x", "no option"), ("---silent", "no option"),
            ("http://h/a", "a URL is written as: url = \"...\""), ("user-agent = x\0y", "a NUL byte"),
        ]) func faults(line: String, reason: String)
    {
        let error = #expect(throws: UnreadableFile.self) { try arguments("# one\nsilent\n\(line)\nsilent\n") }
        #expect(error?.description == "curlrc:3: \(reason)")
    }

    @Test(
        "An option that is wrong names the file and the line, too",
        arguments: [
            ("next", "there is no --next: every option holds for all URLs; use lists with JSON lines to tell requests apart"),
            ("-:", "there is no -:: every option holds for all URLs; use lists with JSON lines to tell requests apart"),
            ("frobnicate = x", "there is no option --frobnicate; fetch --help-all lists all"),
            ("silent = yes", "--silent takes no value"), ("header", "--header needs a value: -H, --header <header>"),
            ("header =", "--header needs a value: -H, --header <header>"), ("url", "--url needs a value: --url <url>"),
            ("-A", "-A needs a value: -A, --user-agent <name>"), ("-sA", "-A needs a value: -A, --user-agent <name>"),
            ("-s foo", "-s takes no value"), ("-Hx y", "-Hx takes no value"),
            ("-? foo", "there is no -?: use -h, --help (The options that people need most)"),
        ]) func options(line: String, reason: String)
    {
        #expect(throws: UsageError("curlrc:3: \(reason)")) { try arguments("# one\nsilent\n\(line)\nsilent\n") }
    }

    @Test("What is no UTF-8 is refused, as it could not be passed on") func encoding() {
        let error = #expect(throws: UnreadableFile.self) { try arguments(Array("user-agent = ".utf8) + [0xFF]) }
        #expect(error?.description == "curlrc:1: not UTF-8")
    }
}
