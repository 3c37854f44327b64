import Testing

@testable import FetchKit

/// How much of a response is taken, and which bodies are kept.
@Suite("Exchanges: limits") struct LimitTables {
    @Test(
        "A body past the limit is refused, by what its head says or by what comes; what is decoded counts",
        arguments: Row.table(
            #"""
            200 OK\nContent-Length: 5 | hello | whole | max=5
            200 OK\nContent-Length: 5 | hello | too_large: 4 bytes | max=4
            200 OK\nContent-Length: 5 | h | too_large: 4 bytes | max=4
            200 OK\nContent-Length: 5 | | truncated: 5 bytes remaining | max=4
            200 OK\nContent-Length: 0 | | whole | max=0
            200 OK\nContent-Length: 1 | x | too_large: 0 bytes | max=0
            200 OK | hello | unproved | max=5
            200 OK | hello! | too_large: 5 bytes | max=5
            200 OK | | unproved | max=0
            200 OK\nTransfer-Encoding: chunked | hello! | too_large: 5 bytes | max=5
            200 OK\nTransfer-Encoding: chunked | hello | whole | max=5
            200 OK\nTransfer-Encoding: chunked\nContent-Length: 9 | hello | too_large: 5 bytes | max=5
            404 No\nContent-Length: 9 | hello | too_large: 5 bytes | max=5
            404 No | hello! | too_large: 5 bytes | max=5 good
            200 OK | hello! | too_large: 5 bytes | max=5 none
            HTTP/2 200  | hello! | too_large: 5 bytes | max=5 end
            200 OK\nContent-Encoding: gzip | {hello} | whole = hello | max=5
            200 OK\nContent-Encoding: gzip | {hello} | too_large: 4 bytes | max=4
            200 OK\nContent-Encoding: gzip | {hel}{lo} | too_large: 4 bytes | max=4
            200 OK\nContent-Encoding: gzip | {hello:18} | too_large: 2 bytes | max=2
            200 OK\nContent-Encoding: gzip\nContent-Length: 28 | {hello} | too_large: 27 bytes | max=27
            200 OK\nContent-Encoding: gzip\nContent-Length: 28 | {hello} | whole = hello | max=28
            200 OK\nContent-Encoding: gzip | {hello^20} | decode: incorrect data check | max=5
            200 OK\nContent-Encoding: gzip | {hello^20} | too_large: 4 bytes | max=4
            200 OK\nContent-Length: x\nContent-Length: 9 | hello | too_large: 5 bytes | max=5
            200 OK\nContent-Encoding: br\nContent-Length: 9 | hello | too_large: 5 bytes | max=5
            200 OK\nTransfer-Encoding: chunked | 5\r\nhello\r\n0\r\n\r\n | whole = hello | max=5 wire
            200 OK\nTransfer-Encoding: chunked | 5\r\nhello\r\n0\r\n\r\n | too_large: 4 bytes | max=4 wire
            200 OK\nContent-Encoding: gzip | {hello} | whole = hello | max=5 wire
            200 OK\nContent-Encoding: gzip | {hello} | too_large: 4 bytes | max=4 wire
            200 OK | hello! | too_large: 5 bytes | max=5 wire
            200 OK\nContent-Encoding: gzip | {hello} | whole = hello | ratio=1
            200 OK\nContent-Length: 5 | hello | whole | ratio=1
            """#)) func sizes(row: Row)
    {
        Exchanges.check(row)
    }

    @Test(
        "Bodies that are not kept are counted, hashed and proved all the same",
        arguments: Row.table(
            #"""
            200 OK\nContent-Length: 5 | hello | whole | none
            200 OK\nContent-Length: 6 | hello | truncated: 1 bytes remaining | none
            200 OK | hello | unproved | none
            200 OK\nContent-Encoding: gzip | {hello} | whole = hello | none
            200 OK\nContent-Encoding: gzip | {hello^20} | decode: incorrect data check | none
            200 OK\nContent-Encoding: gzip | {hello:20} | truncated: the gzip body | none
            200 OK\nContent-Length: 5 | hello | whole | good
            399 x\nContent-Length: 5 | hello | whole | good
            400 No\nContent-Length: 5 | hello | whole | good
            404 No\nContent-Encoding: gzip | {hello} | whole = hello | good
            500 No\nContent-Length: 5 | hell | truncated: 1 bytes remaining | none
            """#)) func dropped(row: Row) throws
    {
        Exchanges.check(row)
        let result = try #require(Exchanges.run(row, .byteByByte, refuses: true, scratchSize: 16))
        let isKept = row.rules.kept == .successful && !row.description.hasPrefix("4")
        #expect(result.kept.isEmpty != isKept)
    }

    private static let field = "X-Header: \(String(repeating: "x", count: 86))"

    /// A row with that many lines of 98 bytes in its head or its trailers.
    private static func long(_ head: String, lines: Int, trailers: Int = 0, _ verdict: String) -> Row {
        let fields = String(repeating: "\\n\(field)", count: lines)
        let foot = trailers == 0 ? "" : "|| \(String(repeating: "\(field)\\n", count: trailers))"
        var row = Row.table("\(head)\(fields) | hello | \(verdict) | \(foot)")[0]
        row.description = "\(head), \(lines) lines and \(trailers) trailers: \(verdict)"
        return row
    }

    @Test(
        "Heads and trailers are limited to 100 KiB each, interim responses to 64",
        arguments: [
            long("200 OK\\nTransfer-Encoding: chunked", lines: 1040, "whole"),
            long("200 OK\\nTransfer-Encoding: chunked", lines: 1045, "too_large: the response head is larger than 100 KiB"),
            long("200 OK\\nTransfer-Encoding: chunked", lines: 5000, "too_large: the response head is larger than 100 KiB"),
            long("103 Early", lines: 1045, "too_large: the response head is larger than 100 KiB"),
            long("103 Early\\n\\n200 OK", lines: 1045, "too_large: the response head is larger than 100 KiB"),
            long("103 Early\\nX: y\\n\\n200 OK", lines: 1040, "unproved"),
            long("200 OK\\nTransfer-Encoding: chunked", lines: 0, trailers: 1040, "whole"),
            long("200 OK\\nTransfer-Encoding: chunked", lines: 0, trailers: 1045, "too_large: the trailers are larger than 100 KiB"),
            long("200 OK\\nTransfer-Encoding: chunked", lines: 1000, trailers: 1000, "whole"),
            long("200 OK\\nTransfer-Encoding: gzip", lines: 1045, "too_large: the response head is larger than 100 KiB"),
        ]) func longHeads(row: Row)
    {
        Exchanges.check(row, cuts: [.atOnce])
    }

    @Test("The limit of interim responses is a number", arguments: [1, 63, 64, 65, 66, 1000]) func interim(count: Int) {
        let early = String(repeating: "103 Early\\nLink: x\\n\\n", count: count)
        let verdict = count > 64 ? "protocol: more than 64 interim responses" : "whole"
        Exchanges.check(Row.table("\(early)200 OK\\nContent-Length: 5 | hello | \(verdict)")[0], cuts: [.atOnce])
    }

    @Test(
        "Trailers are not part of the head, and are not read",
        arguments: Row.table(
            #"""
            200 OK\nTransfer-Encoding: chunked | hello | whole || X: y
            200 OK\nTransfer-Encoding: chunked | hello | whole || Content-Length: 9\nTransfer-Encoding: gzip\nContent-Encoding: br
            200 OK\nTransfer-Encoding: chunked | hello | whole || Content-Length: x
            200 OK\nTransfer-Encoding: chunked | hello | whole | follows || Location: /a
            200 OK\nTransfer-Encoding: chunked | hello | whole ||  folded
            200 OK\nTransfer-Encoding: chunked | hello | whole || HTTP/1.1 500 x
            200 OK\nTransfer-Encoding: chunked | | whole || X: y
            301 OK\nTransfer-Encoding: chunked | hello | whole | follows || Location: /a
            200 OK\nTransfer-Encoding: chunked | hello | connect: lost | lost || X: y
            """#)) func trailers(row: Row)
    {
        Exchanges.check(row)
    }

    /// `count` times 258 letters in 13 bits each, by references to the letter before (RFC 1951 section 3.2.6).
    private static func bomb(_ count: Int) -> [UInt8] {
        var (bytes, bits, filled) = (gzipHeader, UInt64(0), UInt64(0))
        func add(_ value: UInt64, _ count: UInt64) {
            bits |= value << filled
            filled += count
            while filled >= 8 {
                bytes.append(UInt8(bits & 0xFF))
                (bits, filled) = (bits >> 8, filled - 8)
            }
        }
        add(0b011, 3)
        add(0b1000_1001, 8)
        // Length 258 is symbol 285, distance 1 is symbol 0; codes begin with their highest bit.
        for _ in 0..<count { add(0b00000_1010_0011, 13) }
        add(0, 7)
        add(0, 8 - filled)
        return bytes + gzipTrailer([UInt8](repeating: UInt8(ascii: "a"), count: 1 + 258 * count))
    }

    private static let large = bomb(42_000)
    private static let small = bomb(40_000)

    @Test(
        "A body that grows more than it may is refused once it is past 10 MiB",
        arguments: [
            (true, 100, false), (true, 150, false), (true, 200, true), (true, nil, true), (false, 100, true), (false, 1, true),
        ] as [(Bool, Int?, Bool)]) func ratio(isLarge: Bool, limit: Int?, isFine: Bool)
    {
        for options in ["none", "none wire"] {
            var row = Row.table("200 OK\\nContent-Encoding: gzip | | \(isFine ? "whole" : "too_large: grows more than") | \(options)")[0]
            row.body = isLarge ? Self.large : Self.small
            row.rules.maxCompressionRatio = limit
            row.rules.isHashed = false
            for cut in [Exchanges.Cut.atOnce, .inThrees] {
                let verdict = Exchanges.run(row, cut, refuses: false, scratchSize: 64 << 10)?.verdict
                #expect(verdict?.error?.kind == (isFine ? nil : .tooLarge), "\(verdict?.error?.message ?? "")")
                if isFine { #expect(verdict?.deliveredBytes == Int64(isLarge ? 1 + 258 * 42_000 : 1 + 258 * 40_000)) }
            }
        }
    }
}
