import Testing

@testable import FetchFormats

private let rules = NameRules()

/// What is wrong with a path; nil when nothing is.
private func defect(in path: SafePath, mostBytes: Int = 1024) -> String? {
    if path.components.isEmpty { return "no components" }
    if path.components.count > 32 { return "too deep" }
    if path.description.utf8.count > mostBytes { return "too long" }
    if path.components[0].utf8.first == UInt8(ascii: "~") { return "a home" }
    for name in path.components {
        let bytes = Array(name.utf8)
        if bytes.isEmpty || name == "." || name == ".." { return "an empty or dot component" }
        if bytes.count > 255 { return "a long component" }
        if bytes[0] == UInt8(ascii: ".") || bytes[0] == UInt8(ascii: "-") { return "hidden or an option" }
        if bytes.last == UInt8(ascii: ".") || bytes.last == UInt8(ascii: " ") { return "a dot or blank at the end" }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) {
            return "a control byte or slash"
        }
        for scalar in name.unicodeScalars {
            switch scalar.value {
            case 0x80...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: return "a mark"
            default: break
            }
        }
        let stem = name.prefix { $0 != "." }.uppercased()
        if ["CON", "PRN", "AUX", "NUL", "COM1", "COM9", "LPT1", "LPT9"].contains(stem) { return "a device" }
    }
    return nil
}

@Suite("Names of files") struct NameRulesTests {
    @Test("Hostile names become these and no others") func hostile() {
        #expect(hostileNames.count >= 200)
        for row in hostileNames {
            let path = rules.path(for: row.text)
            #expect(Array(path.description.utf8) == Array(row.path.utf8), "\(row.text) became \(path)")
            #expect(defect(in: path) == nil, "\(row.text) became \(path)")
            #expect(Array(rules.path(for: path.description).description.utf8) == Array(row.path.utf8), "\(path) is not its own path")
            #expect(defect(in: rules.sharded(path)) == nil && defect(in: path.numbered(.max)) == nil && defect(in: path.partial) == nil)
        }
    }

