// The cookies of a run. libcurl's own engine keeps them, so that its rules about domains, paths and the public suffix list hold;
// a share makes one jar of the many easy handles (https://curl.se/libcurl/c/libcurl-share.html).

internal import CCurl

/// One jar for all transfers of an event loop. Lives on the loop's thread: sharing cookies between threads is not supported.
final class CookieJar {
    private let share: UnsafeMutableRawPointer
    private let file: String?

    /// Reads the files, and says nothing of those that are not there, as curl.
    init(_ cookies: Configuration.Cookies) {
        guard let share = curl_share_init() else { fatalError("curl_share_init: out of memory") }
        self.share = share
        file = cookies.jar
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

    /// Writes the jar's file, if it has one.
    func save() {
        guard let file else { return }
        let writer = EasyHandle()
        use(in: writer)
        // Written when the handle is cleaned up.
        writer.set(CURLOPT_COOKIEJAR, file)
    }
}
