import Foundation
import Testing

@testable import FetchKit

/// Bytes of a head, and what is made of them. libcurl is no part of this: it hands over lines.
@Suite("Response heads") struct HeadParserTests {
    private func parse(_ text: String) -> HeadParser {
        var parser = HeadParser()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
            Array(rest[..<end]).withUnsafeBytes { parser.receive($0) }
            rest = rest[end...]
        }
        return parser
    }

    private func fields(_ lines: String...) -> HeadParser {
        parse("HTTP/1.1 200 OK\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    private func lines(_ lines: String...) -> HeadParser { parse(lines.map { $0 + "\r\n" }.joined()) }

    @Test("Interim heads are replaced by the final one, trailers are left out") func interim() {
        let parser = lines("HTTP/1.1 103 Early", "Link: x", "", "HTTP/1.1 200 OK", "A: b", "", "Trailer: c")
        #expect(parser.isComplete && parser.statusCode == 200)
        #expect(String(decoding: parser.head.bytes, as: UTF8.self) == "HTTP/1.1 200 OK\r\nA: b\r\n\r\n")
    }

    @Test("The facts that decide about the body are noticed, whatever their case") func facts() {
        let parser = lines(
            "HTTP/1.1 302 Found", "CONTENT-length:  12 ", "content-Encoding: GZIP, identity", "Transfer-Encoding: Chunked",
            "location:\t/next ", "")
        #expect(parser.contentLength == 12 && !parser.hasConflictingLengths)
        #expect(parser.contentCodings == ["gzip"] && parser.isChunked && parser.isRedirect)
        #expect(parser.location.map { String(decoding: $0, as: UTF8.self) } == "/next")
    }

    @Test("Two lengths conflict only if they differ") func twoLengths() {
        #expect(!lines("HTTP/1.1 200 OK", "Content-Length: 5", "Content-Length: 5", "").hasConflictingLengths)
        #expect(lines("HTTP/1.1 200 OK", "Content-Length: 5", "Content-Length: 6", "").hasConflictingLengths)
    }

    @Test("HTTP/2 is called 2, as curl does") func version() {
        #expect(lines("HTTP/2 200 ", "").head.httpVersion == "2")
        #expect(lines("HTTP/1.1 200 OK", "").head.httpVersion == "1.1")
    }

    @Test("Fields are found under their name in any case", arguments: ["x-tag", "X-Tag", "X-TAG"]) func fieldNames(name: String) {
        let head = lines("HTTP/1.1 200 OK", "X-tag: a", "X-Other: b", "x-Tag: c", "").head
        #expect(head.values(of: name).map { String(decoding: $0, as: UTF8.self) } == ["a", "c"])
    }

    @Test(
        "A status line is a version, one space, three digits, and a space or the end",
        arguments: [
            ("HTTP/1.1 200 OK", 200), ("HTTP/1.1 200", 200), ("HTTP/1.0 404 ", 404), ("HTTP/2 200 ", 200), ("HTTP/1.1 999 x", 999),
            ("HTTP/1.1  200 OK", nil), ("HTTP/1.1\t200 OK", nil), ("HTTP/1.1 20 OK", nil), ("HTTP/1.1 2000 OK", nil),
            ("HTTP/1.1 2x0 OK", nil),
            ("HTTP/1.1 -20 OK", nil), ("HTTP/1.1 000 OK", nil), ("HTTP/1.1 099 OK", nil), ("HTTP/2 000 ", nil), ("HTTP/1.1", nil),
            ("HTTP/1.1 ", nil), ("HTTP/1.1 200OK", nil),
        ] as [(String, Int?)])
    func status(line: String, code: Int?) {
        let parser = parse(line + "\r\n\r\n")
        #expect(parser.isComplete && (parser.syntaxDefect == nil) == (code != nil))
        if let code { #expect(parser.statusCode == code) }
    }

    @Test(
        "Only one final chunked is a transfer coding",
        arguments: [
            (["chunked"], true), (["CHUNKED"], true), (["identity"], true), (["identity, chunked"], true), ([" chunked "], true),
            (["gzip, chunked"], false),
            (["gzip"], false), (["chunked, gzip"], false), (["chunked, foo"], false), (["foo, chunked"], false), (["identityx"], false),
            (["chunked, chunked"], false), (["chunked", "chunked"], false), (["gzip", "chunked"], false), (["chunked;q=1"], false),
            (["x-chunked"], false),
        ])
    func codings(values: [String], isFine: Bool) {
        var text = "HTTP/1.1 200 OK\r\n"
        for value in values { text += "Transfer-Encoding: \(value)\r\n" }
        #expect((parse(text + "\r\n").framingDefect == nil) == isFine)
    }

    @Test("A framing on more than one line is a defect, however it is folded", arguments: [" ", "\t", "  \t"]) func folds(blank: String) {
        #expect(fields("Transfer-Encoding:", "\(blank)chunked").framingDefect != nil)
        #expect(fields("Transfer-Encoding: gzip,", "\(blank)chunked").framingDefect != nil)
        #expect(fields("Content-Length:", "\(blank)5").framingDefect != nil)
        // Other fields are read as one line.
        let other = fields("Content-Encoding:", "\(blank)gzip", "Location: /a", "\(blank)b", "X: y", "\(blank)z")
        #expect(
            other.framingDefect == nil && other.syntaxDefect == nil && other.isGzip
                && other.location == Array("/a  ".utf8) + Array("\(blank)b".utf8))
    }

    @Test(
        "Equal lengths are one length, others a defect",
        arguments: [
            ("5", 5), ("5,5", 5), ("5, 5", 5), ("05, 5", 5), ("5,6", nil), ("5,", nil), (",5", nil), ("", nil), ("-5", nil), ("+5", nil),
            ("0x5", nil), ("5 5", nil),
            ("99999999999999999999", nil), ("9223372036854775807", .max), ("9223372036854775808", nil),
        ] as [(String, Int64?)])
    func lengths(value: String, length: Int64?) {
        let parser = fields("Content-Length: \(value)")
        #expect((parser.framingDefect == nil) == (length != nil))
        if let length { #expect(parser.contentLength == length) }
    }

    @Test("Codings that change nothing are none") func contentCodings() {
        #expect(fields("Content-Encoding: none", "Content-Encoding: identity, NONE").contentCodings.isEmpty)
        #expect(fields("Content-Encoding: none, gzip").isGzip && fields("Content-Encoding: br").contentCodings == ["br"])
    }

    @Test("White space before the first header and a line break in a name are defects") func names() {
        #expect(parse("HTTP/1.1 200 OK\r\n X: y\r\n\r\n").syntaxDefect != nil && fields("X\rY: z").syntaxDefect != nil)
        #expect(fields("X\r: z").syntaxDefect != nil && fields("X: y\rz", "X-Y: z", "Odd", "X Y: z").syntaxDefect == nil)
    }

    @Test("A head is complete at its empty line, and not before") func prefixes() {
        let text = "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\n"
        // libcurl hands over whole lines.
        let lines = text.components(separatedBy: "\r\n").dropLast()
        for count in lines.indices { #expect(!parse(lines[..<count].map { $0 + "\r\n" }.joined()).isComplete) }
        let parser = parse(text)
        #expect(parser.isComplete && parser.contentLength == 5 && parser.statusCode == 200)
    }

    @Test("Heads, trailers and interim heads are limited") func limits() {
        let line = "X-Header: \(String(repeating: "x", count: 86))\r\n"
        #expect(parse("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 1000) + "\r\n").excess == nil)
        #expect(parse("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 1100)).excess?.error.kind == .tooLarge)
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(parse(head + String(repeating: line, count: 1000)).excess == nil)
        #expect(parse(head + String(repeating: line, count: 1100)).excess?.error.kind == .tooLarge)
        let interim = "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
        #expect(parse(String(repeating: interim, count: 64) + head).excess == nil)
        #expect(parse(String(repeating: interim, count: 65)).excess?.error.kind == .protocolViolation)
    }
}

@Suite("Requests that cannot be sent") struct RequestDefectTests {
    private func defect(_ headers: [(String, String?)], body: String? = "hello") throws -> String? {
        try defect("POST", headers, body: body)
    }

    private func defect(_ method: String, _ headers: [(String, String?)], body: String? = "hello") throws -> String? {
        var request = try Request("http://h/")
        request.method = method
        request.headers = headers.map { HeaderField($0, $1) }
        request.body = body.map { .bytes(Array($0.utf8)) }
        return request.defect
    }

    @Test(
        "Line breaks and control characters are refused in methods and fields", arguments: ["\r", "\n", "\0", "\r\n", "\u{7F}", "\u{1B}"])
    func injection(bytes: String) throws {
        #expect(try defect("GET\(bytes)X", []) != nil && defect("\(bytes)", []) != nil && defect("", []) != nil)
        #expect(try defect([("X-A\(bytes)", "b")]) != nil && defect([("X-A", "b\(bytes)c")]) != nil && defect([("X-A", bytes)]) != nil)
        #expect(try defect([("X-A", "b\tc \u{E9}"), ("X-B", nil), ("X-C", "")]) == nil)
    }

    @Test("A length that is not the body's, and two framings, are refused in any combination") func framing() throws {
        #expect(try defect([("Content-Length", "5")]) == nil && defect([("transfer-encoding", "Chunked")]) == nil)
        #expect(try defect([("Content-Length", "0")], body: nil) == nil && defect([("Content-Length", nil)]) == nil)
        for value in ["4", "6", "5,5", "05", "+5", "5 ", "", "x"] { #expect(try defect([("Content-length", value)]) != nil) }
        #expect(try defect("GET", [("Content-Length", "5")], body: nil) != nil)
        #expect(try defect([("Content-Length", "5"), ("Transfer-Encoding", "chunked")]) != nil)
        #expect(try defect([("Content-Length", "5"), ("content-length", "5")]) != nil)
        #expect(try defect([("Transfer-Encoding", "chunked"), ("transfer-encoding", "chunked")]) != nil)
        for value in ["gzip, chunked", "chunked, gzip", "identity", "chunked, chunked", ""] {
            #expect(try defect([("Transfer-Encoding", value)]) != nil)
        }
        #expect(try defect("GET", [("Transfer-Encoding", "chunked")], body: nil) != nil)
    }
}
