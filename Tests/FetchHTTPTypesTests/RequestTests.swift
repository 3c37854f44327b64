import FetchHTTPTypes
import FetchKit
import HTTPTypes
import Support
import Testing

@Suite("Requests of HTTPTypes") struct RequestTests {
    @Test("A request keeps method, URL, fields in their order, and content") func all() throws {
        let name = try #require(HTTPField.Name("X-Trace"))
        var fields: HTTPFields = [.accept: "text/html", name: "1", .accept: "text/plain"]
        fields[.userAgent] = ""
        let typed = HTTPRequest(method: .put, scheme: "https", authority: "example.com:8443", path: "/a?b=%20", headerFields: fields)
        let request = try Request(typed, body: .bytes([1, 2]))
        #expect(request.url.absoluteString == "https://example.com:8443/a?b=%20")
        #expect(request.text == request.url.absoluteString && request.method == "PUT" && request.body == .bytes([1, 2]))
        #expect(
            request.headers == [
                HeaderField("Accept", "text/html"), HeaderField("X-Trace", "1"), HeaderField("Accept", "text/plain"),
                HeaderField("User-Agent", ""),
            ])
    }

    @Test("Cookie fields become one, where the first of them stands") func cookies() {
        let fields: HTTPFields = [.cookie: "a=1", .accept: "*/*", .cookie: "b=2"]
        #expect([HeaderField](fields) == [HeaderField("Cookie", "a=1; b=2"), HeaderField("Accept", "*/*")])
    }

    @Test(
        "What makes no URL is an error that says what is missing",
        arguments: [
            (nil, "a", "/", "scheme"), ("http", nil, "/", "authority"), ("http", "", "/", "authority"), ("http", "a", nil, "path"),
            ("http", "a", "*", "path"), ("ftp", "a", "/", "ftp"), ("http", "a b", "/", "space"), ("http", "a@b@c", "/", "more than one @"),
        ] as [(String?, String?, String?, String)])
    func incomplete(scheme: String?, authority: String?, path: String?, reason: String) {
        let request = HTTPRequest(method: .get, scheme: scheme, authority: authority, path: path)
        let error = #expect(throws: InvalidURL.self) { try HTTPURL(request) }
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test("It is fetched like any other, and the response comes back as HTTPTypes has it") func endToEnd() async throws {
        let server = try Server.httpbin.get()
        let authority = String(server.url.dropFirst("http://".count))
        let name = try #require(HTTPField.Name("X-Answer"))
        let typed = HTTPRequest(method: .post, scheme: "http", authority: authority, path: "/response-headers?X-Answer=42")
        let outcome = try await Fetcher().fetch(Request(typed, body: .bytes([])))
        let response = try #require(outcome.response.map(HTTPResponse.init))
        #expect(response.status == .ok && response.status.reasonPhrase == "OK")
        #expect(response.headerFields[name] == "42" && response.headerFields[.contentType] == "application/json")
    }
}
