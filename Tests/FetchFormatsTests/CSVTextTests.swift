import Foundation
import Testing

@testable import FetchKit
@testable import FetchFormats

@Suite("Text of csv") struct CSVTextTests {
    @Test("Fields are what a reader gets back, whatever is in them") func anyText() {
        var random = SystemRandomNumberGenerator()
        let letters = ["\"", ",", "\r", "\n", "\r\n", " ", "a", "\u{20ac}", ";", "=1+1", "\t", "\u{0}", "\u{1b}"]
        for _ in 0..<5000 {
            let fields = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                (0..<Int.random(in: 0...6, using: &random)).map { _ in letters.randomElement(using: &random)! }.joined()
            }
            var line = ByteBuffer(capacity: 1)
            for (position, field) in fields.enumerated() {
                if position > 0 { line.append(UInt8(ascii: ",")) }
                let start = line.count
                line.append(field)
                CSVText.quote(&line, from: start)
            }
            let expected = fields.map { $0.replacingOccurrences(of: "\u{0}", with: "\u{FFFD}") }
            #expect(parsed(line.array) == expected.map { Array($0.utf8) })
        }
    }

    @Test("Fields are quoted that hold a quote, a comma, a NUL or what a reader may take for a line end, and no others") func quoting() {
        let quote = UInt8(ascii: "\"")
        for byte in UInt8.min...0x7F {
            var line = ByteBuffer()
            line.append([UInt8(ascii: "a"), byte, UInt8(ascii: "b")])
            CSVText.quote(&line, from: 0)
            #expect((line.array.first == quote) == [quote, UInt8(ascii: ","), 0x0A, 0x0D, 0].contains(byte), "\(byte)")
        }
    }

    @Test("Header fields of any bytes become UTF-8") func anyBytes() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...8, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = bytes[...].utf8Text
            #expect(String(validating: text, as: UTF8.self) != nil)
            if String(validating: bytes, as: UTF8.self) != nil { #expect(text == bytes) }
        }
    }

    @Test("Bodies of any pieces are what a reader gets back") func anyBody() throws {
        let bodies = ["", "\"", "\"\"", "a\"", "\"a", "a,\"b\"\r\n\"", String(repeating: "x\"", count: 50_000)]
        for body in bodies {
            let memory = BodyMemory(limit: 1 << 20)
            let sink = CollectingSink()
            try CSVText.write(Body(bytes: Array(body.utf8), reservedIn: memory), isSafe: false, into: sink)
            #expect(parsed(sink.bytes) == [Array(body.utf8)])
        }
    }

    @Test("Cells that a spreadsheet would take for formulas are text to it, if that is wanted; others stay as they are") func formulas()
        throws
    {
        let formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]
        for cell in formulas + ["", "a=1", "'=1", " =1", "1-1", "é"] {
            let expected = Array((formulas.contains(cell) ? "'" : "").utf8) + Array(cell.utf8)
            var line = ByteBuffer()
            line.append("x,\(cell)")
            CSVText.makeSafe(&line, from: 2)
            #expect(line.array == Array("x,".utf8) + expected)
            let sink = CollectingSink()
            try CSVText.write(Body(bytes: Array(cell.utf8), reservedIn: BodyMemory(limit: 1 << 20)), isSafe: true, into: sink)
            #expect(parsed(sink.bytes) == [expected])
        }
        for (body, start) in [([0xF8, 0, 0], "'+AAA"), ([0xFC, 0, 0], "/AAA"), ([0xF8], "'+A==")] as [([UInt8], String)] {
            var settings = FormatSettings(clock: { 0 }, random: { 0 })
            (settings.columns, settings.hasSafeCells) = ("url,body_base64", true)
            var outcome = Outcome(index: 0, rejected: RejectedInput(text: "=1", source: nil, reason: ""))
            outcome.error = FetchError(.http, "")
            outcome.body = Body(bytes: body, reservedIn: BodyMemory(limit: 1 << 20))
            let sink = CollectingSink()
            _ = try CSVFormat(settings).encode(Record(outcome, bodies: .all), into: Outlets(sink))
            #expect(String(decoding: sink.bytes, as: UTF8.self) == "'=1,\(start)\r\n")
        }
    }

    /// One record as RFC 4180 has it.
    private func parsed(_ line: [UInt8]) -> [[UInt8]] {
        let quote = UInt8(ascii: "\"")
        var fields: [[UInt8]] = [[]]
        var isQuoted = false
        var rest = line[...]
        while let byte = rest.popFirst() {
            if byte == quote && isQuoted && rest.first == quote {
                fields[fields.count - 1].append(quote)
                rest.removeFirst()
            } else if byte == quote {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ",") && !isQuoted {
                fields.append([])
            } else {
                fields[fields.count - 1].append(byte)
            }
        }
        return fields
    }
}
