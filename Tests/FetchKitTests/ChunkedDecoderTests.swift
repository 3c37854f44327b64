import Testing

@testable import FetchKit

@Suite("Chunks") struct ChunkedDecoderTests {
    @Test(
        "Are undone, however they come, and only a whole body is done",
        arguments: [
            ("5\r\nhello\r\n0\r\n\r\n", "hello", .done), ("5\nhello\n0\n\n", "hello", .done), ("0\r\n\r\n", "", .done),
            ("A;name=value\r\n0123456789\r\n1 \r\nx\r\n000\r\nTrailer: yes\r\n\r\n", "0123456789x", .done),
            ("5\r\nhello\r\n0\r\n\r\nrubbish", "hello", .done), ("5\r\nhel", "hel", .data), ("5\r\nhello\r\n", "hello", .size),
            ("5\r\nhello\r\n0\r\nTrailer", "hello", .trailer), ("5\r\nhelloX", "hello", .failed), ("", "", .size), ("\r\n", "", .failed),
            ("x\r\n", "", .failed), ("-1\r\n", "", .failed), ("FFFFFFFFFFFFFFFFF\r\n", "", .failed),
            ("FFFFFFFFFFFFFFFF\r\nab", "ab", .data),
        ] as [(String, String, ChunkedDecoder.State)])
    func decode(wire: String, body: String, state: ChunkedDecoder.State) {
        let bytes = Array(wire.utf8)
        for step in [1, 2, 7, 1000] {
            var decoder = ChunkedDecoder()
            var result: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: step) {
                bytes[start..<min(bytes.count, start + step)].withUnsafeBytes { piece in decoder.decode(piece) { result += $0 } }
            }
            #expect(String(decoding: result, as: UTF8.self) == body && decoder.state == state, "in steps of \(step)")
        }
    }

    @Test(
        "Content-Range is read as RFC 9110 writes it",
        arguments: [
            ("bytes 0-99/100", 0, 99, 100), ("Bytes 5-5/*", 5, 5, nil), ("bytes */100", nil, nil, 100),
        ] as [(String, Int64?, Int64?, Int64?)])
    func contentRange(text: String, first: Int64?, last: Int64?, total: Int64?) {
        let range = ContentRange(text)
        #expect(range?.first == first && range?.last == last && range?.total == total)
    }

    @Test(
        "Other ranges are none",
        arguments: [
            "", "bytes", "bytes 0-99", "bytes 99-0/100", "items 0-1/2", "bytes -1/2", "bytes 0-/2", "bytes 0-1-2/3", "bytes 0-1/2/3",
            "bytes +0-1/2",
            "bytes 0-99999999999999999999/*",
        ]) func noRange(text: String)
    {
        #expect(ContentRange(text) == nil)
    }
}
