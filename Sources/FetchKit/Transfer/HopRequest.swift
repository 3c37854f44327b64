// What crosses between a run and an event loop: one hop to carry out, and what became of it.

/// One hop to carry out. A class, because it is handed on a dozen times and a copy would touch as many reference counts.
final class HopRequest: Sendable {
    /// Names the hop among all of its fetcher.
    let serial: Int
    let url: HTTPURL
    let method: String
    let headers: [HeaderField]
    /// Compression has failed: ask for the body as it is.
    let refusesCompression: Bool
    let extras: RequestExtras?
    /// The server does not continue bodies: all of it is asked for.
    let wantsWhole: Bool
    /// Whether a 3xx response with a `Location` will be followed, so that its body is of no interest.
    let followsRedirect: Bool
    /// What is left of the request's total time; nil is no limit.
    let timeLimit: Duration?
    /// Position in the input: who goes first when there is no room for all.
    let index: Int
    /// The position whose body always gets room.
    let firstInLine: FirstInLine
    /// Whether its body may be taken in parts.
    let streaming: Configuration.Bodies.Streaming
    /// Whether its facts are of interest if all goes well.
    let wantsFacts: Bool
    /// Whether its connection may be of use to a later request.
    let keepsConnection: Bool
    let dispatchedAt: Instant
    /// HTTP/1.1 although the run speaks HTTP/2 or HTTP/3.
    let avoidsHTTP2: Bool
    /// A connection of its own, made anew.
    let avoidsReuse: Bool
    /// Whether the client certificate, if there is one, is for this origin.
    let presentsCertificate: Bool
    /// Whether the body is to be hashed; then it is whole before anybody gets it.
    let isHashed: Bool

    init(
        serial: Int, url: HTTPURL, method: String, headers: [HeaderField], refusesCompression: Bool, extras: RequestExtras?,
        wantsWhole: Bool, followsRedirect: Bool, timeLimit: Duration?, index: Int, firstInLine: FirstInLine,
        streaming: Configuration.Bodies.Streaming, wantsFacts: Bool,
        keepsConnection: Bool, dispatchedAt: Instant, avoidsHTTP2: Bool, avoidsReuse: Bool, presentsCertificate: Bool, isHashed: Bool
    ) {
        self.serial = serial
        self.url = url
        self.method = method
        self.headers = headers
        self.refusesCompression = refusesCompression
        self.extras = extras
        self.wantsWhole = wantsWhole
        self.followsRedirect = followsRedirect
        self.timeLimit = timeLimit
        self.index = index
        self.firstInLine = firstInLine
        self.streaming = streaming
        self.wantsFacts = wantsFacts
        self.keepsConnection = keepsConnection
        self.dispatchedAt = dispatchedAt
        self.avoidsHTTP2 = avoidsHTTP2
        self.avoidsReuse = avoidsReuse
        self.presentsCertificate = presentsCertificate
        self.isHashed = isHashed
    }

    var body: RequestBody? { extras?.body }
    var credentials: Credentials? { extras?.credentials }

    var resumption: Request.Resumption? { wantsWhole ? nil : extras?.resumption }
    var asksForRange: Bool { headers.contains { $0.isNamed("range") } }

    /// Whether it may be sent twice (RFC 9110 section 9.2.2).
    var isIdempotent: Bool { HTTPMethod.isIdempotent(method) }
}

/// What became of a hop. A class as well: it is large.
final class HopResult: Sendable {
    let hop: Hop
    let error: FetchError?
    /// The errno behind the failure, 0 when there is none.
    let systemError: CInt
    /// How long the server asks to wait.
    let retryAfter: Duration?
    /// A compressed body that ends early: perhaps it is whole without compression.
    let isCutGzip: Bool
    /// libcurl wanted to send the request once more on another connection, and was not allowed to.
    let wasRefusedAnotherStart: Bool
    /// The connection was to a proxy, so that a failure to connect says nothing about the host.
    let isProxied: Bool
    /// The hop was over HTTP/3, or failed before it was known over what.
    let hasTriedHTTP3: Bool
    /// Where a redirect leads, as the server wrote it.
    let location: [UInt8]?
    let body: Body
    /// Where the server sees the end of a body that is there already (status 416).
    let contentRange: ContentRange?
    /// SHA-256, where it was asked for.
    let hash: [UInt8]?

    init(
        hop: consuming Hop, error: FetchError? = nil, systemError: CInt = 0, retryAfter: Duration? = nil, isCutGzip: Bool = false,
        wasRefusedAnotherStart: Bool = false, isProxied: Bool = false, hasTriedHTTP3: Bool = false, location: [UInt8]? = nil,
        body: consuming Body = .empty, contentRange: ContentRange? = nil, hash: [UInt8]? = nil
    ) {
        self.hop = hop
        self.error = error
        self.systemError = systemError
        self.retryAfter = retryAfter
        self.isCutGzip = isCutGzip
        self.wasRefusedAnotherStart = wasRefusedAnotherStart
        self.isProxied = isProxied
        self.hasTriedHTTP3 = hasTriedHTTP3
        self.location = location
        self.body = body
        self.contentRange = contentRange
        self.hash = hash
    }
}
