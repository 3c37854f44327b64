// Which failure is tried again, and when. Transient ones only, and only what may be sent twice (RFC 9110 section 9.2.2).

extension Configuration.Retry {
    static let longestDelay = Duration.seconds(60)
    static let baseOfThrottled = Duration.seconds(1)
    static let baseOfOther = Duration.milliseconds(500)
    /// So often a request that found this machine exhausted is put back before it fails.
    static let mostRequeues = 10

    /// What a failed try is like.
    struct Attempt {
        var error: FetchError
        var statusCode: Int?
        var method: String
        /// Whether any byte of the request may have reached the server.
        var wasSent: Bool
        var isIdempotentByKey: Bool
        /// Tries after the first one, so far.
        var retries: Int
        /// Whether this request was retried before for the same reason, where one retry has to do.
        var hadSecondChance: Bool
        var sinceFirstDispatch: Duration
        var retryAfter: Duration?

        /// Whether the request may be sent again (RFC 9110 section 9.2.2).
        var mayBeRepeated: Bool {
            HTTPMethod.isIdempotent(method) || !wasSent || statusCode == 429 || isIdempotentByKey
        }
    }

    struct Retry: Equatable {
        var delay: Duration
        var cost: Int
        /// There is no third try of this kind.
        var isSecondChance = false
    }

    /// Whether and when a failed try is repeated; nil is never. `fraction` is a random number from 0 up to 1.
    func retry(_ attempt: Attempt, fraction: Double) -> Retry? {
        let transience = Transience(attempt)
        guard attempt.retries < limit, transience != .none || (retriesAllErrors && attempt.error.kind.mayBeOtherwise) else { return nil }
        if transience == .once && attempt.hadSecondChance { return nil }
        guard attempt.mayBeRepeated else { return nil }
        if let asked = attempt.retryAfter, asked > longestRetryAfter { return nil }
        let isThrottled = attempt.statusCode == 429 || attempt.statusCode == 503
        let base = isThrottled ? Self.baseOfThrottled : Self.baseOfOther
        // Full jitter: whoever failed together does not come back together.
        let backoff = min(Self.longestDelay, base * (1 << min(attempt.retries, 10))) * fraction
        var wait = max(delay ?? backoff, attempt.error.kind.lifetime)
        if let asked = attempt.retryAfter { wait = max(wait, asked * (1 + fraction / 10)) }
        if let maxTime, attempt.sinceFirstDispatch + wait > maxTime { return nil }
        return Retry(
            delay: wait, cost: isThrottled ? RetryBudget.costOfThrottled : RetryBudget.costOfOther,
            isSecondChance: transience == .once)
    }
}

/// Whether a failure may pass by itself.
private enum Transience {
    case none
    case once
    case lasting

    init(_ attempt: Configuration.Retry.Attempt) {
        switch attempt.error.kind {
        // As in curl, a time limit of the user's own is for each attempt.
        case .connect, .dnsTemporary, .timeoutConnect, .timeoutFirstByte, .timeoutStall, .timeoutTotal, .truncated: self = .lasting
        case .decode: self = .once
        // 35 is a handshake that failed; all others are verdicts about certificates.
        case .tls: self = attempt.error.curlCode == 35 ? .once : .none
        // 16, 92 and 95 are the framing of HTTP/2 and HTTP/3, 18 and 52 are a connection that was closed without an answer.
        case .protocolViolation: self = [16, 18, 52, 92, 95].contains(attempt.error.curlCode) ? .lasting : .none
        case .http:
            let statuses: Set = [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]
            self = attempt.statusCode.map { statuses.contains($0) } ?? false ? .lasting : .none
        case .input, .dnsPermanent, .integrity, .tooLarge, .redirect, .blocked, .hostDown, .localResource, .output,
            .cancelled,
            .internal:
            self = .none
        }
    }
}

extension FetchError.Kind {
    /// How long the resolver remembers it: an earlier try would have the same answer without anybody being asked.
    fileprivate var lifetime: Duration {
        switch self {
        case .dnsTemporary: Resolver.lifetimeOfFailure
        case .dnsPermanent: Resolver.lifetimeOfAbsence
        default: .zero
        }
    }

    /// False for what a second try cannot change, or must not.
    fileprivate var mayBeOtherwise: Bool {
        switch self {
        case .input, .blocked, .output, .cancelled, .internal, .hostDown, .redirect: false
        default: true
        }
    }
}
