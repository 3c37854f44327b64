import Testing

@testable import FetchKit

/// Content codings (RFC 9110 section 8.4, RFC 1952).
@Suite("Exchanges: content codings") struct CodingTables {
    @Test(
        "gzip is undone where it was offered; codings that change nothing are none, others cannot be undone",
        arguments: Row.table(
            #"""
            gzip | {hello} | whole = hello
            GZIP | {hello} | whole = hello
            x-gzip | {hello} | whole = hello
            X-Gzip | {hello} | whole = hello
             gzip\t | {hello} | whole = hello
            gzip, | {hello} | whole = hello
            ,gzip | {hello} | whole = hello
            identity, gzip | {hello} | whole = hello
            gzip, identity | {hello} | whole = hello
            none, gzip | {hello} | whole = hello
            identity\nContent-Encoding: gzip | {hello} | whole = hello
            gzip\nContent-Encoding: none | {hello} | whole = hello
            gzip | | whole
            identity | hello | unproved
            IDENTITY | hello | unproved
            none | hello | unproved
            identity, none | hello | unproved
             | hello | unproved
            , , | hello | unproved
            br | hello | decode: br; only gzip was offered
            deflate | hello | decode: deflate; only gzip was offered
            zstd | hello | decode: zstd; only gzip was offered
            compress | hello | decode: compress; only gzip was offered
            BR | hello | decode: br; only gzip was offered
            gzipped | {hello} | decode: gzipped; only gzip was offered
            xgzip | {hello} | decode: xgzip; only gzip was offered
            gzip;q=1 | {hello} | decode: gzip;q=1; only gzip was offered
            gzip gzip | {hello} | decode: gzip gzip; only gzip was offered
            "gzip" | {hello} | decode: "gzip"; only gzip was offered
            utf-8 | hello | decode: utf-8; only gzip was offered
            aws-chunked | hello | decode: aws-chunked; only gzip was offered
            gzip, gzip | {hello} | decode: gzip, gzip; only gzip was offered
            gzip, x-gzip | {hello} | decode: gzip, x-gzip; only gzip was offered
            gzip, br | {hello} | decode: gzip, br; only gzip was offered
            br, gzip | {hello} | decode: br, gzip; only gzip was offered
            gzip\nContent-Encoding: gzip | {hello} | decode: gzip, gzip; only gzip was offered
            br | | decode: br; only gzip was offered
            br | hello | unproved | unoffered
            gzip | {hello} | unproved | unoffered
            gzip | plain | unproved | unoffered
            br\nContent-Length: 5 | hello | whole | unoffered
            gzip | {hello} | whole = hello | none
            """#, template: #"200 OK\nContent-Encoding: @"#)) func codings(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "With an error status a coding that was not offered is left as it is; a redirect that is followed is not decoded",
        arguments: Row.table(
            #"""
            404 No\nContent-Encoding: br | hello | unproved
            500 No\nContent-Encoding: br\nContent-Length: 5 | hello | whole
            500 No\nContent-Encoding: gzip, gzip\nContent-Length: 5 | hello | whole
            503 No\nContent-Encoding: gzip | {hello} | whole = hello
            503 No\nContent-Encoding: gzip | plain | decode: incorrect header check
            399 No\nContent-Encoding: br | hello | decode: br; only gzip was offered
            400 No\nContent-Encoding: br | hello | unproved
            301 Moved\nContent-Encoding: br | hello | decode: br; only gzip was offered
            301 Moved\nContent-Encoding: br\nLocation: /a | hello | decode: br; only gzip was offered
            301 Moved\nContent-Encoding: br\nLocation: /a | hello | whole = | follows to=/a
            302 Found\nContent-Encoding: gzip\nLocation: /a | plain | whole = | follows to=/a
            302 Found\nContent-Encoding: gzip | {hello} | whole = hello | follows
            204 None\nContent-Encoding: br | | whole
            """#)) func otherStatuses(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "A gzip body is whole at the end of a member, with the right checksum and length; members follow each other, zeros pad the last",
        arguments: Row.table(
            #"""
            {} | whole =
            {a} | whole = a
            {hello}{, }{world} | whole = hello, world
            {}{}{} | whole =
            {hello}{} | whole = hello
            {hello}\0 | whole = hello
            {hello}\0\0\0\0\0\0\0\0\0 | whole = hello
            {hello}{ you}\0\0 | whole = hello you
            {hello}\0\0{ you} | whole = hello you
            \x1F\x8B\x08\x01\0\0\0\0\0\x03$ | whole = hello
            \x1F\x8B\x08\0\x01\x02\x03\x04\x02\xFF$ | whole = hello
            \x1F\x8B\x08\x04\0\0\0\0\0\x03\x03\0abc$ | whole = hello
            \x1F\x8B\x08\x04\0\0\0\0\0\x03\0\0$ | whole = hello
            \x1F\x8B\x08\x08\0\0\0\0\0\x03name\0$ | whole = hello
            \x1F\x8B\x08\x10\0\0\0\0\0\x03comment\n\0$ | whole = hello
            \x1F\x8B\x08\x1C\0\0\0\0\0\x03\x01\0xname\0comment\0$ | whole = hello
            \x1F\x8B\x08\x00\0\0\0\0\0\x03\x03\x00\0\0\0\0\0\0\0\0 | whole =
            {hello\r\nhello\r\n} | whole = hello\r\nhello\r\n
            \x1F\x8B\x08\x02\0\0\0\0\0\x03\0\0$ | decode: header crc mismatch
            \x1F\x8B\x08\x20\0\0\0\0\0\x03$ | decode: unknown header flags set
            \x1F\x8B\x08\xE0\0\0\0\0\0\x03$ | decode: unknown header flags set
            \x1F\x8B\x07\0\0\0\0\0\0\x03$ | decode: unknown compression method
            \x1F\x8B\x08\0\0\0\0\0\0\x03\x07 | decode: invalid block type
            \x1F\x8B\x08\0\0\0\0\0\0\x03\x05\xE0\x81\x08 | truncated: the gzip body ends before its end
            plain | decode: incorrect header check
            h | truncated: the gzip body ends before its end
            \0 | truncated: the gzip body ends before its end
            \0\0 | decode: incorrect header check
            \x78\x9C\x03\0\0\0\0\x01 | decode: incorrect header check
            {hello^0} | decode: incorrect header check
            {hello^1} | decode: incorrect header check
            {hello^2} | decode: unknown compression method
            {hello^3} | whole = hello
            {hello^4} | whole = hello
            {hello^8} | whole = hello
            {hello^9} | whole = hello
            {hello^11} | decode: invalid stored block lengths
            {hello^12} | decode: invalid stored block lengths
            {hello^14} | decode: invalid stored block lengths
            {hello^15} | decode: incorrect data check
            {hello^19} | decode: incorrect data check
            {hello^20} | decode: incorrect data check
            {hello^23} | decode: incorrect data check
            {hello^24} | decode: incorrect length check
            {hello^27} | decode: incorrect length check
            {hello}\x01 | truncated: the gzip body ends before its end
            {hello}rubbish | decode: incorrect header check
            {hello}\0rubbish | decode: incorrect header check
            {hello}{world^0} | decode: incorrect header check
            {hello}{world^20} | decode: incorrect data check
            {hello:1} | truncated: the gzip body ends before its end
            {hello:2} | truncated: the gzip body ends before its end
            {hello:9} | truncated: the gzip body ends before its end
            {hello:10} | truncated: the gzip body ends before its end
            {hello:11} | truncated: the gzip body ends before its end
            {hello:13} | truncated: the gzip body ends before its end
            {hello:15} | truncated: the gzip body ends before its end
            {hello:17} | truncated: the gzip body ends before its end
            {hello:20} | truncated: the gzip body ends before its end
            {hello:22} | truncated: the gzip body ends before its end
            {hello:24} | truncated: the gzip body ends before its end
            {hello:27} | truncated: the gzip body ends before its end
            {hello}{world:1} | truncated: the gzip body ends before its end
            {hello}{world:16} | truncated: the gzip body ends before its end
            {hello}\0{world:27} | truncated: the gzip body ends before its end
            """#, head: #"200 OK\nContent-Encoding: gzip"#)
    ) func members(row: Row) {
        Exchanges.check(row)
    }

    @Test(
        "A gzip body is proved twice where it also has a length or chunks",
        arguments: Row.table(
            #"""
            Content-Length: 28 | {hello} | whole = hello
            Content-Length: 29 | {hello} | truncated: 1 bytes remaining
            Content-Length: 29 | {hello}\0 | whole = hello
            Content-Length: 28 | {hello:20} | truncated: 8 bytes remaining
            Content-Length: 20 | {hello:20} | truncated: the gzip body ends before its end |
            Content-Length: 0 | | whole
            Content-Length: 5 | | truncated: 5 bytes remaining
            Content-Length: 5 | plain | decode: incorrect header check
            Transfer-Encoding: chunked | {hello} | whole = hello
            Transfer-Encoding: chunked | {hello:20} | truncated: the gzip body ends before its end |
            Transfer-Encoding: chunked | | whole
            Transfer-Encoding: gzip | {hello} | protocol: an unsupported transfer coding
            X: y | {hello:20} | connect: lost | lost
            X: y | {hello} | connect: lost | lost
            X: y | {hello^20} | decode: incorrect data check | lost
            X: y | {hello} | cancelled | cancelled
            X: y | {hello:20} | cancelled | cancelled
            """#, template: #"200 OK\nContent-Encoding: gzip\n@"#)) func twoProofs(row: Row)
    {
        Exchanges.check(row)
    }
}
