import FetchHTTPTypes
import HTTPTypes
import Testing

@testable import FetchKit

@Suite("Responses as HTTPTypes") struct ResponseTests {
    private func head(_ status: Int, _ lines: [UInt8]...) -> ResponseHead {
        var head = ResponseHead()
        head.statusCode = status
        head.bytes = lines.flatMap { $0 + Array("\r\n".utf8) } + Array("\r\n".utf8)
        return head
    }

    @Test(
        "Status and reason are those of the status line",
        arguments: [
            ("HTTP/1.1 404 Not Found", 404, "Not Found"), ("HTTP/1.1 200", 200, ""), ("HTTP/2 200 ", 200, ""),
            ("HTTP/1.0 999  two  blanks", 999, " two  blanks"),
        ])
    func status(line: String, code: Int, reason: String) {
        let response = HTTPResponse(head(code, Array(line.utf8)))
        #expect(response.status.code == code && response.status.reasonPhrase == reason)
    }

    @Test("Fields keep their order, their names and the bytes of their values") func fields() throws {
        let latin = Array("X-Name: caf".utf8) + [0xE9]
        let fields = HTTPFields(
            head(200, Array("HTTP/1.1 200 OK".utf8), Array("Set-Cookie: a=1".utf8), latin, Array("set-cookie: b=2".utf8)))
        #expect(fields.map(\.name.rawName) == ["Set-Cookie", "X-Name", "set-cookie"])
        #expect(fields[values: .setCookie] == ["a=1", "b=2"])
        #expect(fields[1].withUnsafeBytesOfValue { Array($0) } == Array("caf".utf8) + [0xE9])
    }

    @Test("A field whose name is no token is left out, also one that would be a pseudo field") func names() {
        let lines = ["HTTP/1.1 200 OK", "a b: 1", ":status: 500", ": 2", "ok: 3"].map { Array($0.utf8) }
        #expect(HTTPFields(head(200, lines[0], lines[1], lines[2], lines[3], lines[4])).map(\.value) == ["3"])
    }
}
