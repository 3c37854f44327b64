import FetchKit
import Testing

@testable import FetchFormats

@Suite("Name templates") struct NameTemplateTests {
    private func render(_ template: NameTemplate, _ url: String, index: Int = 7, id: String? = nil, body: [UInt8]? = nil) -> String {
        let parts = NameParts(index: index, id: id, url: url, bodyHash: body.map(plainSHA256))
        return String(decoding: template.render(parts, NameRules(isPortable: false)), as: UTF8.self)
    }

    @Test("The hash of these tests is SHA-256") func hash() {
        #expect(hexadecimal(plainSHA256(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(hexadecimal(plainSHA256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 1000)
        #expect(hexadecimal(plainSHA256(long)) == "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3")
    }

    @Test(
        "Variables stand for parts of the URL",
        arguments: [
            ("{scheme}", "https"), ("{host}", "www.example.com"), ("{port}", "8443"), ("{path}", "/a/b/archive.tar.gz"),
            ("{basename}", "archive.tar.gz"), ("{stem}", "archive.tar"), ("{ext}", "gz"), ("{query}", "x=1&y=2"),
            ("{index}", "7"), ("{index:3}", "007"), ("{index:03}", "007"), ("{index:1}", "7"), ("{id}", "7"),
            ("{index:08}-{host}{path}", "00000007-www.example.com/a/b/archive.tar.gz"),
            ("{{index}}", "{index}"), ("{{{index}}}", "{7}"), ("a}}b{{", "a}b{"), ("plain", "plain"), ("é-{index}", "é-7"),
        ]) func variables(template: String, expected: String) throws
    {
        let url = "https://user:secret@www.example.com:8443/a/b/archive.tar.gz?x=1&y=2#part"
        let name = try render(NameTemplate(template), url)
        #expect(name == expected)
        #expect(!name.contains("secret") && !name.contains("user"))
    }

    @Test(
        "The default is wget's",
        arguments: [
            ("http://h/", "h/index.html"), ("http://h", "h/index.html"), ("http://h/a", "h/a"), ("http://h/a/", "h/a/index.html"),
            ("http://h/a/b.html", "h/a/b.html"), ("http://h/a?x=1", "h/a?x=1"), ("http://h/?x", "h/index.html?x"),
            ("http://h?x", "h/index.html?x"),
            ("http://h/a?", "h/a?"), ("http://h/a?b/c?d", "h/a?b%2Fc?d"), ("http://h:80/a", "h/a"), ("https://h:443/a", "h/a"),
            ("http://h:443/a", "h+443/a"), ("https://h:8080/a", "h+8080/a"), ("http://[::1]/a", "[::1]/a"),
            ("http://[::1]:8080/", "[::1]+8080/index.html"),
            ("http://u:p@h/a", "h/a"), ("http://u@h:1/a", "h+1/a"), ("http://u:p%40@h/a@b", "h/a@b"), ("http://h/a#b?c", "h/a"),
            ("http://h/%41%c3%a9", "h/Aé"), ("http://h/a%2fb", "h/a%2Fb"), ("http://h/a%00b%0ac%7fd", "h/a%00b%0Ac%7Fd"),
            ("http://h/%2e%2e/x", "h/../x"), ("http://h/a%5cb", "h/a\\b"), ("http://h/a%2525", "h/a%25"), ("http://h/100%", "h/100%"),
            ("http://h/%zz%4", "h/%zz%4"), ("http://h/a%3Fb", "h/a?b"), ("http://h/a?b=%C3%A9%2F", "h/a?b=é%2F"),
            ("http://h//a//b", "h//a//b"),
        ]) func defaults(url: String, expected: String)
    {
        #expect(render(.default, url) == expected)
    }

