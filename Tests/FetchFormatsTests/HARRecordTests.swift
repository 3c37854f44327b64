import Foundation
import Testing

@testable import FetchKit
@testable import FetchFormats

@Suite("Records of har") struct HARRecordTests {
    @Test("Any bytes in heads and bodies give valid JSON, and nothing of them is lost") func anyBytes() throws {
        var random = SystemRandomNumberGenerator()
        for round in 0..<500 {
            let (name, value, body) = (bytes(&random, 20), bytes(&random, 60), bytes(&random, 300))
            let line = Array("X-Odd".utf8) + name + Array(": ".utf8) + value + Array("\r\n".utf8)
            let cookie =
                Array("Set-Cookie: ".utf8) + bytes(&random, 60) + Array("\r\nCookie: ".utf8) + bytes(&random, 30) + Array("\r\n".utf8)
            let head = Array("HTTP/1.1 200 ".utf8) + bytes(&random, 20) + Array("\r\n".utf8) + line + cookie + Array("\r\n".utf8)
            let request = round % 3 == 0 ? bytes(&random, 200) : Array("GET / HTTP/1.1\r\n".utf8) + line + cookie
            let entry = try entry(request: request, requestBody: body, response: head, body: body)
            let content = try #require((entry["response"] as? [String: Any])?["content"] as? [String: Any])
            let text = try #require(content["text"] as? String)
            #expect((content["encoding"] == nil ? Data(text.utf8) : Data(base64Encoded: text)) == Data(body))
            let fields = try #require((entry["response"] as? [String: Any])?["headers"] as? [[String: String]])
            let expected = String(bytes: value, encoding: .utf8) ?? String(bytes: value, encoding: .isoLatin1)!
            #expect(fields.contains { Array($0["value"]!.utf8) == Array(expected.trimmed.utf8) })
        }
    }

    @Test("Cookies are told apart, those of the request by name alone") func cookies() throws {
        let response = """
            HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/x; Domain=h.test; Expires=Wed, 21-Oct-15 07:28:00 GMT; HttpOnly; SECURE\r
            Set-Cookie: none\r\nset-cookie: c=d=e; Max-Age=99999999999999999999; Expires=nonsense; SameSite=Lax\r\n\r\n
            """
        let entry = try entry(
            request: Array("GET / HTTP/1.1\r\nCookie: sid=c4n4ry; c4n4ry; x=c4n4ry\r\nX-API-Key: c4n4ry\r\n\r\n".utf8),
            response: Array(response.utf8))
        let set = try #require((entry["response"] as? [String: Any])?["cookies"] as? [[String: Any]])
        #expect(set.count == 2 && set[0]["name"] as? String == "a" && set[0]["value"] as? String == "b")
        #expect(set[0]["path"] as? String == "/x" && set[0]["domain"] as? String == "h.test")
        #expect(set[0]["httpOnly"] as? Bool == true && set[0]["secure"] as? Bool == true && set[1]["secure"] as? Bool == false)
        #expect(set[0]["expires"] as? String == "2015-10-21T07:28:00.000000Z" && set[1]["value"] as? String == "d=e")
        #expect(set[1]["expires"] as? String == "9999-12-31T23:59:59.000000Z")
        let request = try #require(entry["request"] as? [String: Any])
        let sent = try #require(request["cookies"] as? [[String: String]])
        #expect(sent.map { $0["name"] } == ["sid", "", "x"] && sent.allSatisfy { $0["value"] == "***" })
        #expect(!"\(request)".contains("c4n4ry"))
    }

    @Test(
        "Dates of cookies are read as browsers do",
        arguments: [
            ("Wed, 21 Oct 2015 07:28:00 GMT", 1_445_412_480), ("Wednesday, 21-Oct-15 7:28:00 GMT", 1_445_412_480),
            ("Wed Oct 21 07:28:00 2015", 1_445_412_480), ("29 feb 2000 23:59:59", 951_868_799), ("1 Jan 1970 00:00:00", 0),
            ("31 Dec 9999 23:59:59", CookieDate.latest), ("32 Jan 2000 00:00:00", nil), ("1 Jan 2000 24:00:00", nil), ("1 Jan 2000", nil),
            ("", nil), ("99999999999999999999999", nil),
        ] as [(String, Int?)]) func dates(text: String, expected: Int?)
    {
        #expect(CookieDate.seconds(Array(text.utf8)[...]) == expected)
    }

