import FetchKit
import Testing

@Suite("Text of strangers in messages") struct ExcerptTests {
    @Test("Up to 2 KB it is whole, and more is cut between two characters") func cut() {
        let whole = String(repeating: "x", count: 2048)
        #expect(whole.excerpt == whole && (whole + "y").excerpt == whole + "...")
        for width in 0...4 {
            let text = String(repeating: "a", count: width) + String(repeating: "👋", count: 1000)
            let kept = text.excerpt.dropLast(3)
            #expect(text.excerpt.hasSuffix("...") && text.hasPrefix(kept) && (2045...2048).contains(kept.utf8.count))
        }
    }

    @Test("No server and no list makes a message longer") func messages() {
        let long = String(repeating: "[", count: 1 << 20)
        #expect(FetchError(.decode, "Unrecognized content encoding type: \(long)").message.utf8.count == 2051)
        #expect(RejectedInput(text: long, source: nil, reason: "").text.utf8.count == 2051)
    }
}
