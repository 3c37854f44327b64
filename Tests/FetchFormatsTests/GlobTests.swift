import Testing

@testable import FetchFormats

/// The tables are what curl 7.88.1 answered, with `-w '%{url}'`, where nothing else is said.
@Suite("URL patterns") struct GlobTests {
    @Test(
        "Stand for the URLs that curl makes of them",
        arguments: [
            ("/", ["/"]), ("/{a,b,c}", ["/a", "/b", "/c"]), ("/{a}", ["/a"]), ("/{,}", ["/", "/"]), ("/{a,}", ["/a", "/"]),
            ("/{a,,b}", ["/a", "/", "/b"]), ("/{é,b}", ["/é", "/b"]), ("{http://h/a,http://h/b}", ["http://h/a", "http://h/b"]),
            ("/[1-3]", ["/1", "/2", "/3"]), ("/[001-003]", ["/001", "/002", "/003"]), ("/[08-11]", ["/08", "/09", "/10", "/11"]),
            ("/[9-10]", ["/9", "/10"]), ("/[1-03]", ["/1", "/2", "/3"]), ("/[00-2]", ["/00", "/01", "/02"]), ("/[00-00]", ["/00"]),
            ("/[0001-12345:6000]", ["/0001", "/6001", "/12001"]), ("/[5-5]", ["/5"]), ("/[1-10:4]", ["/1", "/5", "/9"]),
            ("/[1-3:2]", ["/1", "/3"]), ("/[1-1:1]", ["/1"]), ("/[0-5:2]", ["/0", "/2", "/4"]),
            ("/[9223372036854775806-9223372036854775807]", ["/9223372036854775806", "/9223372036854775807"]),
            ("/[a-e]", ["/a", "/b", "/c", "/d", "/e"]), ("/[a-e:2]", ["/a", "/c", "/e"]), ("/[A-C]", ["/A", "/B", "/C"]),
            ("/[A-Z:25]", ["/A", "/Z"]), ("/[a-a]", ["/a"]), ("127.0.0.[1-2]:1/", ["127.0.0.1:1/", "127.0.0.2:1/"]),
            ("/#[1-2]", ["/#1", "/#2"]), ("/[1-2]-[1-2]", ["/1-1", "/1-2", "/2-1", "/2-2"]),
        ]) func expansion(pattern: String, expected: [String]) throws
    {
        #expect(try Array(Glob(pattern)) == expected)
    }

    @Test(
        "With several parts the last one varies fastest",
        arguments: [
            ("/{a,b}{1,2}", ["/a1", "/a2", "/b1", "/b2"]), ("/[1-2]{a,b}", ["/1a", "/1b", "/2a", "/2b"]),
            ("/{a}{b}{c,d}", ["/abc", "/abd"]),
            ("/[1-2][a-b][7-8]", ["/1a7", "/1a8", "/1b7", "/1b8", "/2a7", "/2a8", "/2b7", "/2b8"]),
        ]) func product(pattern: String, expected: [String]) throws
    {
        #expect(try Array(Glob(pattern)) == expected)
    }