    @Test("Moments that contradict each other give phases that add up all the same") func oddMoments() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var hop = Hop(url: try HTTPURL("https://h/"), method: "GET")
            let moment = { (random: inout SystemRandomNumberGenerator) in
                Duration.microseconds(Bool.random(using: &random) ? Int.random(in: -50...1000, using: &random) : 0)
            }
            hop.timings.nameLookup = moment(&random)
            hop.timings.connect = moment(&random)
            hop.timings.appConnect = moment(&random)
            hop.timings.preTransfer = moment(&random)
            hop.timings.startTransfer = moment(&random)
            hop.timings.total = moment(&random)
            hop.connectionCount = Int.random(in: 0...1, using: &random)
            hop.remoteAddress = Bool.random(using: &random) ? "::1" : nil
            hop.isTLSVerified = true
            if Bool.random(using: &random) { hop.exchange = exchange([], nil, postTransfer: moment(&random)) }
            let phases = HARTimings(hop)
            let all = [phases.blocked, phases.dns ?? 0, phases.connect ?? 0, phases.ssl ?? 0, phases.send, phases.wait, phases.receive]
            #expect(all.allSatisfy { $0 >= 0 } && phases.sum == max(0, hop.timings.total.microseconds), "\(hop.timings)")
            #expect((phases.ssl ?? 0) <= (phases.connect ?? 0))
        }
    }

    @Test("Sending is told from waiting where libcurl tells when it was done") func postTransfer() throws {
        var hop = Hop(url: try HTTPURL("http://h/"), method: "POST")
        (hop.timings.nameLookup, hop.timings.connect) = (.microseconds(1000), .microseconds(3000))
        (hop.timings.preTransfer, hop.timings.startTransfer) = (.microseconds(3100), .microseconds(9000))
        hop.timings.total = .microseconds(9500)
        hop.connectionCount = 1
        hop.exchange = exchange([], nil, postTransfer: .microseconds(5000))
        let phases = HARTimings(hop)
        #expect(phases.dns == 1000 && phases.connect == 2000 && phases.ssl == nil && phases.blocked == 100)
        #expect(phases.send == 1900 && phases.wait == 4000 && phases.receive == 500)
    }

    // MARK: Parts

    private func entry(request: [UInt8], requestBody: [UInt8]? = nil, response: [UInt8], body: [UInt8] = []) throws -> [String: Any] {
        let memory = BodyMemory(limit: 1 << 20)
        var hop = Hop(url: try HTTPURL("http://h/?a=%FF&%3D"), method: "GET")
        hop.response = ResponseHead()
        hop.response?.bytes = response
        hop.response?.statusCode = 200
        hop.exchange = exchange(request, requestBody, postTransfer: nil)
        var outcome = Outcome(index: 0, request: try Request("http://h/"))
        outcome.hops = [hop]
        memory.overdraw(body.count)
        outcome.body = Body(bytes: body, reservedIn: memory)
        let sink = CollectingSink()
        let format = HARFormat(FormatSettings(clock: { 0 }, random: { 0 }))
        let outlets = Outlets(sink)
        try format.encodeHead(into: outlets)
        _ = try format.encode(Record(outcome, bodies: .all), into: outlets)
        let whole = try JSONSerialization.jsonObject(with: Data(sink.bytes + format.trailer)) as? [String: Any]
        return try #require((whole?["log"] as? [String: Any])?["entries"] as? [[String: Any]])[0]
    }

    private func exchange(_ head: [UInt8], _ body: [UInt8]?, postTransfer: Duration?) -> Exchange {
        Exchange(
            requestHead: head, requestBody: body, wireBody: .empty, localAddress: nil, localPort: nil, connectionID: 1,
            postTransfer: postTransfer, verifyResult: 0, proxyVerifyResult: 0, connectCode: 0, usedProxy: nil,
            uploadSpeed: 0, certificates: [])
    }

    /// Any bytes but line ends, half of the time ASCII.
    private func bytes(_ random: inout SystemRandomNumberGenerator, _ most: Int) -> [UInt8] {
        let highest: UInt8 = Bool.random(using: &random) ? 0x7F : 0xFF
        return (0..<Int.random(in: 0...most, using: &random)).map { _ in UInt8.random(in: 0...highest, using: &random) }.filter {
            $0 != 0x0A && $0 != 0x3A
        }
    }
}

extension String {
    /// Without what is white space around a header's value.
    fileprivate var trimmed: String { trimmingCharacters(in: CharacterSet(charactersIn: "\t\r\n ")) }
}
