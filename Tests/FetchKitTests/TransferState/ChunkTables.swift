import Testing

@testable import FetchKit

/// Bodies that are recorded as they came: chunks (RFC 9112 section 7.1) and content codings are undone beside that.
@Suite("Exchanges: recorded bodies") struct ChunkTables {
    @Test(
        "The grammar of chunks",
        arguments: Row.table(
            #"""
            0\r\n\r\n | whole =
            5\r\nhello\r\n0\r\n\r\n | whole = hello
            2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n | whole = hello
            1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n | whole = hello
            5\nhello\n0\n\n | whole = hello
            5\r\nhello\n0\r\n\n | whole = hello
            05\r\nhello\r\n00\r\n\r\n | whole = hello
            0000000000000000000000005\r\nhello\r\n0000000000000000000000000\r\n\r\n | whole = hello
            A\r\n0123456789\r\n0\r\n\r\n | whole = 0123456789
            a\r\n0123456789\r\n0\r\n\r\n | whole = 0123456789
            1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n | whole = abcdefghijklmnopqrstuvwxyz
            1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n | whole = abcdefghijklmnopqrstuvwxyz
            7\r\na\r\nb\r\nc\r\n0\r\n\r\n | whole = a\r\nb\r\nc
            5\r\n0\r\n\r\n\r\n0\r\n\r\n | whole = 0\r\n\r\n
            3\r\n\0\xFF\x80\r\n0\r\n\r\n | whole = \0\xFF\x80
            5;a\r\nhello\r\n0\r\n\r\n | whole = hello
            5;a=b\r\nhello\r\n0;c=d\r\n\r\n | whole = hello
            5;a="b;c"\r\nhello\r\n0\r\n\r\n | whole = hello
            5 ; a = b\r\nhello\r\n0\r\n\r\n | whole = hello
            5\t;a\r\nhello\r\n0\r\n\r\n | whole = hello
            5;\r\nhello\r\n0\r\n\r\n | whole = hello
            5  \r\nhello\r\n0  \r\n\r\n | whole = hello
            5;\xFF\0\r\nhello\r\n0\r\n\r\n | whole = hello
            5\r\nhello\r\n0\r\nX: y\r\n\r\n | whole = hello
            5\r\nhello\r\n0\r\nX: y\r\nZ: w\r\n\r\n | whole = hello
            5\r\nhello\r\n0\nX: y\n\n | whole = hello
            5\r\nhello\r\n0\r\n folded\r\n\r\n | whole = hello
            5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n | whole = hello
            5\r\nhello\r\n0\r\n\r\nrubbish | whole = hello
            5\r\nhello\r\n0\r\n\r\n5\r\nhello\r\n0\r\n\r\n | whole = hello
            5\r\nhello\r\n0\r\n\r\n\0\0 | whole = hello
             | truncated: before its last chunk
            0 | truncated: before its last chunk
            0\r | truncated: before its last chunk
            0\r\n | truncated: before its last chunk
            0\r\n\r | truncated: before its last chunk
            0\r\nX | truncated: before its last chunk
            0\r\nX: y\r\n | truncated: before its last chunk
            0\r\nX: y\r\n\r | truncated: before its last chunk
            0;a | truncated: before its last chunk
            5 | truncated: before its last chunk
            5\r | truncated: before its last chunk
            5;a=b | truncated: before its last chunk
            5\r\n | truncated: before its last chunk
            5\r\nh | truncated: before its last chunk
            5\r\nhell | truncated: before its last chunk
            5\r\nhello | truncated: before its last chunk
            5\r\nhello\r | truncated: before its last chunk
            5\r\nhello\r\n | truncated: before its last chunk
            5\r\nhello\r\n0 | truncated: before its last chunk
            5\r\nhello\r\n0\r\n | truncated: before its last chunk
            5\r\nhello\r\n5\r\nhello\r\n | truncated: before its last chunk
            FFFFFFFFFFFFFFFF\r\nhello | truncated: before its last chunk
            7fffffffffffffff\r\nhello | truncated: before its last chunk
            8000000000000000\r\nhello | truncated: before its last chunk
            10000000000000000\r\nhello | protocol: damaged chunks
            FFFFFFFFFFFFFFFFF\r\nhello | protocol: damaged chunks
            \r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            \n | protocol: damaged chunks
            \x205\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            \t5\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            ;a\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            +5\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            -5\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            -0\r\n\r\n | protocol: damaged chunks
            0x5\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            5h\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            5,\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            5_0\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            g\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            G | protocol: damaged chunks
            hello | protocol: damaged chunks
            5\0\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            \xEF\xBC\x95\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            5\r\nhellox\r\n0\r\n\r\n | protocol: damaged chunks
            5\r\nhello0\r\n\r\n | protocol: damaged chunks
            5\r\nhello \r\n0\r\n\r\n | protocol: damaged chunks
            4\r\nhello\r\n0\r\n\r\n | protocol: damaged chunks
            6\r\nhello\r\n0\r\n\r\n | whole = hello\r
            6\r\nhello\n0\r\n\r\n | protocol: damaged chunks
            5\r\nhello\r\n\r\n0\r\n\r\n | protocol: damaged chunks
            5\r\nhello\r\nx\r\n\r\n | protocol: damaged chunks
            5\r\nhello\r\n-1\r\n\r\n | protocol: damaged chunks
            """#, head: #"200 OK\nTransfer-Encoding: chunked"#, options: "wire")) func grammar(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "What is inside chunks is decoded, and the body kept as it came; a coding that was not offered stays",
        arguments: Row.table(
            #"""
            Transfer-Encoding: chunked\nContent-Encoding: gzip | 1c\r\n{hello}\r\n0\r\n\r\n | whole = hello
            Transfer-Encoding: chunked\nContent-Encoding: gzip | a\r\n{hello:10}\r\n12\r\n$\r\n0\r\n\r\n | whole = hello
            Transfer-Encoding: chunked\nContent-Encoding: gzip | 0\r\n\r\n | whole =
            Transfer-Encoding: chunked\nContent-Encoding: gzip | 14\r\n{hello:20}\r\n0\r\n\r\n | truncated: the gzip body ends before its end
            Transfer-Encoding: chunked\nContent-Encoding: gzip | 1c\r\n{hello}\r\n | truncated: before its last chunk
            Transfer-Encoding: chunked\nContent-Encoding: gzip | 1c\r\n{hello^20}\r\n0\r\n\r\n | decode: incorrect data check
            Transfer-Encoding: chunked\nContent-Encoding: gzip | 1c\r\n{hello^20}\r\nx | decode: incorrect data check
            Transfer-Encoding: chunked\nContent-Encoding: gzip | 1c\r\n{hello}\r\nx | protocol: damaged chunks
            Transfer-Encoding: chunked\nContent-Encoding: gzip | 5\r\nplain\r\n0\r\n\r\n | decode: incorrect header check
            Transfer-Encoding: chunked\nContent-Encoding: gzip | 5\r\nplain\r\n0\r\n\r\n | whole = plain | unoffered
            Transfer-Encoding: chunked\nContent-Encoding: br | 5\r\nhello\r\n0\r\n\r\n | whole = hello
            Content-Encoding: br | hello | unproved
            Content-Encoding: gzip | {hello} | whole = hello
            Content-Encoding: gzip | {hello}{, }{world} | whole = hello, world
            Content-Encoding: gzip | {hello:20} | truncated: the gzip body ends before its end
            Content-Encoding: gzip | {hello^24} | decode: incorrect length check
            Content-Encoding: gzip\nContent-Length: 28 | {hello} | whole = hello
            Content-Encoding: gzip\nContent-Length: 29 | {hello} | truncated: 1 bytes remaining
            Content-Length: 5 | hello | whole
            Content-Length: 5 | hell | truncated: 1 bytes remaining
            Content-Length: x | hello | protocol: an impossible Content-Length
            Transfer-Encoding: gzip | hello | protocol: an unsupported transfer coding
            Transfer-Encoding: gzip, chunked | 0\r\n\r\n | protocol: an unsupported transfer coding
            Transfer-Encoding: chunked\nContent-Length: 2 | 5\r\nhello\r\n0\r\n\r\n | whole = hello
            Transfer-Encoding: identity | hello | unproved
            X: y | hello | unproved
            X: y | | unproved
            X: y | hello | connect: lost | lost
            X: y | hello | cancelled | cancelled
            Transfer-Encoding: chunked | 5\r\nhello\r\n0\r\n\r\n | whole = hello | none
            Transfer-Encoding: chunked | 5\r\nhello\r\n0\r\n\r\n | connect: lost | lost
            Transfer-Encoding: chunked | 5x | protocol: damaged chunks | lost
            """#, options: "wire", template: #"200 OK\n@"#)) func recorded(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "Over HTTP/2 there are no chunks, and without content there is nothing to prove",
        arguments: Row.table(
            #"""
            HTTP/2 200 \ntransfer-encoding: chunked | hello | whole
            HTTP/2 200  | hello | whole | end
            HTTP/2 200  | hello | truncated: the stream was reset | reset
            HTTP/2 200  | hello | unproved
            HTTP/2 200 \ncontent-encoding: gzip | {hello} | whole = hello | reset
            HTTP/1.0 200 OK\nTransfer-Encoding: chunked | 5\r\nhello\r\n0\r\n\r\n | whole = hello
            204 OK\nTransfer-Encoding: chunked | | whole
            304 OK\nTransfer-Encoding: chunked | | whole
            200 OK\nTransfer-Encoding: chunked | | whole | head
            404 No\nTransfer-Encoding: chunked | 5\r\nhello\r\n0\r\n\r\n | whole = hello | good
            302 Go\nLocation: /a\nTransfer-Encoding: chunked | 5\r\nhello\r\n0\r\n\r\n | whole = hello | follows to=/a
            302 Go\nLocation: /a\nTransfer-Encoding: chunked | 5\r\nhello\r\n | truncated: before its last chunk | follows to=/a
            """#, options: "wire")) func withoutChunks(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "Lines that only say something about chunks are limited",
        arguments: [
            ("5;", "a", 102_000, "\r\nhello\r\n0\r\n\r\n", true), ("5;", "a", 103_000, "\r\nhello\r\n0\r\n\r\n", false),
            ("5 ", " ", 103_000, "", false), ("", "0", 102_000, "5\r\nhello\r\n0\r\n\r\n", true), ("", "0", 103_000, "", false),
            ("5\r\nhello\r\n0\r\n", "X: y\r\n", 17_000, "\r\n", true), ("5\r\nhello\r\n0\r\n", "X: y\r\n", 17_100, "\r\n", false),
            ("5\r\nhello", "\r", 103_000, "", false), ("", "1;aaaaaaaaa\r\nx\r\n", 20_000, "0\r\n\r\n", true),
        ] as [(String, String, Int, String, Bool)])
    func lineLimits(start: String, piece: String, count: Int, rest: String, isFine: Bool) {
        var row = Row.table("200 OK\\nTransfer-Encoding: chunked | | whole", options: "wire")[0]
        row.body = Array((start + String(repeating: piece, count: count) + rest).utf8)
        for cut in [Exchanges.Cut.atOnce, .inThrees, .byteByByte] {
            let error = Exchanges.run(row, cut, refuses: false, scratchSize: 64)?.verdict.error
            #expect(isFine ? error == nil : error?.kind == .tooLarge, "\(cut): \(error?.message ?? "no error")")
        }
    }
}
