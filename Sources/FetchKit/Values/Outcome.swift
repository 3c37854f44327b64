// What became of one candidate: the value that writers, statistics and library users get.

/// The end of one request: its response, or why there is none.
public struct Outcome: Sendable {
    /// 0-based position in the input.
    public private(set) var index: Int
    /// The URL as the user wrote it, credentials masked; for rejected input the text that stood there.
    public private(set) var text: String
    /// `Request.id`.
    public private(set) var id: String?
    /// `Request.source`.
    public private(set) var source: Request.Source?
    /// What was read, credentials included, where the request says so (`Request.original`).
    public private(set) var original: [UInt8]?
    /// The exchanges in order: redirects first, the final one last. Empty when nothing was dispatched.
    public internal(set) var hops: [Hop] = []
    /// Nil when all went well.
    public package(set) var error: FetchError?
    /// The final response's body after content decoding; empty when the run does not keep bodies.
    public internal(set) var body = Body.empty
    /// Where the body begins: what comes before was there already (`Request.resumption`).
    public internal(set) var offset: Int64 = 0
    /// The SHA-256 of the body after content decoding, 32 bytes; nil unless `Configuration.bodies.areHashed` or `Request.sha256` asks for it.
    public internal(set) var sha256: [UInt8]?
    /// Time spent waiting for the schedule.
    public internal(set) var queueTime: Duration = .zero
    /// Tries after the first one.
    public internal(set) var retryCount = 0

    /// Whether all went well: the body is whole and the status below 400.
    public var isOK: Bool { error == nil }

    /// The receiver had no need of it: nothing was asked.
    public var isSkipped: Bool { isOK && hops.isEmpty }

    /// The final response; nil when there was none.
    public var response: ResponseHead? { hops.isEmpty ? nil : hops[hops.count - 1].response }

    /// Whether the final response came over verified TLS; nil without TLS.
    public var isTLSVerified: Bool? { hops.isEmpty ? nil : hops[hops.count - 1].isTLSVerified }

    /// The moments of the last hop, counted from the first dispatch, waits of the schedule left out; `total` is the sum over
    /// the hops.
    public var timings: Timings {
        hops.isEmpty ? Timings() : hops[hops.count - 1].timings.shifted(by: redirectTime)
    }

    /// What all hops before the last one took.
    public var redirectTime: Duration {
        hops.indices.dropLast().reduce(.zero) { $0 + hops[$1].timings.total }
    }

    /// The sum of a count over all hops.
    public func sum(_ count: (Hop) -> Int64) -> Int64 {
        hops.indices.reduce(0) { $0 + count(hops[$1]) }
    }

    /// Connections made for this request over all hops; 0 when all were reused.
    public var connectionCount: Int { hops.indices.reduce(0) { $0 + hops[$1].connectionCount } }

    init(index: Int, request: Request, error: FetchError? = nil) {
        self.error = error
        self.index = index
        text = request.text
        id = request.id
        source = request.source
        original = request.original
    }

    /// The same for an equal request at another place.
    func repeated(at index: Int, for request: Request) -> Outcome {
        var outcome = self
        (outcome.index, outcome.text, outcome.id, outcome.source) = (index, request.text, request.id, request.source)
        outcome.original = request.original
        return outcome
    }

    init(index: Int, rejected: RejectedInput) {
        self.index = index
        text = rejected.text
        id = nil
        source = rejected.source
        original = rejected.original
        error = FetchError(.input, rejected.reason)
    }
}
