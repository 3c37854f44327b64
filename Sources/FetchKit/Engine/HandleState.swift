// The options of an easy handle that change from request to request, or rather: seldom do. Setting one costs, so that what is
// set is remembered and compared.

internal import CCurl

/// What an easy handle is set to at the moment.
struct HandleState: Equatable {
    /// In milliseconds; 0 is libcurl's default.
    var connectTimeout = 0
    /// In milliseconds; 0 is none.
    var timeLimit = 0
    var forbidsReuse = false
    var isFresh = false
    var usesHTTP2 = false
    var waitsForPipe = false

    mutating func change(to wanted: HandleState, of easy: borrowing EasyHandle) {
        if wanted == self { return }
        if wanted.connectTimeout != connectTimeout { easy.set(CURLOPT_CONNECTTIMEOUT_MS, wanted.connectTimeout) }
        if wanted.timeLimit != timeLimit { easy.set(CURLOPT_TIMEOUT_MS, wanted.timeLimit) }
        if wanted.forbidsReuse != forbidsReuse { easy.set(CURLOPT_FORBID_REUSE, wanted.forbidsReuse ? 1 : 0) }
        // libcurl sends a request once more by itself when a connection that it reused turns out to be dead; what must not be
        // sent twice gets a connection of its own (curl, docs/KNOWN_BUGS).
        if wanted.isFresh != isFresh { easy.set(CURLOPT_FRESH_CONNECT, wanted.isFresh ? 1 : 0) }
        if wanted.usesHTTP2 != usesHTTP2 {
            easy.set(CURLOPT_HTTP_VERSION, Int(wanted.usesHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
        }
        if wanted.waitsForPipe != waitsForPipe { easy.set(CURLOPT_PIPEWAIT, wanted.waitsForPipe ? 1 : 0) }
        self = wanted
    }
}
