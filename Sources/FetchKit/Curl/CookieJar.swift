// The cookies of a run. libcurl's own engine keeps them, so that its rules about domains, paths and the public suffix list hold;
// a share makes one jar of the many easy handles (https://curl.se/libcurl/c/libcurl-share.html).

internal import CCurl

/// One jar for all transfers of an event loop. Lives on the loop's thread: sharing cookies between threads is not supported.
final class CookieJar {
    private let share: UnsafeMutableRawPointer
    private let receive: (@Sendable ([String]) -> Void)?

    /// Reads the files, and says nothing of those that are not there, as curl.
    init(_ cookies: Configuration.Cookies) {
        guard let share = curl_share_init() else { fatalError("curl_share_init: out of memory") }
        self.share = share
        receive = cookies.receive
        ccurl_share_set_long(share, CURLSHOPT_SHARE, Int(CURL_LOCK_DATA_COOKIE.rawValue))
        for file in cookies.files {
            let reader = EasyHandle()
            use(in: reader)
            reader.set(CURLOPT_COOKIEFILE, file)
            reader.set(CURLOPT_COOKIELIST, "RELOAD")
        }
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
