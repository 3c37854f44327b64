import Testing

@testable import FetchFormats
@testable import FetchKit

@Suite("Parts of warc") struct WARCPartTests {
    @Test("Digests are SHA-1 in Base32") func digest() {
        var digest = Digest()
        #expect(digest.finish() == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
        Array("abc".utf8).withUnsafeBytes { digest.update($0) }
        #expect(digest.finish() == "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5")
    }

    @Test(
        "A member of any size is what went in, and what is left of one that never ended is in none",
        arguments: [0, 1, 1000, 256 << 10, 300_000])
    func members(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let (encoder, sink) = (GzipEncoder(), CollectingSink())
        encoder.beginMember(10)
        try bytes.prefix(10).withUnsafeBytes { try encoder.encode($0, into: sink) }
        for _ in 0..<2 {
            encoder.beginMember(size)
            for piece in [bytes.prefix(size / 3), bytes.dropFirst(size / 3)] {
                try piece.withUnsafeBytes { try encoder.encode($0, into: sink) }
            }
            try encoder.endMember(into: sink)
        }
        let decoder = GzipDecoder()
        var output: [UInt8] = []
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { scratch.deallocate() }
        sink.bytes.withUnsafeBytes {
            decoder.decode($0, scratch: scratch) {
                output.append(contentsOf: $0)
                return true
            }
        }
        #expect(decoder.isComplete && output == bytes + bytes)
    }

    @Test("Secrets of a head are masked with the lines that continue them, and nothing else is") func secrets() {
        let head = "GET / HTTP/1.1\r\nAuthorization: Basic\r\n c4n4ry\r\n\tc4n4ry\r\nAccept: a\r\n b\r\nCookie: c4n4ry\r\nHost: h\r\n\r\n"
        #expect(
            String(decoding: HTTPHead.withoutSecrets(Array(head.utf8)), as: UTF8.self)
                == "GET / HTTP/1.1\r\nAuthorization: ***\r\nAccept: a\r\n b\r\nCookie: ***\r\nHost: h\r\n\r\n")
    }

    // As the Python package surt has them.
    @Test(
        "An index knows all spellings of a URL by one key",
        arguments: [
            ("http://example.com/", "com,example)/"), ("http://www2.example.com:80/A//b/../c/?b=2&a=1", "com,example)/a/c?a=1&b=2"),
            ("https://Example.com/a/", "com,example)/a"), ("http://example.com:8080/x?", "com,example:8080)/x"),
        ])
    func key(url: String, key: String) { #expect(String(decoding: SURT.key(of: url), as: UTF8.self) == key) }

    @Test("A request's content that was sent in part is kept in part, and the record says so", arguments: [0, 4, 10])
    func sentInPart(sent: Int) throws {
        let records = try records(of: "POST /x HTTP/1.1\r\nContent-Length: 10\r\n\r\n", body: Array("0123456789".utf8), uploaded: sent)
        let request = try #require(records.first)
        #expect(request.payload.count == sent)
        #expect(fields(of: request).contains("WARC-Truncated: disconnect\r\n") == (sent < 10))
    }

    @Test("The address is the server's, and none where a proxy was asked for a whole URL") func address() throws {
        for (target, isDirect) in [("/x", true), ("http://h/x", false)] {
            let request = try #require(try records(of: "GET \(target) HTTP/1.1\r\n\r\n").first)
            #expect(fields(of: request).contains("WARC-IP-Address: 192.0.2.1\r\n") == isDirect)
            #expect(fields(of: request).contains("WARC-IP-Address") == isDirect)
        }
    }

    private func records(of head: String, body: [UInt8]? = nil, uploaded: Int = 0) throws -> [WARCRecord] {
        var hop = Hop(url: try HTTPURL("http://h/x"), method: "GET")
        hop.remoteAddress = "192.0.2.1"
        hop.bytesUploaded = Int64(uploaded)
        hop.exchange = Exchange(
            requestHead: Array(head.utf8), requestBody: body, wireBody: .empty, localAddress: nil, localPort: nil, connectionID: 1,
            postTransfer: nil, verifyResult: 0, proxyVerifyResult: 0, connectCode: 0, usedProxy: nil, uploadSpeed: 0, certificates: [])
        var outcome = Outcome(index: 0, request: try Request("http://h/x"))
        outcome.hops = [hop]
        return CaptureRecords(outcome, warcinfo: "", FormatSettings(clock: { 0 }, random: { 0 })).records
    }

    private func fields(of record: WARCRecord) -> String { record.fields.text.string }
}
