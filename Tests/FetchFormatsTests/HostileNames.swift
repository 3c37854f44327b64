// Names that somebody could send, and what becomes of them (traversal, control characters, devices).

/// Text and the path that the rules make of it.
struct HostileName: Sendable {
    let text: [UInt8]
    let path: String

    init(_ text: String, _ path: String) { self.init(Array(text.utf8), path) }

    init(_ text: [UInt8], _ path: String) {
        self.text = text
        self.path = path
    }
}

let hostileNames: [HostileName] = [
    // Nothing to name.
    .init("", "index.html"), .init("/", "index.html"), .init("//", "index.html"), .init("///////", "index.html"),
    .init(".", "index.html"), .init("./", "index.html"), .init("/.", "index.html"), .init("/./", "index.html"),
    .init("././.", "index.html"), .init("//././/", "index.html"),
    // Ways up and out.
    .init("..", "__"), .init("../", "__"), .init("/..", "__"), .init("../..", "__/__"),
    .init("../../../../etc/passwd", "__/__/__/__/etc/passwd"), .init("/etc/x", "etc/x"), .init("//etc//x", "etc/x"),
    .init("a/../b", "a/__/b"), .init("a/./b", "a/b"), .init("a/..", "a/__"), .init("a//b", "a/b"), .init("a/b/", "a/b"), .init("/a", "a"),
    .init("./a", "a"), .init("./../a", "__/a"), .init("...", "___"), .init("....", "____"), .init(".../a", "___/a"),
    .init("a/...", "a/___"), .init(". .", "___"), .init(".. ..", "_____"), .init(" ..", "___"), .init(".. ", "___"), .init(". ", "__"),
    .init(" .", "__"), .init("..a", "_.a"), .init("a..", "a__"), .init("a..b", "a..b"), .init("..\\..\\x", "_.%5C..%5Cx"),
    .init("..\\", "_.%5C"), .init("\\..\\..", "%5C..%5C__"), .init("C:\\windows\\x", "C:%5Cwindows%5Cx"),
    .init("C:/windows", "C:/windows"), .init("\\\\server\\share", "%5C%5Cserver%5Cshare"), .init("//server/share", "server/share"),
    .init("%2e%2e%2f", "%2e%2e%2f"), .init("..%2f..%2f", "_.%2f..%2f"), .init("%5c", "%5c"), .init("..%5c..", "_.%5c__"),
    .init("..;/x", "_.;/x"), .init("..\u{0}/x", "_.%00/x"), .init(".\u{0}./x", "_%00_/x"), .init("..\u{2215}x", "_.\u{2215}x"),
    .init("\u{ff0e}\u{ff0e}/x", "\u{ff0e}\u{ff0e}/x"), .init("\u{2024}\u{2024}/x", "\u{2024}\u{2024}/x"),
    .init("..\u{200e}", "_.%E2%80%8E"), .init(".\u{feff}.", "_%EF%BB%BF_"), .init("a/ /b", "a/_/b"),
    .init("proc/self/fd/1", "proc/self/fd/1"), .init("file:///etc/passwd", "file:/etc/passwd"), .init("http://h/x", "http:/h/x"),
    // What a shell takes for a home, an option or a hidden file.
    .init("~", "_~"), .init("~/x", "_~/x"), .init("~root", "_~root"), .init("~root/.ssh/authorized_keys", "_~root/_ssh/authorized_keys"),
    .init("a/~root", "a/~root"), .init("/~x", "_~x"), .init("./~x", "_~x"), .init("a~", "a~"), .init("-", "_-"), .init("--", "_--"),
    .init("-rf", "_-rf"), .init("--help", "_--help"), .init("a/-rf", "a/_-rf"), .init("-/-", "_-/_-"), .init("a-b", "a-b"),
    .init(".-rf", "_-rf"), .init(".htaccess", "_htaccess"), .init(".bashrc", "_bashrc"), .init("a/.git/config", "a/_git/config"),
    .init(".git/hooks/post-checkout", "_git/hooks/post-checkout"), .init("..htaccess", "_.htaccess"), .init("._x", "__x"),
    .init(" -rf", " -rf"), .init(" .x", " .x"), .init("~.", "_~_"), .init("-.", "_-_"), .init("$HOME", "$HOME"), .init("$(id)", "$(id)"),
    .init("`id`", "`id`"), .init("a;b", "a;b"), .init("a&b", "a&b"), .init("a'b", "a'b"), .init("a b", "a b"), .init("#x", "#x"),
    .init("!x", "!x"), .init("=x", "=x"), .init("@x", "@x"), .init("+x", "+x"),
    // Control characters.
    .init("\u{0}", "%00"), .init("a\u{0}.html", "a%00.html"), .init("\n", "%0A"), .init("a\nb", "a%0Ab"), .init("a\r\nb", "a%0D%0Ab"),
    .init("\t", "%09"), .init("a\tb", "a%09b"), .init("\u{1b}[2J", "%1B[2J"), .init("\u{1b}]0;x\u{7}", "%1B]0;x%07"),
    .init("\u{8}", "%08"), .init("\u{c}", "%0C"), .init("\u{b}", "%0B"), .init("\u{1f}", "%1F"), .init("\u{7f}", "%7F"),
    .init("a\u{7f}b", "a%7Fb"), .init("\u{80}", "%C2%80"), .init("\u{85}", "%C2%85"), .init("\u{9b}31m", "%C2%9B31m"),
    .init("\u{9f}", "%C2%9F"), .init("\u{a0}", "\u{a0}"), .init(".\n", "_%0A"), .init("\n.", "%0A_"), .init("-\n", "_-%0A"),
    .init("\n/\n", "%0A/%0A"), .init("\u{1}/\u{2}", "%01/%02"),
    // Direction and invisible marks.
    .init("\u{202e}", "%E2%80%AE"), .init("a\u{202e}gpj.exe", "a%E2%80%AEgpj.exe"), .init("\u{202a}", "%E2%80%AA"),
    .init("\u{202b}", "%E2%80%AB"), .init("\u{202c}", "%E2%80%AC"), .init("\u{202d}", "%E2%80%AD"), .init("\u{2066}", "%E2%81%A6"),
    .init("\u{2067}", "%E2%81%A7"), .init("\u{2068}", "%E2%81%A8"), .init("\u{2069}", "%E2%81%A9"), .init("\u{200e}", "%E2%80%8E"),
    .init("\u{200f}", "%E2%80%8F"), .init("\u{61c}", "%D8%9C"), .init("\u{feff}", "%EF%BB%BF"),
    .init("\u{feff}.htaccess", "%EF%BB%BF.htaccess"), .init("\u{2028}", "%E2%80%A8"), .init("\u{2029}", "%E2%80%A9"),
    .init("\u{200b}", "\u{200b}"), .init("\u{200d}", "\u{200d}"), .init("\u{5d0}\u{5d1}", "\u{5d0}\u{5d1}"),
    .init("\u{645}\u{631}", "\u{645}\u{631}"),
    // Devices of Windows.
    .init("CON", "CON_"), .init("con", "con_"), .init("Con.txt", "Con_.txt"), .init("CON.tar.gz", "CON_.tar.gz"), .init("CON.", "CON_"),
    .init("CON..", "CON__"), .init("CON ", "CON_"), .init("CON .txt", "CON _.txt"), .init("CON  .txt", "CON  _.txt"),
    .init("PRN", "PRN_"), .init("AUX", "AUX_"), .init("aux.c", "aux_.c"), .init("NUL", "NUL_"), .init("nul.html", "nul_.html"),
    .init("COM1", "COM1_"), .init("COM9", "COM9_"), .init("com5.log", "com5_.log"), .init("LPT1", "LPT1_"), .init("lpt9.x", "lpt9_.x"),
    .init("COM0", "COM0"), .init("COM10", "COM10"), .init("LPT", "LPT"), .init("COM", "COM"), .init("CONX", "CONX"),
    .init("XCON", "XCON"), .init("CON_", "CON_"), .init("a/CON/b", "a/CON_/b"), .init("a/nul", "a/nul_"), .init("AUX/AUX", "AUX_/AUX_"),
    .init("COM\u{b9}", "COM\u{b9}_"), .init("LPT\u{b2}.x", "LPT\u{b2}_.x"), .init("COM\u{b3}", "COM\u{b3}_"), .init(".CON", "_CON"),
    .init("CON%", "CON%"), .init("C\u{41e}N", "C\u{41e}N"),
    // Dots and blanks at an end.
    .init("a.", "a_"), .init("a..", "a__"), .init("a ", "a_"), .init("a. .", "a___"), .init("a/b./c", "a/b_/c"), .init("a /b", "a_/b"),
    .init(" ", "_"), .init("  ", "__"), .init(" a", " a"), .init("a.b.", "a.b_"), .init("a. b", "a. b"), .init("a\u{3000}", "a\u{3000}"),
    .init("a.%", "a.%"),
    // What is allowed.
    .init("a", "a"), .init("index.html", "index.html"), .init("h/a/b.html", "h/a/b.html"), .init("a?b=c&d", "a?b=c&d"),
    .init("a*b", "a*b"), .init("a:b", "a:b"), .init("a|b", "a|b"), .init("<a>", "<a>"), .init("\"a\"", "\"a\""),
    .init("[::1]/a", "[::1]/a"), .init("a%20b", "a%20b"), .init("a%", "a%"), .init("%", "%"), .init("%%%", "%%%"),
    .init("\u{e9}", "\u{e9}"), .init("e\u{301}", "e\u{301}"), .init("\u{65e5}\u{672c}/\u{8a9e}", "\u{65e5}\u{672c}/\u{8a9e}"),
    .init("\u{1f600}", "\u{1f600}"), .init("\u{fffd}", "\u{fffd}"), .init("\u{10ffff}", "\u{10ffff}"),
    .init("\u{301}", "\u{301}"), .init("_", "_"), .init("__", "__"), .init("a_b", "a_b"),
    // Bytes that are no UTF-8: overlong forms, surrogates, beyond the last character, cut short, Latin-1.
    .init([0xff], "%FF"), .init([0x61, 0xff, 0x62], "a%FFb"), .init([0x80], "%80"), .init([0xc0, 0xae, 0xc0, 0xae], "%C0%AE%C0%AE"),
    .init([0xc0, 0xaf], "%C0%AF"), .init([0xc1, 0x9c], "%C1%9C"), .init([0xe0, 0x80, 0xaf], "%E0%80%AF"),
    .init([0xe0, 0x80, 0xae], "%E0%80%AE"), .init([0xf0, 0x80, 0x80, 0xaf], "%F0%80%80%AF"), .init([0xed, 0xa0, 0x80], "%ED%A0%80"),
    .init([0xed, 0xbf, 0xbf], "%ED%BF%BF"), .init([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], "%ED%A0%BD%ED%B8%80"),
    .init([0xf4, 0x90, 0x80, 0x80], "%F4%90%80%80"), .init([0xf5, 0x80, 0x80, 0x80], "%F5%80%80%80"),
    .init([0xf8, 0x88, 0x80, 0x80, 0x80], "%F8%88%80%80%80"), .init([0xe2, 0x82], "%E2%82"),
    .init([0xe2, 0x82, 0x2f, 0xac], "%E2%82/%AC"), .init([0xe2, 0x82, 0x41], "%E2%82A"), .init([0xf0, 0x9f, 0x98], "%F0%9F%98"),
    .init([0xc3], "%C3"), .init([0xc3, 0xc3, 0xa9], "%C3\u{e9}"), .init([0xa9, 0x2e], "%A9_"), .init([0x2e, 0xff], "_%FF"),
    .init([0x2e, 0x2e, 0xff], "_.%FF"), .init([0x2d, 0xff], "_-%FF"), .init([0xfe, 0xff], "%FE%FF"),
    .init([0xff, 0xfe, 0x61, 0x00], "%FF%FEa%00"), .init([0x62, 0xfc, 0x63, 0x68, 0x65, 0x72], "b%FCcher"), .init([0xe9], "%E9"),
    .init([0xef, 0xbb, 0xbf, 0x61], "%EF%BB%BFa"), .init([0x2f, 0xff, 0x2f], "%FF"), .init([0x2e, 0xc0, 0xae, 0x2f, 0x78], "_%C0%AE/x"),
]
