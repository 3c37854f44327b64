import Foundation
import Testing

@testable import FetchFormats

@Suite("Text for terminals") struct TerminalFilterTests {
    @Test(
        "What would control a terminal is shown instead of sent",
        arguments: [
            ("plain\n\ttext\r\n", "plain\n\ttext\n"), ("\u{1B}[31mred", "\\u{1b}[31mred"), ("a\u{8}b\u{7F}", "a\\u{8}b\\u{7f}"),
            ("\u{9B}31m", "\\u{9b}31m"), ("\u{202E}evil", "\\u{202e}evil"), ("Grüße, 世界 👋", "Grüße, 世界 👋"), ("", ""),
        ]) func filter(text: String, expected: String)
    {
        let bytes = Array(text.utf8)
        // Cut anywhere, it comes to the same.
        for cut in 0...bytes.count {
            var filter = TerminalFilter()
            let start = bytes[..<cut].withUnsafeBytes { filter.filter($0) }
            let end = bytes[cut...].withUnsafeBytes { filter.filter($0) }
            // Only a CR LF that is cut apart shows.
            #expect((start + end + filter.finish()).replacing("\\u{d}", with: "") == expected)
        }
    }
}
