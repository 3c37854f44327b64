// A request on its way through a run: what the schedule queues and a worker takes up.

/// One request between its admission and its outcome. A class, because it changes hands several times for each hop and a copy would
/// touch a dozen reference counts. It never leaves the dispatcher.
final class PendingRequest {
    let index: Int
    /// As it is now: a redirect changes its URL, perhaps its method, perhaps its headers.
    var request: Request
    var hops: [Hop] = []
    private(set) var ticket: Hosts.Ticket?
    /// Names the hop at hand to its event loop.
    private(set) var serial = 0
    private var queuedAt: Instant
    private var queueTime: Duration = .zero
    private var firstDispatch: Instant?

    /// Nil as long as no try has failed.
    private var failures: RetryState?
    /// Part of its body is out, so that it cannot be tried again.
    var hasStreamed = false
    /// Bytes of its body that the receiver has from this try.
    var streamed: Int64 = 0
    /// Whether the client certificate is for the origin at hand: it is for that of the list.
    private var presentsCertificate = true

    init(index: Int, request: consuming Request, now: Instant) {
        queuedAt = now
        self.index = index
        self.request = request
    }

    /// What is there already; nil also when the server did not agree to continue it, and where all of the body is to be hashed.
    var resumption: Request.Resumption? { request.sha256 != nil || failures?.wantsWhole ?? false ? nil : request.resumption }

    /// What it costs in memory to wait, in bytes, roughly.
    var weight: Int { request.url.absoluteString.utf8.count + (request.original?.count ?? 0) }

    func dispatch(_ ticket: Hosts.Ticket, serial: Int) {
        self.ticket = ticket
        self.serial = serial
        streamed = 0
        if firstDispatch == nil { firstDispatch = ticket.startedAt }
        queueTime += queuedAt.duration(to: ticket.startedAt)
    }

    func hopRequest(_ configuration: Configuration, of run: Run) -> HopRequest {
        let used = hops.isEmpty ? Duration.zero : hops.reduce(.zero) { $0 + $1.timings.total }
        return HopRequest(
            serial: serial, url: request.url, method: request.method,
            headers: resumption.map { request.headers + $0.headers } ?? request.headers,
            // A part of a compressed body is not a part of the body.
            refusesCompression: failures?.refusesCompression ?? false || resumption != nil, extras: request.extras,
            wantsWhole: resumption == nil,
            followsRedirect: configuration.http.maxRedirects > 0,
            timeLimit: (request.timeLimit ?? configuration.timeouts.total).map { $0 - used }, index: index, firstInLine: run.firstInLine,
            streaming: run.streams.mode,
            wantsFacts: run.takesSuccesses, keepsConnection: ticket!.keepsConnection, dispatchedAt: ticket!.startedAt,
            avoidsHTTP2: failures?.avoidsHTTP2 ?? false, avoidsReuse: failures?.avoidsReuse ?? false,
            presentsCertificate: presentsCertificate, isHashed: configuration.bodies.areHashed || request.sha256 != nil)
    }

    // MARK: Failures

    /// Whether and when the try that gave `result` is repeated; nil is never.
    func retry(_ result: HopResult, _ error: FetchError, _ policy: Configuration.Retry, now: Instant) -> Configuration.Retry.Retry? {
        guard !hasStreamed, policy.limit > 0 else { return nil }
        return policy.retry(attempt(result, error, now), fraction: .random(in: 0..<1))
    }

    /// Whether the request may wait for its host, or the network, to come back.
    func mayBePutBack(_ result: HopResult, _ error: FetchError, _ policy: Configuration.Retry, now: Instant) -> Bool {
        guard policy.limit > 0, mayBeSentAgain(result, error, now) else { return false }
        return policy.maxTime.map { attempt(result, error, now).sinceFirstDispatch <= $0 } ?? true
    }

    /// Whether nothing of its body is out, and a server that received it may receive it again.
    func mayBeSentAgain(_ result: HopResult, _ error: FetchError, _ now: Instant) -> Bool {
        !hasStreamed && attempt(result, error, now).mayBeRepeated
    }

    /// Whether a lost connection is no failed try: as a rule of every client, another one is taken, once.
    func mayTakeFreshConnection(_ result: HopResult, _ error: FetchError, _ now: Instant) -> Bool {
        !(failures?.avoidsReuse ?? false) && result.hasLostReusedConnection && mayBeSentAgain(result, error, now)
    }

    private func attempt(_ result: HopResult, _ error: FetchError, _ now: Instant) -> Configuration.Retry.Attempt {
        Configuration.Retry.Attempt(
            error: error, statusCode: result.hop.response?.statusCode, method: request.method, wasSent: result.hop.requestBytes > 0,
            isIdempotentByKey: request.headers.contains { $0.isNamed("idempotency-key") }, retries: retries,
            hadSecondChance: failures?.hadSecondChance ?? false,
            sinceFirstDispatch: firstDispatch.map { $0.duration(to: now) } ?? .zero, retryAfter: result.retryAfter)
    }

    private var retries: Int { failures?.retries ?? 0 }

    /// The try that comes next, if one has failed before it.
    func retry(limit: Int) -> RunMonitor.Retry? {
        failures?.last?.failure.map { RunMonitor.Retry(attempt: retries + 1, of: limit + 1, reason: $0.message) }
    }

    /// What the last retry was paid with.
    var retryCost: Int { failures?.cost ?? 0 }

    /// The try has failed and will be repeated: nothing of it stays but the count.
    func fail(_ result: HopResult, _ retry: Configuration.Retry.Retry, now: Instant) {
        putBack(result, now: now)
        failures!.add(result, retry)
    }

