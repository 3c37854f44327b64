// The cookies of a run. libcurl's own engine keeps them, so that its rules about domains, paths and the public suffix list hold;
// a share makes one jar of the many easy handles (https://curl.se/libcurl/c/libcurl-share.html).

internal import CCurl

/// One jar for all transfers of an event loop. Lives on the loop's thread: sharing cookies between threads is not supported.
final class CookieJar {
    private let share: UnsafeMutableRawPointer
    private let receive: (@Sendable ([String]) -> Void)?

    /// Not by `CURLOPT_COOKIEFILE`: to open a file may take for ever, and the loop would wait.
    init(_ cookies: Configuration.Cookies) {
        guard let share = curl_share_init() else { fatalError("curl_share_init: out of memory") }
        self.share = share
        receive = cookies.receive
        ccurl_share_set_long(share, CURLSHOPT_SHARE, Int(CURL_LOCK_DATA_COOKIE.rawValue))
        if cookies.lines.isEmpty { return }
        let reader = EasyHandle()
        use(in: reader)
        for line in cookies.lines where Self.isCookie(line) {
            // What is wrong in a line is no reason to end.
            _ = ccurl_easy_set_string(reader.pointer, CURLOPT_COOKIELIST, line)
        }
    }

    /// Other words are commands to libcurl, and longer lines it skips when it reads a file (its MAX_COOKIE_LINE).
    private static func isCookie(_ line: String) -> Bool {
        line.utf8.count < 5000 && (line.utf8.contains(UInt8(ascii: "\t")) || line.lowercased().hasPrefix("set-cookie:"))
    }

    deinit { curl_share_cleanup(share) }

    func use(in easy: borrowing EasyHandle) {
        easy.set(CURLOPT_SHARE, pointer: share)
        // An empty name turns the engine on.
        easy.set(CURLOPT_COOKIEFILE, "")
    }

    /// Hands the cookies to whoever wants them. Not written by libcurl (`CURLOPT_COOKIEJAR`), which tells nobody when it cannot.
    func save() {
        guard let receive else { return }
        let reader = EasyHandle()
        use(in: reader)
        var first: UnsafeMutableRawPointer?
        ccurl_easy_get_pointer(reader.pointer, CURLINFO_COOKIELIST, &first)
        defer { curl_slist_free_all(first?.assumingMemoryBound(to: curl_slist.self)) }
        var lines: [String] = []
        var next = first?.assumingMemoryBound(to: curl_slist.self)
        while let line = next?.pointee {
            lines.append(String(cString: line.data))
            next = line.next
        }
        // As in libcurl's own file, the newest of a domain come first.
        receive(lines.reversed())
    }
}
