import Testing

@testable import FetchFormats

@Suite("Parts of warc") struct WARCPartTests {
    @Test("Digests are SHA-1 in Base32") func digest() {
        var digest = Digest()
        #expect(digest.finish() == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
        Array("abc".utf8).withUnsafeBytes { digest.update($0) }
        #expect(digest.finish() == "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5")
    }
}
