import Testing

@testable import FetchKit

/// Parts of bodies (RFC 9110 section 14), and redirects (section 15.4).
@Suite("Exchanges: ranges and redirects") struct RangeTables {
    @Test(
        "A part is an answer only to who asks for one",
        arguments: Row.table(
            #"""
            206 Part\nContent-Range: bytes 0-4/5\nContent-Length: 5 | hello | protocol: a part, and the whole was asked for
            206 Part\nContent-Range: bytes 0-4/5 | | protocol: a part, and the whole was asked for
            206 Part | hello | protocol: a part, and the whole was asked for
            206 Part\nContent-Length: 5 | | protocol: a part, and the whole was asked for | head
            206 Part\nContent-Range: bytes 0-4/5\nContent-Length: 5 | hello | whole | asks
            206 Part\nContent-Range: bytes 5-9/*\nContent-Length: 5 | hello | whole | asks
            206 Part\nContent-Range: bytes 5-9/10 | hello | unproved | asks
            206 Part\nContent-Range: nonsense\nContent-Length: 5 | hello | whole | asks
            206 Part\nContent-Length: 5 | hello | whole | asks
            206 Part\nContent-Length: 5 | hell | truncated: 1 bytes remaining | asks
            206 Part\nContent-Type: multipart/byteranges; boundary=x\nContent-Length: 5 | hello | whole | asks
            206 Part\nContent-Range: bytes 0-4/5\nContent-Encoding: gzip | {hello} | whole = hello | asks
            206 Part\nContent-Range: bytes 0-9/28\nContent-Encoding: gzip\nContent-Length: 10 | {hello:10} | truncated: the gzip body | asks
            206 Part\nContent-Range: bytes 0-4/5\nContent-Encoding: br | hello | decode: br | asks
            200 OK\nContent-Length: 5 | hello | whole | asks
            200 OK\nContent-Range: bytes 0-1/9\nContent-Length: 5 | hello | whole | asks
            416 No\nContent-Range: bytes */5\nContent-Length: 4 | oops | whole | asks
            416 No\nContent-Range: bytes */5\nContent-Length: 4 | oops | whole
            416 No\nContent-Length: 4 | oop | truncated: 1 bytes remaining | asks
            """#)) func parts(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "A body goes on only with exactly the rest of it",
        arguments: Row.table(
            #"""
            bytes 5-9/10 | hello | whole
            Bytes 5-9/10 | hello | whole
            BYTES 5-9/10 | hello | whole
            bytes 05-09/010 | hello | whole
            bytes 5-9/11 | hello | protocol: another range than the one from byte 5
            bytes 5-9/9 | hello | protocol: another range than the one from byte 5
            bytes 5-9/* | hello | protocol: another range than the one from byte 5
            bytes 4-9/10 | hello | protocol: another range than the one from byte 5
            bytes 6-10/11 | hello | protocol: another range than the one from byte 5
            bytes 0-4/5 | hello | protocol: another range than the one from byte 5
            bytes 5-8/10 | hello | protocol: another range than the one from byte 5
            bytes */10 | hello | protocol: another range than the one from byte 5
            bytes */* | hello | protocol: another range than the one from byte 5
            bytes 9-5/10 | hello | protocol: another range than the one from byte 5
            bytes 5-/10 | hello | protocol: another range than the one from byte 5
            bytes -9/10 | hello | protocol: another range than the one from byte 5
            bytes 5/10 | hello | protocol: another range than the one from byte 5
            bytes 5-9 | hello | protocol: another range than the one from byte 5
            bytes 5-9/ | hello | protocol: another range than the one from byte 5
            bytes 5-9/x | hello | protocol: another range than the one from byte 5
            bytes 5-9/10/10 | hello | protocol: another range than the one from byte 5
            bytes 5-7-9/10 | hello | protocol: another range than the one from byte 5
            bytes +5-9/10 | hello | protocol: another range than the one from byte 5
            bytes 5-+9/10 | hello | protocol: another range than the one from byte 5
            bytes 5 - 9/10 | hello | protocol: another range than the one from byte 5
            bytes 5-9 / 10 | hello | protocol: another range than the one from byte 5
            bytes  5-9/10 | hello | protocol: another range than the one from byte 5
            bytes=5-9/10 | hello | protocol: another range than the one from byte 5
            bytes\t5-9/10 | hello | protocol: another range than the one from byte 5
            bytes: 5-9/10 | hello | protocol: another range than the one from byte 5
            items 5-9/10 | hello | protocol: another range than the one from byte 5
            5-9/10 | hello | protocol: another range than the one from byte 5
            bytes 0x5-0x9/10 | hello | protocol: another range than the one from byte 5
            bytes 5-18446744073709551615/18446744073709551616 | hello | protocol: another range than the one from byte 5
            bytes 5-9223372036854775806/9223372036854775807 | hello | truncated: 5 bytes of a range of 9223372036854775802
            bytes 5-9223372036854775807/9223372036854775807 | hello | protocol: another range than the one from byte 5
            bytes | hello | protocol: another range than the one from byte 5
             | hello | protocol: another range than the one from byte 5
            bytes 5-9/10\xFF | hello | protocol: another range than the one from byte 5
            bytes 5-9/10 | | truncated: 0 bytes of a range of 5
            bytes 5-9/10 | hell | truncated: 4 bytes of a range of 5
            bytes 5-9/11 | | protocol: another range than the one from byte 5
            bytes 0-4/5\nContent-Range: bytes 5-9/10 | hello | whole
            bytes 5-9/10\nContent-Range: bytes 0-4/5 | hello | protocol: another range than the one from byte 5
            bytes 5-9/10\nContent-Encoding: gzip | {hello} | protocol: another range than the one from byte 5
            bytes 5-9/10\nContent-Encoding: br | hello | decode: br
            bytes 5-9/10\nContent-Encoding: identity | hello | whole
            """#, options: "resumes=5", template: #"206 Part\nTransfer-Encoding: chunked\nContent-Range: @"#)) func rest(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "Who goes on takes the whole as well; what a server says about a range that it does not have is no body",
        arguments: Row.table(
            #"""
            206 Part\nContent-Range: bytes 5-9/10\nContent-Length: 5 | hello | whole
            206 Part\nContent-Range: bytes 5-9/10\nContent-Length: 4 | hell | truncated: 4 bytes of a range of 5
            206 Part\nContent-Range: bytes 5-9/10 | hello | unproved
            HTTP/2 206 \ncontent-range: bytes 5-9/10 | hello | whole | end
            206 Part\nContent-Length: 5 | hello | protocol: another range
            206 Part\nContent-Range: bytes 5-9/10\nContent-Length: x | hello | protocol: an impossible Content-Length
            206 Part\nContent-Range: bytes 5-9/10\nTransfer-Encoding: gzip | hello | protocol: an unsupported transfer coding
            206 Part\nContent-Range: bytes 5-9/10\nContent-Length: 5 | hello | too_large: 4 bytes | max=4
            206 Part\nContent-Range: bytes 5-9/10\nContent-Length: 5 | hello | connect: lost | lost
            206 Part\nContent-Range: bytes 5-9/10\nContent-Length: 5 | hello | whole | wire
            206 Part\nContent-Range: bytes 5-9/10\nTransfer-Encoding: chunked | 5\r\nhello\r\n0\r\n\r\n | whole = hello | wire
            206 Part\nContent-Range: bytes 5-9/10\nTransfer-Encoding: chunked | 4\r\nhell\r\n0\r\n\r\n | truncated: 4 bytes of a range of 5 | wire
            416 No\nContent-Range: bytes */5\nContent-Length: 4 | oops | whole =
            416 No\nContent-Range: bytes */5 | oops | whole =
            416 No\nContent-Encoding: gzip | oops | whole =
            416 No\nContent-Length: x | oops | protocol: an impossible Content-Length
            416 No | | whole
            416 No\nContent-Length: 9 | oops | too_large: 5 bytes | max=5
            """#, options: "resumes=5")) func resumed(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "The whole in place of a part is hashed",
        arguments: Row.table(
            #"""
            200 OK\nContent-Length: 5 | hello | whole
            200 OK\nContent-Encoding: gzip | {hello} | whole = hello
            200 OK\nContent-Range: bytes 5-9/10\nContent-Length: 5 | hello | whole
            """#, options: "resumes=5")) func wholeForPart(row: Row) throws
    {
        let verdict = try #require(Exchanges.run(row, .atOnce, refuses: false, scratchSize: 64)?.verdict)
        #expect(verdict.error == nil && verdict.hash?.count == 32)
    }

    @Test(
        "A Content-Range is part of the verdict, whatever the status",
        arguments: [
            ("416 No\\nContent-Range: bytes */100", nil, nil, 100), ("206 P\\nContent-Range: bytes 0-1/2", 0, 1, 2),
            ("200 OK\\nContent-Range: bytes 3-4/*", 3, 4, nil), ("416 No\\nContent-Range: bytes 5", nil, nil, nil),
        ] as [(String, Int64?, Int64?, Int64?)])
    func contentRange(head: String, first: Int64?, last: Int64?, total: Int64?) throws {
        let row = try #require(Row.table("\(head) | | whole", options: "asks").first)
        let range = Exchanges.run(row, .atOnce, refuses: false, scratchSize: 64)?.verdict.contentRange
        #expect(range?.first == first && range?.last == last && range?.total == total)
    }

    @Test(
        "A redirect leads on only where it is followed and says where; nobody wants its body",
        arguments: Row.table(
            #"""
            301 Moved\nLocation: /a\nContent-Length: 5 | hello | whole = | follows to=/a
            302 Found\nLocation: /a\nContent-Length: 5 | hello | whole = | follows to=/a
            303 See\nLocation: /a\nContent-Length: 5 | hello | whole = | follows to=/a
            307 Temporary\nLocation: /a\nContent-Length: 5 | hello | whole = | follows to=/a
            308 Permanent\nLocation: /a\nContent-Length: 5 | hello | whole = | follows to=/a
            300 Choices\nLocation: /a\nContent-Length: 5 | hello | whole | follows
            304 Not\nLocation: /a | | whole | follows
            305 Proxy\nLocation: /a\nContent-Length: 5 | hello | whole | follows
            306 x\nLocation: /a\nContent-Length: 5 | hello | whole | follows
            309 x\nLocation: /a\nContent-Length: 5 | hello | whole | follows
            200 OK\nLocation: /a\nContent-Length: 5 | hello | whole | follows
            201 Created\nLocation: /a\nContent-Length: 5 | hello | whole | follows
            404 No\nLocation: /a\nContent-Length: 5 | hello | whole | follows
            301 Moved\nLocation: /a\nContent-Length: 5 | hello | whole
            301 Moved\nContent-Length: 5 | hello | whole | follows
            301 Moved\nLocation:\nContent-Length: 5 | hello | whole | follows
            301 Moved\nLocation: \t\nContent-Length: 5 | hello | whole | follows
            301 Moved\nLOCATION:/a\nContent-Length: 0 | | whole | follows to=/a
            301 Moved\nLocation: \t/a\t\nContent-Length: 0 | | whole | follows to=/a
            301 Moved\nLocation: http://b:8/?c#d\nContent-Length: 0 | | whole | follows to=http://b:8/?c#d
            301 Moved\nLocation: /a\nLocation: /b\nContent-Length: 0 | | whole | follows to=/b
            301 Moved\nLocation: /a\nLocation:\nContent-Length: 0 | | whole | follows to=/a
            301 Moved\nX-Location: /a\nContent-Length: 5 | hello | whole | follows
            301 Moved\nLocations: /a\nContent-Length: 5 | hello | whole | follows
            301 Moved\nLocation: /a\nContent-Length: 9 | hello | whole = | follows to=/a
            301 Moved\nLocation: /a | hello | whole = | follows to=/a
            301 Moved\nLocation: /a\nContent-Length: 9 | hello | truncated: 4 bytes remaining
            301 Moved\nLocation: /a\nContent-Length: 9 | hello | connect: lost | follows lost to=/a
            301 Moved\nLocation: /a\nContent-Length: x | hello | protocol: an impossible Content-Length | follows to=/a
            301 Moved\nLocation: /a\nTransfer-Encoding: gzip | hello | protocol: an unsupported transfer coding | follows to=/a
            301 Moved\nLocation: /a\nContent-Length: 9 | hello | too_large: 5 bytes | follows to=/a max=5
            301 Moved\nLocation: /a | hello, hello | whole = | follows to=/a max=5
            301 Moved\nLocation: /a\nContent-Length: 5 | hello | whole | follows to=/a wire
            301 Moved\nLocation: /a\nContent-Length: 5 | hell | truncated: 1 bytes remaining | follows to=/a wire
            301 Moved\nLocation: /a\nContent-Length: 5 | | whole | follows to=/a head
            """#)) func redirects(row: Row)
    {
        Exchanges.check(row)
    }
}
