import Foundation
import Support
import Testing

@testable import FetchFormats
@testable import FetchKit

@Suite("Requests as lines") struct RequestLineTests {
    private func roundTrip(_ request: Request) throws -> Request? {
        let line = try #require(try request.line())
        #expect(!line.contains(UInt8(ascii: "\n")))
        var lines = RequestLine(template: RequestTemplate { .bytes(Array("of \($0)".utf8)) }, file: "list")
        guard case .request(let read)? = lines.candidate(.whole(line[...]), number: 1) else { return nil }
        return read
    }

    @Test("Are read as the same requests") func same() throws {
        var requests: [Request] = []
        for method in ["GET", "POST", "HEAD", "DELETE"] {
            for body in [nil, [], .bytes(Array("é\"\\\n\u{1}".utf8)), .bytes([0xFF, 0])] as [RequestBody?] {
                var request = try Request("http://me:pw@host/a?b=%20")
                (request.method, request.body) = (method, body)
                requests.append(request)
            }
        }
        requests[0].headers = [HeaderField("Accept", nil), HeaderField("X-Empty", ""), HeaderField("X-!", "\t\"é\\")]
        requests[1].headers = [HeaderField("X", "1"), HeaderField("x", "2"), HeaderField("x", nil)]
        requests[2].timeLimit = .milliseconds(2500)
        requests[3].timeLimit = .seconds(10)
        requests[4].credentials = Credentials(user: "u", password: "p:\"")
        (requests[5].id, requests[5].output, requests[5].sha256) = ("7 é", "a/b", Array(0..<32))
        for request in requests {
            let read = try #require(try roundTrip(request))
            #expect(read.url == request.url && read.method == request.method && read.id == request.id && read.output == request.output)
            #expect(read.timeLimit == request.timeLimit && read.credentials == request.credentials && read.sha256 == request.sha256)
            #expect(try read.body?.contents() == request.body?.contents())
            if request.headers.count != 3 { #expect(read.headers == request.headers) }
        }
        #expect(try roundTrip(requests[0])?.headers.sorted { $0.name < $1.name } == requests[0].headers.sorted { $0.name < $1.name })
        #expect(try roundTrip(requests[1])?.headers == [HeaderField("X", "1"), HeaderField("X", "2")])
    }

    @Test("Name a file that is all of the content, and hold what is only a part of it") func files() throws {
        let path = try Paths.file("content", "from a file")
        var request = try Request("http://host/")
        (request.method, request.body) = ("POST", try .file(path))
        #expect(try String(decoding: request.line() ?? [], as: UTF8.self) == #"{"url":"http://host/","body_file":"\#(path)"}"#)
        request.body = .joined([.bytes([0x41]), try .file(path)])
        #expect(try String(decoding: request.line() ?? [], as: UTF8.self) == #"{"url":"http://host/","body":"Afrom a file"}"#)
    }

    @Test("Are none where a list would refuse them for their length") func tooLong() throws {
        var request = try Request("http://host/")
        for (count, isLine) in [(LineSplitter.limit - 100, true), (LineSplitter.limit - 10, false), (LineSplitter.limit + 1, false)] {
            request.body = .bytes(Array(repeating: 0x41, count: count))
            #expect((try request.line() != nil) == isLine)
        }
    }
}
