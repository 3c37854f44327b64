import Foundation
import Testing

@testable import FetchFormats
@testable import FetchKit

@Suite("Text for terminals") struct TerminalFilterTests {
    @Test(
        "What would control a terminal is shown instead of sent",
        arguments: [
            ("plain\n\ttext\r\n", "plain\n\ttext\n"), ("\u{1B}[31mred", "\\u001b[31mred"), ("a\u{8}b\u{7F}", "a\\u0008b\\u007f"),
            ("\u{9B}31m", "\\u009b31m"), ("\u{202E}evil", "\\u202eevil"), ("Grüße, 世界 👋", "Grüße, 世界 👋"), ("", ""),
            ("over\rwritten\t\r\r\n\r", "over\\u000dwritten\t\\u000d\n\\u000d"),
        ]) func filter(text: String, expected: String)
    {
        let bytes = Array(text.utf8)
        // Cut anywhere, it comes to the same.
        for cut in 0...bytes.count {
            var filter = TerminalFilter()
            let start = bytes[..<cut].withUnsafeBytes { filter.filter($0) }
            let end = bytes[cut...].withUnsafeBytes { filter.filter($0) }
            #expect(start + end + filter.finish() == expected)
        }
    }

    /// What CSI (U+009B), an override of direction and an escape would do, in a header, a body and a URL.
    private static let hostile = "\u{9B}2J\u{202E}\u{2066}\u{1B}]0;x\u{7} \u{2F}é"

    private static func record() -> Record {
        let body = Body(bytes: Array("\(hostile)\n".utf8), reservedIn: BodyMemory(limit: 1 << 20))
        var outcome = Outcome(index: 0, rejected: RejectedInput(text: hostile, source: nil, reason: hostile))
        outcome.body = body
        outcome.error = FetchError(.http, hostile)
        return Record(outcome, bodies: .all)
    }

    private static func output(_ format: Format, _ settings: FormatSettings) throws -> String {
        let sink = CollectingSink()
        let format = try format.make(settings)
        try format.encodeHead(into: Outlets(sink))
        _ = try format.encode(record(), into: Outlets(sink))
        try format.encodeEnd(record(), into: Outlets(sink))
        return String(decoding: sink.bytes, as: UTF8.self)
    }

    @Test("No format lets a server control a terminal, and JSON means the same there", arguments: ["body", "jsonl", "csv", "tsv", "har"])
    func formats(name: String) throws {
        let format = try #require(Format.all.first { $0.name == name })
        var settings = FormatSettings(clock: { 0 }, random: { 0 })
        settings.columns = ["csv", "tsv"].contains(name) ? "errormsg,url,body" : nil
        let piped = try Self.output(format, settings)
        settings.isTerminal = true
        let shown = try Self.output(format, settings)
        #expect(!shown.unicodeScalars.contains { $0.controlsTerminal && $0 != "\n" && $0 != "\t" }, "\(shown)")
        #expect(shown.contains("\\u009b2J\\u202e\\u2066\\u001b]0;x\\u0007 /é"))
        #expect(piped.unicodeScalars.contains("\u{202E}"))
        // JSON has escapes for what controls a terminal anywhere, other formats have the bytes.
        #expect(piped.unicodeScalars.contains("\u{9B}") == !["jsonl", "har"].contains(name))
        guard name == "jsonl" else { return }
        let meanings = try [piped, shown].map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary }
        #expect(meanings[0] == meanings[1] && meanings[0]?["errormsg"] as? String == Self.hostile)
    }

    @Test("On a terminal -w has the user's own escapes and no others, in JSON neither") func writeOut() throws {
        var settings = FormatSettings(clock: { 0 }, random: { 0 })
        settings.isOutputTerminal = true
        settings.writeOut = WriteOut(Array("\u{1B}[1m%{errormsg}%{json}\n".utf8))
        let shown = try Self.output(#require(Format.all.first { $0.name == "none" }), settings)
        #expect(shown.unicodeScalars.filter { $0.controlsTerminal && $0 != "\n" }.map { $0 } == ["\u{1B}", "\u{1B}"])
        #expect(shown.contains("\\u009b2J\\u202e"))
    }

    @Test("JSON escapes control characters of two bytes, also where a piece ends between them") func pieces() throws {
        let text = "a\u{80}b\u{9F}\u{A0}\u{BF}\u{C5}\u{2085}\u{85}"
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var json = ByteBuffer()
            json.append("\"")
            bytes[..<cut].withUnsafeBytes { JSONText.append($0, to: &json) }
            bytes[cut...].withUnsafeBytes { JSONText.append($0, to: &json) }
            json.append("\"")
            #expect(json.string == "\"a\\u0080b\\u009f\u{A0}\u{BF}\u{C5}\u{2085}\\u0085\"")
        }
    }

    @Test("A control character that a block of a large body cuts apart is escaped as well") func blocks() throws {
        let body = String(repeating: "x", count: (192 << 10) - 1) + "\u{9B}" + "y"
        let sink = CollectingSink()
        var json = JSONWriter()
        try json.add("body", text: Body(bytes: Array(body.utf8), reservedIn: BodyMemory(limit: 1 << 20)), sink)
        let text = String(decoding: sink.bytes + json.bytes, as: UTF8.self)
        #expect(text.hasSuffix("xx\\u009by\"") && !sink.bytes.isEmpty)
    }
}
