import Testing

@testable import FetchFormats

@Suite("Text of tsv") struct TSVTextTests {
    @Test(
        "Values hold no tab and no line end",
        arguments: [
            ("", ""), ("plain 世界", "plain 世界"), ("a\tb", "a\\tb"), ("a\r\nb\n", "a\\r\\nb\\n"), ("\\t\\", "\\\\t\\\\"), ("\0", "\u{FFFD}"),
        ]) func escapes(text: String, expected: String) throws
    {
        var line = ByteBuffer()
        line.append("\t\(text)")
        try TSVFormat(FormatSettings(clock: { 0 }, random: { 0 })).finishCell(&line, from: 1)
        #expect(line.string == "\t\(expected)")
    }
}
