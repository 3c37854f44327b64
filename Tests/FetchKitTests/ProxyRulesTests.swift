import Testing

@testable import FetchKit

/// The rules are those of libcurl's `lib/noproxy.c` and `detect_proxy`.
@Suite("Proxy rules") struct ProxyRulesTests {
    private func proxy(_ url: String, _ environment: [String: String], _ change: (inout Configuration) -> Void = { _ in }) throws -> String?
    {
        var configuration = Configuration()
        change(&configuration)
        return ProxyRules(configuration) { environment[$0] }.proxy(for: try HTTPURL(url).origin)
    }

    @Test("The environment names a proxy for each scheme, and one for all") func environment() throws {
        let all = ["http_proxy": "p1", "https_proxy": "p2", "all_proxy": "p3"]
        #expect(try proxy("http://h/", all) == "p1" && proxy("https://h/", all) == "p2")
        #expect(try proxy("http://h/", ["ALL_PROXY": "p3"]) == "p3" && proxy("https://h/", ["HTTPS_PROXY": "p4"]) == "p4")
        // The upper-case name is what a client can set for a CGI program.
        #expect(try proxy("http://h/", ["HTTP_PROXY": "p5"]) == nil)
        #expect(try proxy("http://h/", ["http_proxy": "", "all_proxy": "p3"]) == "p3")
        #expect(try proxy("http://h/", all) { $0.proxy.url = "" } == nil)
        #expect(try proxy("http://h/", all) { $0.proxy.url = "mine" } == "mine")
    }

    static let hosts: [(list: String, host: String, isDirect: Bool)] = [
        ("*", "h.test", true), ("h.test", "h.test", true), ("h.test", "H.TEST", true), ("h.test", "a.h.test", true),
        ("h.test", "ah.test", false), (".h.test", "h.test", true), (".h.test", "a.h.test", true), ("a.h.test", "h.test", false),
        ("x, h.test", "h.test", true), ("x h.test", "h.test", true), ("h.test.", "h.test", true), ("h.test", "h.test.", true),
        ("127.0.0.1", "127.0.0.1", true), ("127.0.0.0/8", "127.9.9.9", true), ("127.0.0.0/8", "128.0.0.1", false),
        ("0.0.1", "127.0.0.1", false), ("::1", "[::1]", true), ("[::1]", "[::1]", true), ("fd00::/8", "[fd12::1]", true),
        ("localhost", "localhost", true), ("local", "localhost", false), ("", "h.test", false), (",", "h.test", false),
        (".", "h.test", false),
    ]

    @Test("Hosts that are asked directly", arguments: hosts) func exceptions(list: String, host: String, isDirect: Bool) throws {
        for name in ["no_proxy", "NO_PROXY"] {
            #expect((try proxy("http://\(host)/", ["all_proxy": "p", name: list]) == nil) == isDirect)
        }
        #expect(
            (try proxy("http://\(host)/", ["no_proxy": "other"]) { ($0.proxy.url, $0.proxy.exceptions) = ("p", list) } == nil) == isDirect)
    }

    @Test("A proxy is shown without its password") func redacted() {
        #expect(ProxyRules.redacted("http://u:p@h:1") == "http://***@h:1" && ProxyRules.redacted("u:p@x@h") == "***@h")
        #expect(ProxyRules.redacted("h:1") == "h:1")
    }
}
