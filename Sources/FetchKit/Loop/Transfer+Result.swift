// What a transfer came to: libcurl's facts and the verdict on the response, put together once, when somebody takes them.

internal import CCurl

extension Transfer {
    func makeResult(_ verdict: consuming TransferState.Verdict, hop: consuming Hop) -> HopResult {
        hop.isLengthUnproved = verdict.isLengthUnproved
        if !setup.configuration.recording.isEmpty { hop.exchange = takeExchange() }
        let body = verdict.error == nil ? collector.take() : .empty
        if verdict.error != nil { collector.discard() }
        return HopResult(
            hop: hop, error: verdict.error, systemError: verdict.error == nil ? 0 : systemError,
            retryAfter: state.mayAskToWait ? retryAfter : nil, isCutGzip: verdict.isCutGzip, wasRefusedAnotherStart: wasLost,
            isProxied: proxy != nil, hasTriedHTTP3: isOverHTTP3, location: verdict.location, body: body,
            contentRange: verdict.contentRange, hash: verdict.hash)
    }

    private var retryAfter: Duration? { state.response?.retryAfter(now: Int((startedAt + time.microseconds) / 1_000_000)) }

    /// What is recorded of the hop: with `.wire` the body, whole or not.
    private func takeExchange() -> Exchange {
        let recordsWire = setup.configuration.recording.contains(.wire)
        return Exchange(
            of: easy, requestHead: requestHead, requestBody: requestHead.isEmpty ? nil : try? request.body?.contents(),
            wireBody: recordsWire ? collector.take() : .empty, spent: spent,
            certificates: setup.configuration.recording.contains(.certificates))
    }

    func makeHop() -> Hop {
        var hop = Hop(url: request.url, method: request.method)
        hop.response = state.response
        hop.startedAt = startedAt
        hop.bytesDownloaded = state.receivedBytes
        hop.bytesDelivered = state.deliveredBytes
        if request.url.origin.isSecure { hop.isTLSVerified = setup.configuration.tls.verifiesCertificates }
        hop.readFacts(of: easy)
        if spent > .zero {
            hop.timings = hop.timings.shifted(by: spent)
            hop.timings.nameLookup = lookUpTime
        }
        return hop
    }

    /// How long the attempts have taken.
    var time: Duration { spent + .microseconds(easy.offset(CURLINFO_TOTAL_TIME_T)) }
}