    /// Asks for what is missing of a body that broke off, if the server says which version it is.
    func resume(_ result: HopResult) {
        guard streamed > 0, request.sha256 == nil, let response = result.hop.response,
            response.statusCode == 200 || response.statusCode == 206,
            let validator = response.validator, response.values(of: "content-encoding").isEmpty
        else { return }
        request.resumption = Request.Resumption(offset: offset(response.statusCode) + streamed, validator: validator)
    }

    /// Asks for the whole body instead of its rest.
    func startOver(now: Instant) {
        if failures == nil { failures = RetryState() }
        failures!.startOver()
        queuedAt = now
    }

    /// The try says nothing about the request: it goes back as if it had not been made.
    func putBack(_ result: HopResult, takingFreshConnection: Bool = false, now: Instant) {
        if failures == nil { failures = RetryState() }
        if takingFreshConnection { failures!.avoidsReuse = true }
        failures!.last = (result.hop, result.failure)
        queuedAt = now
    }

    /// This machine has run out of something: when to try again, nil when that was done often enough.
    func putBackForShortage(_ result: HopResult, now: Instant) -> Duration? {
        putBack(result, now: now)
        return failures!.requeueDelay()
    }

    /// The end of a request that must not be tried, or not any more: what its own last try said, or why there was none.
    func outcome(refused: Refusal) -> Outcome {
        guard let last = failures?.last else { return outcome(error: FetchError(refused)) }
        hops.append(last.hop)
        return outcome(error: last.failure)
    }

    /// What a request ends with that waits when the run does.
    var cancellation: FetchError {
        guard let last = failures?.last?.failure else { return .cancelledUnread }
        return FetchError(.cancelled, "cancelled before another try (\(last.message))")
    }

    func outcome(cancelled error: FetchError) -> Outcome {
        if let last = failures?.last { hops.append(last.hop) }
        return outcome(error: error)
    }

    // MARK: Redirects

    /// Turns to where a redirect leads.
    func follow(_ location: [UInt8], _ configuration: Configuration, now: Instant) throws(FetchError) {
        guard hops.count <= configuration.http.maxRedirects else {
            throw .tooManyRedirects(configuration.http.maxRedirects)
        }
        let target: HTTPURL
        do {
            target = try request.url.resolving(location: location, keepingCredentials: configuration.http.trustsRedirects)
        } catch {
            throw .unusableRedirect(error.reason)
        }
        guard configuration.http.schemes.contains(target.scheme) else {
            throw .unusableRedirect("scheme \"\(target.scheme)\" is not allowed")
        }
        // RFC 9110 section 15.4: 303 becomes GET; so do 301 and 302 after POST, as every browser does.
        switch hops.last?.response?.statusCode {
        case 303 where request.method != "HEAD": becomeGET()
        case 301, 302: if request.method == "POST" { becomeGET() }
        default: break
        }
        if !configuration.http.trustsRedirects, !request.url.origin.mayShareSecrets(with: target.origin) {
            hops[hops.count - 1].withheld = withholdSecrets(from: target, configuration)
        }
        request.url = target
        failures?.last = nil
        failures?.avoidsReuse = false
        queuedAt = now
    }

    private func becomeGET() {
        request.method = "GET"
        request.body = nil
        request.headers.removeAll { $0.speaksOfContent }
    }

    /// Takes out what was given for the origin that has been left, and returns the names of that.
    private func withholdSecrets(from target: HTTPURL, _ configuration: Configuration) -> [String] {
        var withheld: [String] = []
        var kept: [HeaderField] = []
        for field in request.headers {
            if field.isHarmless || field.isForProxy {
                kept.append(field)
            } else if field.isNamed("referer"), let referer = field.referer(for: target) {
                kept.append(referer)
            } else {
                withheld.append(field.name)
            }
        }
        request.headers = kept
        if request.credentials != nil || (request.url.hasCredentials && !target.hasCredentials) { withheld.append("Authorization") }
        request.credentials = nil
        if presentsCertificate, configuration.tls.certificate != nil { withheld.append("client certificate") }
        presentsCertificate = false
        return withheld
    }

    /// What is known while the body of the hop at hand streams.
    func outcome(soFar hop: Hop) -> Outcome {
        var outcome = Outcome(index: index, request: request)
        outcome.hops = hops + [hop]
        outcome.queueTime = queueTime
        outcome.retryCount = retries
        outcome.offset = offset(hop.response?.statusCode)
        return outcome
    }

    /// Where the body begins that came with that status.
    private func offset(_ status: Int?) -> Int64 {
        guard let resumption else { return 0 }
        return status == 206 || status == 416 ? resumption.offset : 0
    }

    /// The end of a request that went well, if its body is the one that was asked for.
    func outcome(whole result: HopResult) -> Outcome {
        let isOther = request.sha256 != nil && request.sha256 != result.hash
        var outcome = outcome(
            error: isOther ? .wrongHash(result.hash ?? [], expected: request.sha256!) : nil, body: isOther ? .empty : result.body)
        outcome.sha256 = result.hash
        return outcome
    }

    func outcome(error: FetchError?, body: Body = .empty) -> Outcome {
        var outcome = Outcome(index: index, request: request)
        outcome.hops = hops
        outcome.queueTime = queueTime
        outcome.retryCount = retries
        outcome.body = body
        outcome.error = error
        if request.extras != nil, !hops.isEmpty { outcome.offset = offset(hops[hops.count - 1].response?.statusCode) }
        return outcome
    }
}
