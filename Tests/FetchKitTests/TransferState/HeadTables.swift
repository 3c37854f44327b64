import Testing

@testable import FetchKit

/// Status lines, interim heads, and responses that have no content (RFC 9112 sections 4 and 6.3, RFC 9110 sections 6.4.1 and 15).
@Suite("Exchanges: heads") struct HeadTables {
    @Test(
        "A status line is a version, one space, three digits, and a space or the end",
        arguments: Row.table(
            #"""
            200 OK | hello | unproved
            200 | hello | unproved
            200\x20 | hello | unproved
            200 \xE9\xFF | hello | unproved
            404 Not Found | hello | unproved
            599 x | hello | unproved
            999 x | hello | unproved
            HTTP/1.0 200 OK | hello | unproved
            HTTP/1.2 200 OK | hello | unproved
            HTTP/2 200  | hello | unproved
            HTTP/3 200  | hello | unproved
            HTTP/1.1 100 | | truncated: within its head
            HTTP/1.1  200 OK | hello | protocol: no valid status line
            HTTP/1.1\t200 OK | hello | protocol: no valid status line
            HTTP/1.1 20 OK | hello | protocol: no valid status line
            HTTP/1.1 2000 OK | hello | protocol: no valid status line
            HTTP/1.1 2x0 OK | hello | protocol: no valid status line
            HTTP/1.1 -20 OK | hello | protocol: no valid status line
            HTTP/1.1 +200 OK | hello | protocol: no valid status line
            HTTP/1.1 000 OK | hello | protocol: no valid status line
            HTTP/1.1 099 OK | hello | protocol: no valid status line
            HTTP/2 000  | hello | protocol: no valid status line
            HTTP/1.1 | hello | protocol: no valid status line
            HTTP/1.1 OK | hello | protocol: no valid status line
            HTTP/1.1 200OK | hello | protocol: no valid status line
            HTTP/1.1 200\tOK | hello | protocol: no valid status line
            HTTP/1.1 200.1 OK | hello | protocol: no valid status line
            """#)) func statusLines(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "A head that ends before its empty line is truncated, whatever came before",
        arguments: Row.table(
            #"""
            ... | | truncated: within its head
            200 OK... | | truncated: within its head
            200 OK\nContent-Length: 0... | | truncated: within its head
            200 OK\nContent-Length: 5\nX: y... | | truncated: within its head
            200 OK\nContent-Encoding: br... | | truncated: within its head
            200 OK\nContent-Length: x... | | truncated: within its head
            100 Continue... | | truncated: within its head
            100 Continue\n... | | truncated: within its head
            100 Continue\n\n103 Early\n... | | truncated: within its head
            199 x\n... | | truncated: within its head
            103 Early\nLink: x\n\n200 OK... | | truncated: within its head
            103 Early\n\n200 OK\nContent-Length: 0... | | truncated: within its head
            204 No Content... | | truncated: within its head
            301 Moved\nLocation: /a... | | truncated: within its head | follows
            206 Partial\nContent-Range: bytes 0-4/5... | | truncated: within its head | asks
            HTTP/1.1 20... | | truncated: within its head
            200 OK\nX: y... | | connect: lost | lost
            ... | | connect: lost | lost
            100 Continue\n... | | connect: lost | lost
            """#)) func cutHeads(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "Interim heads are replaced by the final one; nothing in them counts",
        arguments: Row.table(
            #"""
            100 Continue\n\n200 OK\nContent-Length: 5 | hello | whole
            103 Early\nLink: x\n\n200 OK\nContent-Length: 5 | hello | whole
            100 Continue\n\n102 Processing\n\n103 Early\n\n200 OK\nContent-Length: 5 | hello | whole
            103 Early\nContent-Length: 9\n\n200 OK\nContent-Length: 5 | hello | whole
            103 Early\nContent-Length: 9\n\n200 OK | hello | unproved
            103 Early\nTransfer-Encoding: gzip\n\n200 OK\nContent-Length: 5 | hello | whole
            103 Early\nTransfer-Encoding: chunked\n\n200 OK | hello | unproved
            103 Early\nContent-Encoding: br\n\n200 OK\nContent-Length: 5 | hello | whole
            103 Early\nLocation: /a\n\n301 OK\nContent-Length: 5 | hello | whole | follows
            103 Early\n X: y\n\n200 OK\nContent-Length: 5 | hello | whole
            199 x\n\n200 OK\nContent-Length: 5 | hello | whole
            HTTP/2 103 \nlink: x\n\nHTTP/2 200 \ncontent-length: 5 | hello | whole
            100 Continue\n\n204 No Content | | whole
            100 Continue\n\n404 Not Found\nContent-Length: 5 | hello | whole
            101 Switching\nUpgrade: x | | protocol: status 101, which is not final
            101 Switching\nUpgrade: x | hello | protocol: status 101, which is not final
            100 Continue\n\n101 Switching | hello | protocol: status 101, which is not final
            """#)) func interim(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "A head after another final one replaces it: the first was a challenge that the layer below has answered",
        arguments: Row.table(
            #"""
            401 No\nContent-Length: 9\n\n200 OK\nContent-Length: 5 | hello | whole
            401 No\nTransfer-Encoding: gzip\n\n200 OK\nContent-Length: 5 | hello | whole
            401 No\nContent-Encoding: gzip\n\n200 OK\nContent-Length: 5 | hello | whole
            407 No\nContent-Range: bytes 0-1/2\n\n200 OK | hello | unproved
            401 No\nContent-Length: 5\n\n200 OK... | | truncated: within its head
            401 No\n\n100 Continue\n\n200 OK\nContent-Length: 5 | hello | whole
            """#)) func challenges(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "HEAD, 204 and 304 have no content, so that what their heads say about it means nothing",
        arguments: Row.table(
            #"""
            200 OK\nContent-Length: 5 | | whole | head
            200 OK | | whole | head
            404 No\nContent-Length: 5 | | whole | head
            200 OK\nContent-Length: 5\nContent-Length: 6 | | whole | head
            200 OK\nContent-Length: five | | whole | head
            200 OK\nTransfer-Encoding: chunked | | whole | head
            200 OK\nTransfer-Encoding: gzip | | whole | head
            200 OK\nContent-Encoding: gzip | | whole | head
            200 OK\nContent-Encoding: br | | whole | head
            200 OK\nContent-Length: 99 | | whole | head max=5
            HTTP/2 200 \ncontent-length: 5 | | whole | head reset
            200 OK | | whole | head wire
            200 OK\nTransfer-Encoding: chunked\nContent-Encoding: gzip | | whole | head wire
            204 No Content | | whole
            204 No Content\nContent-Length: 5 | | whole
            204 No Content\nContent-Length: 5, 6 | | whole
            204 No Content\nTransfer-Encoding: chunked | | whole
            204 No Content\nTransfer-Encoding: x | | whole
            204 No Content\nContent-Encoding: br | | whole
            204 No Content\nContent-Encoding: gzip\nContent-Length: 20 | | whole
            HTTP/2 204  | | whole | reset
            304 Not Modified | | whole
            304 Not Modified\nContent-Length: 1000 | | whole
            304 Not Modified\nContent-Length: -1 | | whole
            304 Not Modified\nTransfer-Encoding: chunked, chunked | | whole
            304 Not Modified\nContent-Encoding: gzip | | whole
            304 Not Modified\nContent-Encoding: br | | whole
            304 Not Modified\nTransfer-Encoding: chunked | | whole | wire
            205 Reset\nContent-Length: 0 | | whole
            200 OK\nContent-Length: 0 | | whole
            200 OK | | unproved
            """#)) func noContent(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "Header lines are read as RFC 9112 section 5 writes them; a line break in a name and white space before the first are defects",
        arguments: Row.table(
            #"""
            200 OK\n X: y\nContent-Length: 5 | hello | protocol: white space before the first header
            200 OK\n\tX: y\nContent-Length: 5 | hello | protocol: white space before the first header
            200 OK\n Content-Length: 9\nContent-Length: 5 | hello | protocol: white space before the first header
            200 OK\nX\rY: z\nContent-Length: 5 | hello | protocol: a line break in the name
            200 OK\nX\r: z\nContent-Length: 5 | hello | protocol: a line break in the name
            200 OK\nX: y\rz\nContent-Length: 5 | hello | whole
            200 OK\nX Y: z\nContent-Length: 5 | hello | whole
            200 OK\nOdd\nContent-Length: 5 | hello | whole
            200 OK\n: empty\nContent-Length: 5 | hello | whole
            200 OK\nX:\nContent-Length: 5 | hello | whole
            200 OK\nX: y\n z\n\tw\nContent-Length: 5 | hello | whole
            200 OK\nX: y\n Content-Length: 9\nContent-Length: 5 | hello | whole
            200 OK\nX: \0\x01\xFF\nContent-Length: 5 | hello | whole
            200 OK\nX: Content-Length: 9\nContent-Length: 5 | hello | whole
            200 OK\nX\r: z | | protocol: a line break in the name | head
            204 OK\n X: z | | protocol: white space before the first header
            """#)) func headerLines(row: Row)
    {
        Exchanges.check(row)
    }
}