    @Test(
        "A backslash takes their meaning from braces and brackets, and within braces from anything",
        arguments: [
            (#"/\{a,b\}"#, ["/{a,b}"]), (#"/\[1-2\]"#, ["/[1-2]"]), (#"/\[::1\]"#, ["/[::1]"]), (#"/{a\,b,c}"#, ["/a,b", "/c"]),
            (#"/{a\},b}"#, ["/a}", "/b"]), (#"/{a\b,c}"#, ["/ab", "/c"]), (#"/{\\,c}"#, [#"/\"#, "/c"]),
            (#"/{a,b}\{c\}"#, ["/a{c}", "/b{c}"]),
            (#"/a\,b"#, [#"/a\,b"#]), (#"/\a"#, [#"/\a"#]), (#"/\\"#, [#"/\\"#]), (#"/x\"#, [#"/x\"#]), (#"/[1-2]\"#, [#"/1\"#, #"/2\"#]),
        ]) func escapes(pattern: String, expected: [String]) throws
    {
        #expect(try Array(Glob(pattern)) == expected)
    }

    @Test(
        "IPv6 addresses and empty brackets are left alone",
        arguments: [
            "http://[::1]/", "http://[::1]:8080/", "[::1]:8080/x", "http://u:p@[::1]:1/", "http://[fe80::1%25lo]/", "http://[fe80::1%lo]/",
            "http://[fe80::1%25a-b]:1/", "http://[::127.0.0.1]:1/", "http://[1:2:3:4:5:6:7:8]/", "http://[::FFFF:1.2.3.4]/",
            "http://[::1]/[::1]", "http://h/[]", "http://h/[::]", "http://h/[abc::1]",
        ]) func addresses(url: String) throws
    {
        #expect(try Array(Glob(url)) == [url])
    }

    @Test("An IPv6 address is no part of the pattern") func addressesBesideParts() throws {
        var glob = try Glob("http://[fe80::1%25lo]:[1-2]/")
        #expect(glob.next() == "http://[fe80::1%25lo]:1/")
        #expect(glob.matches == ["1"])
    }

    @Test(
        "What curl refuses is refused, with the reason and the place",
        arguments: [
            ("/{}", "empty string within braces", 3), ("/{a,b", "unmatched brace", 2), (#"/{a\"#, "unmatched brace", 2),
            (#"/{a,b\}"#, "unmatched brace", 2), ("/a}", "unmatched close brace/bracket", 3), ("/a]", "unmatched close brace/bracket", 3),
            ("/{a,b}}", "unmatched close brace/bracket", 7), (#"/\[::1]"#, "unmatched close brace/bracket", 7),
            ("/{a,{b,c}}", "nested brace", 5), ("/{a[1-2]}", "nested brace", 4), ("http://{[::1],h}/", "nested brace", 9),
            ("/{a]}", "unexpected close bracket", 4), ("/é{", "unmatched brace", 3),
            ("/[1-3", "unmatched bracket", 2), ("http://[::1/", "unmatched bracket", 8), ("/[1]", "bad range", 3),
            ("/[1-]", "bad range", 3),
            ("/[-1]", "bad range", 3), ("/[ 1-2]", "bad range", 3), ("/[+1-2]", "bad range", 3), ("/[1-a]", "bad range", 3),
            ("/[a-1]", "bad range", 3), ("/[ab-c]", "bad range", 3), ("/[1_3]", "bad range", 3), ("/[é-ê]", "bad range", 3),
            ("/[0x1-0x3]", "bad range", 3), (#"/[1-2\]"#, "bad range", 3), ("/[a-b:1:2]", "bad range", 3), ("/[1:2]", "bad range", 3),
            ("/[,]", "bad range", 3), ("/[1.2.3.4]", "bad range", 3), ("/[::g]", "bad range", 3), ("/[::1%]", "bad range", 3),
            ("/[::1%25a/b]", "bad range", 3), ("/[a-C]", "bad range", 3), ("/[A-c]", "bad range", 3),
            ("/[5-1]", "descending range", 5), ("/[5-1:1]", "descending range", 5), ("/[c-a]", "descending range", 5),
            ("/[1-10:0]", "step of zero", 8), ("/[a-c:0]", "step of zero", 7), ("/[5-5:0]", "step of zero", 7),
            ("/[1-3:3]", "step beyond the end of the range", 7), ("/[3-3:2]", "step beyond the end of the range", 7),
            ("/[A-Z:26]", "step beyond the end of the range", 7), ("/[1-3:]", "bad step", 7), ("/[1-3:1x]", "bad step", 7),
            ("/[1-2:-1]", "bad step", 7), ("/[1-99999999999999999999999]", "number too large", 5),
            ("/[1-3:18446744073709551616]", "number too large", 7),
        ]) func faults(pattern: String, reason: String, column: Int)
    {
        #expect(throws: GlobError(reason: reason, column: column)) { try Glob(pattern) }
    }

    @Test("What curl forgives and means nothing is refused", arguments: ["/[1- 2]", "/[1-3:+2]", "/[a-c: 1]", "/[Z-a]"])
    func stricter(pattern: String) {
        #expect(throws: GlobError.self) { try Glob(pattern) }
    }

    @Test("An error reads as curl's") func description() {
        #expect(GlobError(reason: "bad range", column: 8).description == "bad range in URL position 8")
    }

    @Test("The parts of the current URL are known, for names of files") func matches() throws {
        var glob = try Glob("/{site,host}/[01-02].[a-b]")
        #expect(glob.matches == [])
        var seen: [[String]] = []
        while glob.next() != nil { seen.append(glob.matches) }
        #expect(seen.count == 8 && seen.first == ["site", "01", "a"])
        #expect(seen[3] == ["site", "02", "b"] && seen.last == ["host", "02", "b"])
    }

    @Test("A range costs nothing until it is used, and no product is too large") func size() throws {
        var glob = try Glob("/[1-1000000000]/[1-1000000000]/[1-1000000000]/[0-9223372036854775807]")
        #expect(glob.total > 9e45 && glob.total < 1e46)
        #expect(glob.next() == "/1/1/1/0" && glob.next() == "/1/1/1/1")
        #expect(try Glob("/[1-100]{a,b}").total == 200 && Glob("/").total == 1)
    }

    @Test("After the last URL there is none") func end() throws {
        var glob = try Glob("/[1-2]")
        #expect(glob.next() != nil && glob.next() == "/2" && glob.next() == nil && glob.next() == nil)
    }
}