    @Test(
        "Characters that Windows reserves are encoded in what URLs and lists supply, and kept in the user's own text",
        arguments: [
            ("{host}{path}:{query}", "[%3A%3A1]/a%3Ab%2A/c%3F%3C%22%3E%7C:x=%3F"), ("{basename}?", "c%3F%3C%22%3E%7C?"),
            ("<{id}|\"*>", "<i%3Ad|\"*>"), ("{stem}.{ext}", "c%3F%3C%22%3E%7C"), ("{index:3}:{scheme}:{port}", "007:http:80"),
        ]) func portable(template: String, expected: String) throws
    {
        let url = "http://[::1]/a:b*/c%3F%3C%22%3E%7C?x=?"
        let parts = NameParts(index: 7, id: "i:d", url: url, bodyHash: nil)
        #expect(try String(decoding: NameTemplate(template).render(parts, NameRules()), as: UTF8.self) == expected)
        let whole = NameTemplate.default.render(parts, NameRules())
        #expect(String(decoding: whole, as: UTF8.self) == "[%3A%3A1]/a%3Ab%2A/c%3F%3C%22%3E%7C%3Fx=%3F")
    }

    @Test(
        "A basename has a stem and an extension",
        arguments: [
            ("/a.b", "a", "b"), ("/a", "a", ""), ("/a.", "a", ""), ("/.b", ".b", ""), ("/..b", ".", "b"), ("/", "index", "html"),
            ("/a.b/c", "c", ""), ("/a%2Eb", "a", "b"), ("/a.b%2Fc", "a", "b%2Fc"),
        ]) func extensions(path: String, stem: String, ext: String) throws
    {
        #expect(try render(NameTemplate("{stem}|{ext}"), "http://h\(path)") == "\(stem)|\(ext)")
    }

    @Test("Without an extension there is no dot before it") func dotBeforeExtension() throws {
        let template = try NameTemplate("{sha256}.{ext}")
        #expect(template.needsBody)
        let hash = hexadecimal(plainSHA256([1, 2]))
        #expect(render(template, "http://h/a.png", body: [1, 2]) == "\(hash).png")
        #expect(render(template, "http://h/a", body: [1, 2]) == hash)
        #expect(try render(NameTemplate("{host}{ext}"), "http://h./a") == "h.")
    }

    @Test("Only the hash of the body needs the body") func needsBody() throws {
        #expect(!NameTemplate.default.needsBody)
        #expect(try render(NameTemplate("{url_sha256}"), "http://h/") == hexadecimal(plainSHA256(Array("http://h/".utf8))))
        #expect(try !NameTemplate("{url_sha256}{{sha256}}").needsBody)
        #expect(try NameTemplate("x{sha256}y").needsBody)
    }

    @Test("An identifier makes no folders, and the index stands in for none") func identifiers() throws {
        let template = try NameTemplate("{id}.html")
        #expect(render(template, "http://h/", id: "../a/b") == "..%2Fa%2Fb.html")
        #expect(render(template, "http://h/", index: 12) == "12.html")
    }

    @Test(
        "A mistake is named, with what there is instead",
        arguments: [
            ("{foo}", "{foo}"), ("{}", "{}"), ("{Index}", "{Index}"), ("{index", "without its }"), ("index}", "without its {"),
            ("{", "without its }"), ("}", "without its {"), ("{a{b}", "without its }"), ("{index:}", "width"), ("{index:0}", "width"),
            ("{index:x}", "width"), ("{index:-1}", "width"), ("{index:+1}", "width"), ("{index:21}", "width"),
            ("{index:99999999999999999999}", "width"), ("{host:8}", "only {index}"), ("", "empty"), ("{{{index}}", "without its {"),
        ]) func mistakes(template: String, part: String)
    {
        let error = #expect(throws: InvalidNameTemplate.self) { _ = try NameTemplate(template) }
        #expect(error?.description.contains(part) == true, "\(String(describing: error))")
        #expect(error?.description.contains("{url_sha256}, {sha256}") == true)
    }

    @Test("Any bytes for a URL give some name, without its credentials") func anyURL() throws {
        var random = Seeded(seed: 5)
        let template = try NameTemplate("{scheme}{host}{port}{path}{basename}{stem}.{ext}{query}")
        let alphabet = Array("http://:@?#%2f[]a.\u{e9}\\".utf8)
        for _ in 0..<5000 {
            let url = String(
                decoding: (0..<Int.random(in: 0..<30, using: &random)).map { _ in alphabet.randomElement(using: &random)! }, as: UTF8.self)
            _ = render(.default, url)
            let name = render(template, "https://SECRET:SECRET@\(url)")
            #expect(!name.contains("SECRET"), "\(url)")
        }
    }
}

/// SplitMix64: the same numbers in each run.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
