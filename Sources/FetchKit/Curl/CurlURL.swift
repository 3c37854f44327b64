// One owner for one `CURLU *`: libcurl's URL parser.

internal import CCurl

/// A URL inside libcurl's parser (https://curl.se/libcurl/c/libcurl-url.html).
struct CurlURL: ~Copyable {
    let pointer: OpaquePointer

    init() {
        guard let pointer = curl_url() else { fatalError("curl_url: out of memory") }
        self.pointer = pointer
    }

    deinit { curl_url_cleanup(pointer) }

    /// Sets the whole URL, or resolves a relative one against what is there. `bytes` must not contain a zero.
    func set(_ bytes: [UInt8]) throws(InvalidURL) {
        let flags = UInt32(CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME)
        let code = withCString(bytes) { curl_url_set(pointer, CURLUPART_URL, $0, flags) }
        try check(code)
        try check(curl_url_set(pointer, CURLUPART_FRAGMENT, nil, 0))
    }

    /// The same URL, read once more if `input` may have hidden its host: what percent signs were decoded to can be a number that
    /// stands for an address, or a name that has another form.
    consuming func settled(after input: [UInt8]) throws(InvalidURL) -> CurlURL {
        guard input.contains(where: { $0 == UInt8(ascii: "%") || $0 >= 0x80 }) else { return self }
        try checkHost()
        var known = try text()
        for _ in 0..<3 {
            let again = CurlURL()
            try again.set(Array(known.utf8))
            try again.checkHost()
            let text = try again.text()
            if text == known { return again }
            known = text
        }
        throw InvalidURL(reason: "the host is encoded more than once")
    }

    func text() throws(InvalidURL) -> String { try part(CURLUPART_URL) }

    /// International names in their ASCII form, which is what is looked up, compared and shown.
    private func part(_ part: CURLUPart) throws(InvalidURL) -> String {
        var text: UnsafeMutablePointer<CChar>?
        try check(curl_url_get(pointer, part, &text, UInt32(CURLU_NO_DEFAULT_PORT | CURLU_PUNYCODE)))
        defer { curl_free(text) }
        return String(cString: text!)
    }

    /// Some characters have an ASCII form that ends a host, such as the full-width solidus: what was one name would be another, and a
    /// path ("HostSplit"). The forbidden ones are those of libcurl, which looks at the name before it has that form.
    private func checkHost() throws(InvalidURL) {
        let host = try part(CURLUPART_HOST)
        guard !host.hasPrefix("["), let wrong = host.first(where: { #" /:#?!@{}[]\$'"^`*<>=;,+&()%|"#.contains($0) }) else { return }
        throw InvalidURL(reason: "the ASCII form of the host has a \(wrong) in it")
    }

    /// Takes user and password of another URL.
    func copyCredentials(from other: String) throws(InvalidURL) {
        let source = CurlURL()
        try source.set(Array(other.utf8))
        for part in [CURLUPART_USER, CURLUPART_PASSWORD] {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(source.pointer, part, &text, 0) == CURLUE_OK else { continue }
            defer { curl_free(text) }
            try check(curl_url_set(pointer, part, text, 0))
        }
    }

    private func check(_ code: CURLUcode) throws(InvalidURL) {
        guard code == CURLUE_OK else { throw InvalidURL(reason: String(cString: curl_url_strerror(code))) }
    }

    private func withCString<R>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> R) -> R {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count + 1) { buffer in
            _ = buffer.initialize(from: bytes)
            buffer[bytes.count] = 0
            return buffer.withMemoryRebound(to: CChar.self) { body($0.baseAddress!) }
        }
    }
}
