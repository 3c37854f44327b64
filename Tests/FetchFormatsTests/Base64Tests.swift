import Foundation
import Testing

@testable import FetchFormats

@Suite("Base64") struct Base64Tests {
    @Test("Bytes in any pieces become the text that Foundation makes of them, and come back") func roundTrip() {
        var random = SystemRandomNumberGenerator()
        for count in Array(0..<40) + [1000, 100_000] {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            var encoder = Base64()
            var text: [UInt8] = []
            let cut = Int.random(in: 0...count)
            for piece in [bytes[..<cut], bytes[cut...]] { text += piece.withUnsafeBytes { encoder.encode($0) } }
            text += encoder.finish()
            #expect(text == Array(Data(bytes).base64EncodedString().utf8))
            #expect(Base64.decode(String(decoding: text, as: UTF8.self)) == bytes)
        }
    }

    @Test(
        "What is not base64 to its end is refused",
        arguments: ["A", "AA", "AAA", "AA=", "AAAA=", "AA==AA==", "AA\nAA", " AAAA", "A?==", "é"])
    func invalid(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
