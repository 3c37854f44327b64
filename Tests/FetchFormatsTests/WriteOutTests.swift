import FetchKit
import Testing

@testable import FetchFormats

@Suite("Parts of -w") struct WriteOutPartTests {
    @Test(
        "Takes URLs apart",
        arguments: [
            ("http://h:81/a/b?c=d&e#f", "http|||h|81|/a/b|c=d&e|f|"),
            ("https://u:p@h", "https|***|***|h|443|/|||"),
            ("h/?", "http|||h|80|/|||"),
            ("http://[::1]:8080/x", "http|||[::1]|8080|/x|||"),
            ("http://[fe80::1%25eth0]/", "http|||[fe80::1]|80|/|||eth0"),
            ("http://h?q", "http|||h|80|/|q||"),
            ("a b", "||||||||"),
        ])
    func parts(url: String, expected: String) {
        let parts = (try? HTTPURL(url)).map { RedactedURL($0, written: url) }
        let values = [
            parts?.scheme, parts?.user, parts?.password, parts?.host, parts?.port, parts?.path, parts?.query, parts?.fragment, parts?.zone,
        ]
        #expect(values.map { $0 ?? "" }.joined(separator: "|") == expected)
    }

    @Test("Any template is read to its end, and text without percent signs and backslashes is text") func anyTemplate() {
        var random = SystemRandomNumberGenerator()
        let letters = [
            "%", "%", "{", "}", "\\", ":", "all:", "header{", "output{", ">>", "time{", "json", "onerror", "a", "\u{20ac}", "\n", "\u{0}",
        ]
        for _ in 0..<20_000 {
            let template = (0..<Int.random(in: 0...12, using: &random)).map { _ in letters.randomElement(using: &random)! }.joined()
            var reader = WriteOutReader(Array(template.utf8))
            var tokens: [WriteOutReader.Token] = []
            while let token = reader.next() { tokens.append(token) }
            #expect(tokens.count <= template.utf8.count)
            if !template.isEmpty && !template.contains("%") && !template.contains("\\") {
                #expect(tokens == [.text(Array(template.utf8))])
            }
            if !template.contains("}") && !template.contains("\\") {
                // Nothing is closed, so that all of it is text; only doubled signs become one.
                let text = tokens.flatMap { token -> [UInt8] in if case .text(let bytes) = token { bytes } else { [] } }
                #expect(String(decoding: text, as: UTF8.self) == template.replacing("%%", with: "%"))
            }
        }
    }
}
