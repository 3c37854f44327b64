// A request on its way through a run: what the schedule queues and a child task carries back.

/// One request between its admission and its outcome. A class, because it changes hands several times for each hop and a
/// copy would touch a dozen reference counts.
final class Flight: @unchecked Sendable {
    // Unchecked: it has one owner at a time - the run, the schedule, or the child task that performs its hop.

    let index: Int
    /// As it is now: a redirect changes its URL, perhaps its method, perhaps its headers.
    var request: Request
    var hops: [Hop] = []
    private(set) var host: Schedule<Flight>.HostID?
    private(set) var loop: EventLoop?
    private var queuedAt = ContinuousClock.now
    private var queueTime: Duration = .zero

    init(index: Int, request: Request) {
        self.index = index
        self.request = request
    }

    /// What it costs in memory to wait, in bytes, roughly.
    var weight: Int { request.url.absoluteString.utf8.count }

    func dispatch(_ host: Schedule<Flight>.HostID, loop: EventLoop) {
        self.host = host
        self.loop = loop
        queueTime += queuedAt.duration(to: .now)
    }

    func hopRequest(_ configuration: Configuration) -> HopRequest {
        let used = hops.reduce(Duration.zero) { $0 + $1.timings.total }
        return HopRequest(
            url: request.url, method: request.method, headers: request.headers,
            followsRedirect: configuration.maxRedirects > 0,
            timeLimit: configuration.maxTime.map { $0 - used }, index: index)
    }

    /// Turns to where a redirect leads.
    func follow(_ location: [UInt8], _ configuration: Configuration) throws(FetchError) {
        guard hops.count <= configuration.maxRedirects else {
            throw .tooManyRedirects(configuration.maxRedirects)
        }
        let target: HTTPURL
        do {
            target = try request.url.resolving(location: location)
        } catch {
            throw .unusableRedirect(error.reason)
        }
        // RFC 9110 section 15.4: 303 becomes GET; so do 301 and 302 after POST, as every browser does.
        switch hops.last?.response?.statusCode {
        case 303 where request.method != "HEAD": request.method = "GET"
        case 301, 302: if request.method == "POST" { request.method = "GET" }
        default: break
        }
        if !request.url.origin.mayShareSecrets(with: target.origin) {
            request.headers.removeAll { $0.isNamed("authorization") || $0.isNamed("cookie") }
        }
        request.url = target
        queuedAt = .now
    }

    /// What is known while the body of the hop at hand streams.
    func outcome(soFar hop: Hop) -> Outcome {
        var outcome = Outcome(index: index, request: request)
        outcome.hops = hops + [hop]
        outcome.queueTime = queueTime
        return outcome
    }

    func outcome(error: FetchError?, body: Body = .empty) -> Outcome {
        var outcome = Outcome(index: index, request: request)
        outcome.hops = hops
        outcome.queueTime = queueTime
        outcome.body = body
        outcome.error = error
        if error == nil, let status = hops.last?.response?.statusCode, status >= 400 {
            outcome.error = FetchError(.http, "The requested URL returned error: \(status)", curlCode: 0)
        }
        return outcome
    }
}
