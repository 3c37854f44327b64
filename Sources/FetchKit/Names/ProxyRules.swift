// Which proxy a request goes through. Decided here and told to libcurl, because the guard judges what is dialled directly: two
// readers of the environment that disagree about one host would be a way around it.

internal import Glibc

/// The proxies of a run, from its configuration and the environment, by the rules of libcurl
/// (https://curl.se/libcurl/c/CURLOPT_PROXY.html, https://curl.se/libcurl/c/CURLOPT_NOPROXY.html).
struct ProxyRules {
    private let plain: String?
    private let secure: String?
    private let exceptions: Exceptions

    init(_ configuration: Configuration, environment: @escaping (String) -> String? = Self.variable) {
        // A variable that is empty counts as none. Only the lower-case name counts for http: a CGI program gets the other one from its
        // client.
        func first(_ names: [String]) -> String? { names.lazy.compactMap { environment($0) }.first { !$0.isEmpty } }
        let all = ["all_proxy", "ALL_PROXY"]
        if let proxy = configuration.proxy.url {
            plain = proxy.isEmpty ? nil : proxy
            secure = plain
        } else {
            plain = first(["http_proxy"] + all)
            secure = first(["https_proxy", "HTTPS_PROXY"] + all)
        }
        exceptions = Exceptions(configuration.proxy.exceptions ?? first(["no_proxy", "NO_PROXY"]) ?? "")
    }

    /// Whether any request may go through a proxy.
    var haveAny: Bool { plain != nil || secure != nil }

    /// The proxy for that origin; nil when it is asked directly.
    func proxy(for origin: Origin) -> String? {
        guard haveAny, let proxy = origin.isSecure ? secure : plain, !exceptions.contains(origin.host) else { return nil }
        return proxy
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The proxy as messages may show it.
    static func redacted(_ proxy: String) -> String {
        guard let at = proxy.utf8.lastIndex(of: UInt8(ascii: "@")) else { return proxy }
        let scheme = proxy.firstRange(of: "://").map { proxy[..<$0.upperBound] } ?? ""
        return scheme + "***" + proxy[at...]
    }

    /// Hosts that are asked directly.
    private struct Exceptions {
        private let areAll: Bool
        private var names: [String] = []
        private var ranges: [AddressRange] = []

        init(_ text: String) {
            areAll = text == "*"
            for item in text.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }) {
                if let range = AddressRange(Self.withoutBrackets(item)) {
                    ranges.append(range)
                } else {
                    let name = Self.withoutTrailingDot(item).lowercased()
                    names.append(name.hasPrefix(".") ? String(name.dropFirst()) : name)
                }
            }
        }

        func contains(_ host: String) -> Bool {
            if areAll { return true }
            if let address = NumericAddress(Self.withoutBrackets(host[...])) { return ranges.contains { $0.contains(address) } }
            let host = Self.withoutTrailingDot(host[...])
            return names.contains { !$0.isEmpty && (host == $0 || host.hasSuffix(".\($0)")) }
        }

        private static func withoutBrackets(_ text: Substring) -> String {
            String(text.hasPrefix("[") ? text.dropFirst().replacing("]", with: "") : text)
        }

        private static func withoutTrailingDot(_ name: Substring) -> Substring { name.hasSuffix(".") ? name.dropLast() : name }
    }
}

extension Configuration {
    /// Whether requests may go through a proxy: one that is set, or one that the environment names.
    package func goesThroughProxy(_ environment: @escaping (String) -> String?) -> Bool {
        ProxyRules(self, environment: environment).haveAny
    }
}
