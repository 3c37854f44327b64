import Testing

@testable import FetchKit

/// Where the body ends: lengths, transfer codings, and the end of the connection or stream (RFC 9112 section 6, RFC 9110 section 8.6).
@Suite("Exchanges: framing") struct FramingTables {
    @Test(
        "A length is digits only, or a list of equal lengths",
        arguments: Row.table(
            #"""
            5 | hello | whole
            05 | hello | whole
            0000000000000000000000000000005 | hello | whole
            \x20\x205 | hello | whole
            \t5\t | hello | whole
            5,5 | hello | whole
            5, 5 | hello | whole
            5 ,5 | hello | whole
            5\t,\t5 | hello | whole
            5, 05 | hello | whole
            5, 5, 5, 5 | hello | whole
            0 | | whole
            00 | | whole
            0, 0 | | whole
            5,6 | hello | protocol: two different Content-Length headers
            6,5 | hello | protocol: two different Content-Length headers
            5, 5, 6 | hello | protocol: two different Content-Length headers
            0, 5 | hello | protocol: two different Content-Length headers
            5, | hello | protocol: two different Content-Length headers
            5,,5 | hello | protocol: two different Content-Length headers
            5,x | hello | protocol: two different Content-Length headers
            ,5 | hello | protocol: an impossible Content-Length
            x,5 | hello | protocol: an impossible Content-Length
            , | hello | protocol: an impossible Content-Length
             | hello | protocol: an impossible Content-Length
            +5 | hello | protocol: an impossible Content-Length
            -5 | hello | protocol: an impossible Content-Length
            -0 | | protocol: an impossible Content-Length
            5.0 | hello | protocol: an impossible Content-Length
            5e0 | hello | protocol: an impossible Content-Length
            0x5 | hello | protocol: an impossible Content-Length
            5h | hello | protocol: an impossible Content-Length
            5 5 | hello | protocol: an impossible Content-Length
            5;5 | hello | protocol: an impossible Content-Length
            "5" | hello | protocol: an impossible Content-Length
            five | hello | protocol: an impossible Content-Length
            ５ | hello | protocol: an impossible Content-Length
            5\0 | hello | protocol: an impossible Content-Length
            5\r5 | hello | protocol: an impossible Content-Length
            5\x0B | hello | protocol: an impossible Content-Length
            5\xA0 | hello | protocol: an impossible Content-Length
            9223372036854775807 | hello | truncated: 9223372036854775802 bytes remaining
            9223372036854775808 | hello | protocol: an impossible Content-Length
            18446744073709551621 | hello | protocol: an impossible Content-Length
            99999999999999999999999999 | hello | protocol: an impossible Content-Length
            five | | protocol: an impossible Content-Length
            5, 6 | | protocol: two different Content-Length headers
            """#, template: #"200 OK\nContent-Length: @"#)) func lengthForms(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "A body with a length is whole when that many bytes came",
        arguments: Row.table(
            #"""
            200 OK\nContent-Length: 5 | | truncated: 5 bytes remaining
            200 OK\nContent-Length: 5 | h | truncated: 4 bytes remaining
            200 OK\nContent-Length: 5 | he | truncated: 3 bytes remaining
            200 OK\nContent-Length: 5 | hel | truncated: 2 bytes remaining
            200 OK\nContent-Length: 5 | hell | truncated: 1 bytes remaining
            200 OK\nContent-Length: 1 | | truncated: 1 bytes remaining
            404 No\nContent-Length: 5 | hel | truncated: 2 bytes remaining
            500 No\nContent-Length: 5 | hel | truncated: 2 bytes remaining | good
            HTTP/1.0 200 OK\nContent-Length: 5 | hel | truncated: 2 bytes remaining
            HTTP/2 200 \ncontent-length: 5 | hel | truncated: 2 bytes remaining | end
            HTTP/2 200 \ncontent-length: 5 | hello | whole | end
            HTTP/2 200 \ncontent-length: 5 | hello | whole | reset
            HTTP/2 200 \ncontent-length: 5 | hel | truncated: 2 bytes remaining | reset
            HTTP/3 200 \ncontent-length: 5 | hello | whole
            HTTP/3 200 \ncontent-length: 5 | hell | truncated: 1 bytes remaining
            200 OK\nContent-Length: 5\nContent-Length: 5 | hello | whole
            200 OK\nContent-Length: 5\nX: y\nContent-Length: 5 | hello | whole
            200 OK\nContent-Length: 5\nContent-Length: 05 | hello | whole
            200 OK\nContent-Length: 5\nContent-Length: 5, 5 | hello | whole
            200 OK\nContent-Length: 5\nContent-Length: 6 | hello | protocol: two different Content-Length headers
            200 OK\nContent-Length: 6\nContent-Length: 5 | hello | protocol: two different Content-Length headers
            200 OK\nContent-Length: 5\nContent-Length: 5\nContent-Length: 6 | hello | protocol: two different Content-Length headers
            200 OK\nContent-Length: 5\nContent-Length: | hello | protocol: two different Content-Length headers
            200 OK\nContent-Length: 5\nContent-Length: x | hello | protocol: two different Content-Length headers
            200 OK\nContent-Length: x\nContent-Length: 5 | hello | protocol: an impossible Content-Length
            200 OK\nContent-Length: x\nContent-Length: x | hello | protocol: an impossible Content-Length
            200 OK\ncontent-length: 5 | hell | truncated: 1 bytes remaining
            200 OK\nCONTENT-LENGTH:5 | hell | truncated: 1 bytes remaining
            200 OK\ncOnTeNt-LeNgTh: 5 | hell | truncated: 1 bytes remaining
            200 OK\nContent-Length : 6 | hello | unproved
            200 OK\nContent_Length: 6 | hello | unproved
            200 OK\nContent\rLength: 6 | hello | protocol: a line break in the name
            200 OK\nX-Content-Length: 6 | hello | unproved
            200 OK\nContent-Lengths: 6 | hello | unproved
            200 OK\nContent-Lengt: 6 | hello | unproved
            200 OK\nContent-Length 6 | hello | unproved
            """#)) func lengths(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "A length or transfer coding on more than one line is a defect; other fields are read as one line",
        arguments: Row.table(
            #"""
            200 OK\nContent-Length:\n 5 | hello | protocol: on more than one line
            200 OK\nContent-Length:\n\t5 | hello | protocol: on more than one line
            200 OK\nContent-Length: 5\n\x20 | hello | protocol: on more than one line
            200 OK\nContent-Length: 5,\n 5 | hello | protocol: on more than one line
            200 OK\nContent-Length: 5\n 5 | hello | protocol: an impossible Content-Length
            200 OK\nTransfer-Encoding:\n chunked | hello | protocol: on more than one line
            200 OK\nTransfer-Encoding:\n\tchunked | hello | protocol: on more than one line
            200 OK\nTransfer-Encoding: gzip,\n chunked | hello | protocol: on more than one line
            200 OK\nTransfer-Encoding: chunked\n\x20 | hello | protocol: on more than one line
            200 OK\nContent-Length:\n 5 | | whole | head
            304 OK\nTransfer-Encoding:\n chunked | | whole
            200 OK\nX: y\n z\nContent-Length: 5 | hello | whole
            200 OK\nContent-Length: 5\nX: y\n z | hello | whole
            200 OK\nContent-Encoding:\n gzip | {hello} | whole = hello
            200 OK\nContent-Encoding: identity,\n\tgzip | {hello} | whole = hello
            301 OK\nLocation:\n /a\nContent-Length: 0 | | whole | follows to=/a
            """#)) func folds(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "The only transfer coding is one chunked, whose end the layer below has proved",
        arguments: Row.table(
            #"""
            chunked | hello | whole
            chunked | | whole
            CHUNKED | hello | whole
            Chunked | hello | whole
             \tchunked\t | hello | whole
            ,chunked | hello | whole
            chunked, | hello | whole
            chunked ,, | hello | whole
            identity, chunked | hello | whole
            chunked, identity | hello | whole
            identity | hello | unproved
            IDENTITY, identity | hello | unproved
             | hello | unproved
            , | hello | unproved
            gzip | hello | protocol: an unsupported transfer coding
            gzip, chunked | hello | protocol: an unsupported transfer coding
            chunked, gzip | hello | protocol: an unsupported transfer coding
            chunked, chunked | hello | protocol: an unsupported transfer coding
            chunked\nTransfer-Encoding: chunked | hello | protocol: an unsupported transfer coding
            gzip\nTransfer-Encoding: chunked | hello | protocol: an unsupported transfer coding
            chunked\nTransfer-Encoding: gzip | hello | protocol: an unsupported transfer coding
            identity\nTransfer-Encoding: chunked | hello | whole
            chunked\nTransfer-Encoding: identity | hello | whole
            chunked\ntransfer-encoding: | hello | whole
            deflate | hello | protocol: an unsupported transfer coding
            compress, chunked | hello | protocol: an unsupported transfer coding
            x-chunked | hello | protocol: an unsupported transfer coding
            chunkedx | hello | protocol: an unsupported transfer coding
            xchunked | hello | protocol: an unsupported transfer coding
            identityx | hello | protocol: an unsupported transfer coding
            chunked;q=1 | hello | protocol: an unsupported transfer coding
            "chunked" | hello | protocol: an unsupported transfer coding
            chunked\0 | hello | protocol: an unsupported transfer coding
            \x0Bchunked | hello | protocol: an unsupported transfer coding
            chunked chunked | hello | protocol: an unsupported transfer coding
            chu nked | hello | protocol: an unsupported transfer coding
            gzip | | protocol: an unsupported transfer coding
            """#, template: #"200 OK\nTransfer-Encoding: @"#)) func transferCodings(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "Chunks count where there is a length as well; an impossible length is a defect all the same",
        arguments: Row.table(
            #"""
            200 OK\nContent-Length: 5\nTransfer-Encoding: chunked | hello | whole
            200 OK\nContent-Length: 9\nTransfer-Encoding: chunked | hello | whole
            200 OK\nTransfer-Encoding: chunked\nContent-Length: 9 | hello | whole
            200 OK\nTransfer-Encoding: chunked\nContent-Length: 1 | hello | whole
            200 OK\nTransfer-Encoding: chunked\nContent-Length: 5 | | whole
            200 OK\nTransfer-Encoding: chunked\nContent-Length: 5\nContent-Length: 6 | hello | protocol: two different Content-Length headers
            200 OK\nTransfer-Encoding: chunked\nContent-Length: x | hello | protocol: an impossible Content-Length
            200 OK\nTransfer-Encoding: chunked\nContent-Length: | hello | protocol: an impossible Content-Length
            200 OK\nTransfer-Encoding: identity\nContent-Length: 5 | hello | whole
            200 OK\nTransfer-Encoding: identity\nContent-Length: 6 | hello | truncated: 1 bytes remaining
            200 OK\nTransfer-Encoding: gzip\nContent-Length: 5 | hello | protocol: an unsupported transfer coding
            HTTP/1.0 200 OK\nTransfer-Encoding: chunked | hello | whole
            HTTP/1.0 200 OK\nTransfer-Encoding: chunked\nContent-Length: 5 | hello | whole
            200 OK\nTransfer-Encoding: chunked | hello | whole | none
            500 No\nTransfer-Encoding: chunked | hello | whole | none
            500 No\nTransfer-Encoding: gzip, chunked | hello | protocol: an unsupported transfer coding
            """#)) func twoFramings(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "Without length and chunks only the end of an HTTP/2 stream or of the content coding proves the end of a body",
        arguments: Row.table(
            #"""
            200 OK | hello | unproved
            HTTP/1.0 200 OK | hello | unproved
            404 No | hello | unproved
            HTTP/2 200  | hello | whole | end
            HTTP/2 200  | hello | unproved
            HTTP/2 200  | hello | truncated: the stream was reset before its end | reset
            HTTP/2 200  | | whole | end
            HTTP/2 200  | | unproved
            HTTP/2 200  | | truncated: the stream was reset before its end | reset
            HTTP/2.0 200 OK | hello | whole | end
            HTTP/2 404  | hello | truncated: the stream was reset before its end | reset
            HTTP/3 200  | hello | unproved
            200 OK\nContent-Encoding: gzip | {hello} | whole = hello
            HTTP/2 200 \ncontent-encoding: gzip | {hello} | whole = hello | end
            HTTP/2 200 \ncontent-encoding: gzip | {hello} | whole = hello | reset
            HTTP/2 200 \ncontent-encoding: gzip | {hello} | whole = hello
            HTTP/2 200 \ncontent-encoding: gzip | {hello:20} | truncated: the gzip body ends before its end | end
            HTTP/2 200 \ncontent-encoding: gzip | {hello} | truncated: the stream was reset before its end | reset unoffered
            HTTP/2 200 \ncontent-encoding: gzip | {hello} | whole | end unoffered
            HTTP/2 301 \nlocation: /a | hello | whole = | reset follows to=/a
            HTTP/2 301 \nlocation: /a | hello | truncated: the stream was reset before its end | reset
            HTTP/2 204  | | whole | end
            200 OK | hello | connect: lost | lost
            200 OK\nContent-Length: 5 | hel | connect: lost | lost
            200 OK\nContent-Length: 5 | hello | connect: lost | lost
            200 OK\nTransfer-Encoding: chunked | hel | connect: lost | lost
            200 OK\nTransfer-Encoding: gzip | | protocol: an unsupported transfer coding | lost
            200 OK\nContent-Length: 5 | hello | cancelled | cancelled
            200 OK\nTransfer-Encoding: gzip | hello | protocol: an unsupported transfer coding | lost
            200 OK\nContent-Length: x | | cancelled | cancelled
            ... | | cancelled | cancelled
            """#)) func ends(row: Row)
    {
        Exchanges.check(row)
    }

    @Test("What has ended can still be cancelled; a failure stays, and so does what is known of the body")
    func cancelledAfterTheEnd() throws {
        let row = Row.table("200 OK | hello | unproved")[0]
        for (end, kind) in [(.success(stream: nil), .cancelled), (.failure(FetchError(.connect, "lost")), .connect)]
            as [(TransferState.End, FetchError.Kind)]
        {
            var state = TransferState(row.rules)
            var sink = Exchanges.Sink(refuses: false)
            for line in row.lines { _ = line.withUnsafeBytes { state.receiveHead($0) } }
            _ = row.body.withUnsafeBytes { state.receiveBody($0, into: &sink, scratch: .init(start: nil, count: 0)) }
            #expect(state.verdict == nil)
            state.end(end)
            let verdict = state.verdict
            let before = try #require(verdict)
            state.end(.cancelled)
            #expect(state.verdict?.error?.kind == kind && state.verdict?.hash == before.hash && state.verdict?.deliveredBytes == 5)
        }
    }

    @Test("A failure while decoded bytes wait for room is the verdict") func failedWhileWaiting() {
        let row = Row.table(#"200 OK\nContent-Encoding: gzip | {hello, hello, hello} | whole"#)[0]
        for isFirst in [true, false] {
            var state = TransferState(row.rules)
            var sink = Exchanges.Sink(refuses: true)
            let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
            defer { scratch.deallocate() }
            for line in row.lines { _ = line.withUnsafeBytes { state.receiveHead($0) } }
            #expect(row.body.withUnsafeBytes { state.receiveBody($0, into: &sink, scratch: scratch) } == .take)
            #expect(row.body.withUnsafeBytes { state.receiveBody($0, into: &sink, scratch: scratch) } == .pause)
            if isFirst { state.fail(FetchError(.localResource, "no room")) }
            state.end(.success(stream: nil))
            if !isFirst {
                #expect(state.verdict == nil && state.isAwaitingRoom)
                state.fail(FetchError(.localResource, "no room"))
            }
            #expect(state.verdict?.error?.kind == .localResource && !state.isAwaitingRoom)
        }
    }
}
