// What a request has behind it when it was tried before. Most never have: so it is made when the first try fails, and ten
// thousand requests that wait do not pay for it.

/// The failed tries of one request.
final class RetryState {
    /// Those that count.
    private(set) var retries = 0
    /// What the last retry was paid with.
    private(set) var cost = 0
    private(set) var hadSecondChance = false
    /// Compression has failed: once more without.
    private(set) var refusesCompression = false
    /// The server does not continue a body: once more for the whole.
    private(set) var wantsWhole = false
    /// A connection that was reused has been lost: the next try must not meet another that the server has closed.
    var avoidsReuse = false
    private var http2Failures = 0
    private var requeues = 0
    /// The one that is to be made good, and why; nil after a redirect.
    var last: (hop: Hop, failure: FetchError?)?

    /// HTTP/2 has failed twice: once more without.
    var avoidsHTTP2: Bool { http2Failures > 1 }

    func add(_ result: HopResult, _ retry: Configuration.Retry.Retry) {
        retries += 1
        cost = retry.cost
        if retry.isSecondChance { hadSecondChance = true }
        if result.error?.kind == .decode || result.isCutGzip { refusesCompression = true }
        if let error = result.error, error.isHTTP2 || result.hasTriedHTTP3 && error.mayBeOfHTTP3 { http2Failures += 1 }
        if result.hop.connectionCount == 0, result.error != nil { avoidsReuse = true }
    }

    func startOver() {
        wantsWhole = true
        last = nil
    }

    /// How long to wait before a machine that has run out of something is asked again; nil when it was asked often enough.
    func requeueDelay() -> Duration? {
        requeues += 1
        return requeues > Configuration.Retry.mostRequeues ? nil : min(.seconds(1), .milliseconds(50) * (1 << min(requeues, 8)))
    }
}
