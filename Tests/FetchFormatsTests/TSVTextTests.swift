import Testing

@testable import FetchFormats

@Suite("Text of tsv") struct TSVTextTests {
    @Test(
        "Values hold no tab and no line end",
        arguments: [
            ("", ""), ("plain 世界", "plain 世界"), ("a\tb", "a\\tb"), ("a\r\nb\n", "a\\r\\nb\\n"), ("\\t\\", "\\\\t\\\\"), ("\0", "\u{FFFD}"),
        ]) func escapes(text: String, expected: String)
    {
        let escaped = Array(text.utf8).withUnsafeBytes { TSVFormat.escaped($0) }
        #expect(String(decoding: escaped, as: UTF8.self) == expected)
    }
}
