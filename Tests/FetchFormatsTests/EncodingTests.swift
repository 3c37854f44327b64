import Foundation
import Testing

@testable import FetchFormats

@Suite("Encodings") struct EncodingTests {
    @Test("Base64 is Foundation's, however the bytes are cut", arguments: 0..<40) func base64(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 77) }
        let expected = Array(Data(bytes).base64EncodedString().utf8)
        #expect(Base64.encode(bytes) == expected)
        for cut in 0...count {
            var encoder = Base64()
            let text = [bytes[..<cut], bytes[cut...]].flatMap { piece in piece.withUnsafeBytes { encoder.encode($0) } } + encoder.finish()
            #expect(text == expected)
        }
    }

    @Test("UTF-8 is valid where the standard library says so, however the bytes are cut") func utf8() {
        var random = SystemRandomNumberGenerator()
        let letters: [[UInt8]] = [
            [0x41], [0xC2, 0x80], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x90, 0x80, 0x80],
            [0xF4, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80], [0x80], [0xFF], [0xE2, 0x82], Array("plain text".utf8), [0xEF, 0xBB, 0xBF],
            [0xF0, 0x80, 0x80, 0x80],
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...4, using: &random)).flatMap { _ in letters.randomElement(using: &random)! }
            let cut = Int.random(in: 0...bytes.count, using: &random)
            var validator = UTF8Validator()
            bytes[..<cut].withUnsafeBytes { validator.check($0) }
            bytes[cut...].withUnsafeBytes { validator.check($0) }
            #expect(validator.isValid == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }

    @Test("JSON text is what a JSON parser reads back, for every character below 0x300") func jsonText() throws {
        let text = String(String.UnicodeScalarView((0..<0x300).compactMap { Unicode.Scalar($0) }))
        var json = ByteBuffer()
        json.append("[\"")
        Array(text.utf8).withUnsafeBytes { JSONText.append($0, to: &json) }
        json.append("\"]")
        let bytes = json.array
        #expect(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String] == [text])
        #expect(!bytes.contains { $0 < 0x20 })
    }

    @Test("Numbers are the standard library's, with zeros in front where a width is wanted") func numbers() {
        var random = SystemRandomNumberGenerator()
        var values: [Int] = [.min, .max, 0, 9, 10, 99, 100]
        for bit in 0..<63 { values += [1 << bit, (1 << bit) - 1, -(1 << bit)] }
        for _ in 0..<2000 { values.append(Int.random(in: .min ... .max, using: &random) >> Int.random(in: 0..<63, using: &random)) }
        for value in values {
            var buffer = ByteBuffer(capacity: 1)
            buffer.append(decimal: value)
            #expect(buffer.string == String(value))
            for width in 1...6 {
                var buffer = ByteBuffer()
                buffer.append(decimal: value.magnitude, width: width)
                let digits = String(value.magnitude)
                #expect(buffer.string == String(repeating: "0", count: max(0, width - digits.count)) + digits)
            }
        }
    }

    @Test("Bytes grow piece by piece") func growth() {
        var buffer = ByteBuffer(capacity: 1)
        var expected: [UInt8] = []
        for count in 0..<300 {
            buffer.append([UInt8](repeating: UInt8(count & 255), count: count))
            buffer.append(UInt8(ascii: "x"))
            expected += [UInt8](repeating: UInt8(count & 255), count: count) + [UInt8(ascii: "x")]
        }
        #expect(buffer.array == expected)
        #expect(buffer.takeBytes(from: 1000) == Array(expected[1000...]) && buffer.array == Array(expected[..<1000]))
    }

    @Test("JSON nests, and its numbers are exact") func jsonWriter() {
        var json = JSONWriter()
        json.object { json in
            json.add("a", Int.min)
            json.add("b", number: 0.1)
            json.add("c", number: -1.5)
            json.add("d", number: -0.000_000_1)
            json.add("e", number: .nan)
            json.add("f", number: 1e300)
            json.add("g", seconds: .microseconds(-1))
            json.add("h", milliseconds: 1_234_050)
            json.array("i") { json in
                json.object { _ in }
                json.object { $0.add("x", true) }
                Array("\"\\\u{1B}\n\u{7F}é".utf8).withUnsafeBytes { json.add(latin1: $0) }
            }
            json.object(text: "a\"") { $0.addNull("y") }
        }
        let expected =
            #"{"a":-9223372036854775808,"b":0.100000,"c":-1.500000,"d":0.000000,"e":null,"f":null,"g":-0.000001,"h":1234.050,"#
            + #""i":[{},{"x":true},"\"\\\u001b\n\u007fé"],"a\"":{"y":null}}"#
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }

    @Test("Timestamps are RFC 3339 in UTC with microseconds") func timestamps() {
        #expect(timestamp(0) == "1970-01-01T00:00:00.000000Z")
        #expect(timestamp(951_827_696_000_001) == "2000-02-29T12:34:56.000001Z")
    }
}

@Suite("Lines") struct LineSplitterTests {
    private func split(_ blocks: [[UInt8]]) -> [LineSplitter.Line] {
        var splitter = LineSplitter()
        var lines: [LineSplitter.Line] = []
        for block in blocks { splitter.split(block[...]) { lines.append($0) } }
        splitter.end { lines.append($0) }
        return lines
    }

    @Test("Come out the same wherever the blocks end") func cuts() {
        let text = Array("one\r\n\ntwo\nthree\r".utf8)
        let expected = ["one", "", "two", "three"].map { LineSplitter.Line.whole(Array($0.utf8)[...]) }
        for first in 0...text.count {
            for second in first...text.count {
                #expect(split([Array(text[..<first]), Array(text[first..<second]), Array(text[second...])]) == expected)
            }
        }
    }

    @Test("That are too long are reported once and do not swallow the next", arguments: [1 << 16, 1 << 20, 3 << 20])
    func tooLong(block: Int) {
        let long = [UInt8](repeating: 97, count: (2 << 20) + 1)
        let text = long + Array("\nnext".utf8)
        let blocks = stride(from: 0, to: text.count, by: block).map { Array(text[$0..<min(text.count, $0 + block)]) }
        let lines = split(blocks)
        #expect(lines.count == 2)
        if case .tooLong(let start) = lines[0] { #expect(start.count == 256) } else { Issue.record("the long line came whole") }
        #expect(lines.last == .whole(Array("next".utf8)[...]))
    }

    @Test("Of exactly the limit are not too long") func limit() {
        let line = [UInt8](repeating: 97, count: LineSplitter.limit)
        #expect(split([line + [10]]) == [.whole(line[...])])
    }
}