    @Test(
        "Characters that Windows reserves are escaped in what others supply",
        arguments: [
            ("a?b", "a%3Fb"), ("a:b", "a%3Ab"), ("<>\"|*", "%3C%3E%22%7C%2A"), ("C:/x", "C%3A/x"), ("NUL:", "NUL%3A"), ("a b", "a b"),
            ("h/a?x=1&y=2", "h/a%3Fx=1&y=2"), ("CON", "CON_"), ("é", "é"),
        ]) func reserved(text: String, path: String)
    {
        #expect(rules.path(for: rules.supplied(text.utf8)).description == path)
        let kept = NameRules(isPortable: false).supplied(text.utf8)
        #expect(
            kept == Array(text.utf8)
                && rules.path(for: kept).description
                    == path.replacing(/%(3F|3A|3C|3E|22|7C|2A)/) { match in
                        String(UnicodeScalar(UInt8(match.1, radix: 16)!))
                    }
        )
    }

    @Test(
        "A URL stays in the directory",
        arguments: [
            ("http://h/../../etc/passwd", "h/__/__/etc/passwd"), ("http://h/%2e%2e%2f%2e%2e%2fetc", "h/_.%2F..%2Fetc"),
            ("http://h/%2e%2e/x", "h/__/x"),
            ("http://../x", "__/x"), ("http://h/%5c..%5cx", "h/%5C..%5Cx"), ("http://h/~root/.ssh/x", "h/~root/_ssh/x"),
            ("http://h/.htaccess", "h/_htaccess"),
            ("http://h/a%00.html", "h/a%00.html"), ("http://h/a%0Ab", "h/a%0Ab"), ("http://h/%1b[2J", "h/%1B[2J"),
            ("http://h/%e2%80%aegpj.exe", "h/%E2%80%AEgpj.exe"),
            ("http://h/%ff", "h/%FF"), ("http://h/con", "h/con_"), ("http://h/a.", "h/a_"), ("http://h//etc//x", "h/etc/x"),
            ("http://h/?../../x", "h/index.html%3F..%2F..%2Fx"),
            ("http://-h/-x", "_-h/_-x"), ("http://h./", "h_/index.html"), ("http://h/%252e%252e/x", "h/%2e%2e/x"),
            ("http://u:p@h:8080/é", "h+8080/é"),
        ]) func urls(url: String, path: String)
    {
        let parts = NameParts(index: 1, id: nil, url: url, bodyHash: nil)
        let result = rules.path(for: NameTemplate.default.render(parts, rules))
        #expect(Array(result.description.utf8) == Array(path.utf8), "\(result)")
    }

    @Test("Random bytes become safe paths that are their own") func randomBytes() {
        var random = Seeded(seed: 20)
        // Mostly what the rules are about; a byte at random would hardly ever be a dot beside a slash.
        let pieces: [[UInt8]] =
            [
                "/", ".", "..", "-", "~", " ", "\\", "%", "%2", "CON", "nul", "COM1", "a", "b.html", "?", ":", "\u{202e}", "é", "日",
                "\u{0}", "\n",
            ].map {
                Array($0.utf8)
            } + [[0xC0], [0xAE], [0xED, 0xA0], [0xFF], [0xF0, 0x9F]]
        for round in 0..<20_000 {
            var text: [UInt8] = []
            let isLong = round % 20 == 0
            for _ in 0..<Int.random(in: 0..<(isLong ? 2000 : 12), using: &random) {
                if Bool.random(using: &random) {
                    text += pieces.randomElement(using: &random)!
                } else {
                    text.append(UInt8.random(in: 0...255, using: &random))
                }
            }
            let path = rules.path(for: round % 2 == 0 ? text : rules.supplied(text))
            let again = rules.path(for: path.description)
            if let defect = defect(in: path, mostBytes: 1018) { Issue.record("\(text): \(defect) in \(path)") }
            if !again.description.utf8.elementsEqual(path.description.utf8) { Issue.record("\(path) became \(again)") }
            if path.components.contains(where: { $0.utf8.count > 200 }) { Issue.record("no room in \(path)") }
            if path.description.unicodeScalars.contains("\u{FFFD}") && !String(decoding: text, as: UTF8.self).contains("\u{FFFD}") {
                Issue.record("\(text) lost a byte in \(path)")
            }
            for other in [path.numbered(1), path.suffixed("0123456789abcdef"), path.partial, rules.sharded(path.numbered(9)).partial] {
                if let defect = defect(in: other) { Issue.record("\(text): \(defect) in \(other)") }
            }
        }
    }

    @Test("Different texts have different names, also when both are too long") func injectivity() {
        let long = String(repeating: "x", count: 5000)
        let texts = [
            "a", "A", "a\n", "a\r", "a\t", "a\u{0}", "a\\", "a\u{202e}", "a\u{202d}", "b/a", "b\\a", "é", "e\u{301}", "_a", "-a", "a.b",
            "a/b", "ab",
            long, long + "x", long + "y", "y" + long, long + ".html", long + ".htm", long + "/a", long + "/" + long,
            String(repeating: "a/", count: 100) + "x", String(repeating: "a/", count: 101) + "x", String(repeating: "a/", count: 100) + "y",
            String(repeating: "\(long.prefix(150))/", count: 9) + "x", String(repeating: "\(long.prefix(150))/", count: 10) + "x",
        ]
        let names = Set(texts.map { Array(rules.path(for: $0).description.utf8) })
        #expect(names.count == texts.count)
        let bytes: [[UInt8]] = (0...255).map { [UInt8(ascii: "a"), $0, UInt8(ascii: "b")] }
        // Only the slash and what it makes, two components, aside: each byte has a name of its own.
        #expect(Set(bytes.map { Array(rules.path(for: $0).description.utf8) }).count == 256)
    }

    @Test("A long name keeps its beginning and a short extension") func longNames() {
        let hash = { (text: String) in "~" + hexadecimalPrefix(text) }
        let long = String(repeating: "x", count: 5000)
        #expect(rules.path(for: long).description == String(repeating: "x", count: 183) + hash(long))
        #expect(rules.path(for: long + ".html").description == String(repeating: "x", count: 178) + hash(long + ".html") + ".html")
        let endless = "a." + long
        #expect(rules.path(for: endless).description == "a." + String(repeating: "x", count: 181) + hash(endless))
        let sixteen = long + ".123456789012345"
        #expect(rules.path(for: sixteen).description.hasSuffix(hash(sixteen) + ".123456789012345"))
        let seventeen = long + ".1234567890123456"
        #expect(rules.path(for: seventeen).description.hasSuffix(hash(seventeen)))
        #expect(rules.path(for: String(repeating: "x", count: 200)).description == String(repeating: "x", count: 200))
        #expect(rules.path(for: String(repeating: "x", count: 201)).description.utf8.count == 200)
        #expect(rules.path(for: "CON." + long).description.hasPrefix("CON_.xxx"))
    }

    @Test("A cut goes through no character and no escape") func cuts() {
        for shift in 0..<6 {
            let start = String(repeating: "x", count: shift)
            for unit in ["é", "日", "😀", "e\u{301}"] {
                let name = rules.path(for: start + String(repeating: unit, count: 300)).description
                #expect(name.utf8.count <= 200 && name.utf8.count >= 190)
                #expect(!name.unicodeScalars.contains("\u{FFFD}"))
            }
            let name = rules.path(for: start + String(repeating: "\n", count: 300)).description
            let body = name.dropFirst(shift).prefix { $0 != "~" }
            #expect(body.count % 3 == 0 && body == String(repeating: "%0A", count: body.count / 3), "\(name)")
            // A sign that begins no escape is a character like others.
            #expect(rules.path(for: start + String(repeating: "%", count: 300)).description.utf8.count == 200)
        }
    }

    @Test("Folders that are too deep or too long become one, and stay together") func deepPaths() {
        let deep = String(repeating: "d/", count: 5000)
        let first = rules.path(for: deep + "a")
        let second = rules.path(for: deep + String(repeating: "b", count: 250))
        #expect(first.components.count == 30 && first.name == "a")
        #expect(Array(first.folders) == Array(second.folders))
        #expect(first.components[0] == "d" && first.components[28].hasPrefix("~") && first.components[28].count == 17)
        let long = String(repeating: String(repeating: "w", count: 190) + "/", count: 6)
        let wide = rules.path(for: long + String(repeating: "n", count: 300))
        #expect(wide.components.count == 5 && wide.description.utf8.count <= 1018)
        let just = String(repeating: "d/", count: 29) + "a"
        #expect(rules.path(for: just).description == just)
        #expect(rules.sharded(rules.path(for: just)).components.count == 31)
    }

    @Test("Case and normalisation make no other key") func collisionKeys() {
        let same = [
            ("A", "a"), ("Dir/File", "dir/fILE"), ("é", "e\u{301}"), ("É", "e\u{301}"), ("ß", "SS"), ("ς", "Σ"), ("σ", "ς"), ("ﬁ", "FI"),
            ("Å", "\u{212B}"), ("\u{212A}", "k"), ("ſ", "S"), ("a\u{200D}b", "ab"), ("a\u{AD}b", "AB"), ("한", "\u{1112}\u{1161}\u{11AB}"),
        ]
        for (a, b) in same { #expect(rules.path(for: a).collisionKey == rules.path(for: b).collisionKey, "\(a) \(b)") }
        let different = [("a", "b"), ("a/b", "ab"), ("e", "é"), ("a.b", "a_b"), ("a", "a.1"), ("日", "本")]
        for (a, b) in different { #expect(rules.path(for: a).collisionKey != rules.path(for: b).collisionKey) }
        var keys: Set<String> = []
        #expect(keys.insert(rules.path(for: "\u{e9}").collisionKey).inserted)
        #expect(!keys.insert(rules.path(for: "E\u{301}").collisionKey).inserted)
    }

    @Test("Numbers and tags go where people expect them") func derivedNames() {
        let path = rules.path(for: "h/a.tar.gz")
        #expect(path.numbered(1).description == "h/a.tar.gz.1")
        #expect(path.suffixed("1f").description == "h/a.tar~1f.gz")
        #expect(path.partial.description == "h/a.tar.gz.part")
        #expect(rules.path(for: "a").suffixed("x").description == "a~x")
        #expect(rules.path(for: "a").suffixed("../x/\n").description == "a~___x__")
        #expect(rules.path(for: "_a").suffixed("x").description == "_a~x")
        let longest = rules.path(for: String(repeating: "x", count: 300) + ".html").numbered(.min).suffixed(
            String(repeating: "é", count: 99)
        ).partial
        #expect(longest.name.utf8.count <= 255)
    }

    @Test("A folder among 4096 comes from the whole path") func shards() {
        let digits = hexadecimalPrefix("h/a.html")
        let path = rules.sharded(rules.path(for: "h/a.html"))
        #expect(path.description == "\(digits.prefix(3))/h/a.html")
        let folders = Set((0..<1000).map { rules.sharded(rules.path(for: "f\($0)")).components[0] })
        #expect(folders.count > 200)
    }
}

private func hexadecimalPrefix(_ text: String) -> String {
    plainSHA256(Array(text.utf8)).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
