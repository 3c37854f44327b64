// What to fetch: a value that travels from the list through the schedule to a transfer, and with its outcome to the output.

/// One request of a run.
public struct Request: Sendable {
    /// What is asked for. Its credentials, if any, are sent (RFC 3986 section 3.2.1).
    public var url: HTTPURL
    /// The URL as the user wrote it, credentials masked: how outcomes and messages name the request.
    public var text: String
    /// An HTTP method, sent as it is. `HEAD` expects no body.
    public var method: String
    /// Header fields to send besides libcurl's own.
    public var headers: [HeaderField]
    /// What most requests do not have, so that it costs them nothing when they are handed on.
    var extras: RequestExtras?
    /// A name of the caller's own for this request, carried to its outcome unchanged.
    public var id: String?
    /// Where the request was read, if it was read from somewhere.
    public var source: Source?
    /// What the request was read from, credentials included, for a caller that wants to write it down again. Carried to its outcome
    /// unchanged and never shown.
    public var original: [UInt8]?

    /// A request for a parsed URL.
    ///
    /// - Parameters:
    ///   - url: What is asked for.
    ///   - text: How outcomes and messages name the request; nil is the URL with its credentials masked.
    ///   - method: Sent as it is.
    ///   - headers: Fields to send besides libcurl's own.
    ///   - id: A name of the caller's own.
    ///   - source: Where the request was read.
    public init(
        _ url: HTTPURL, text: String? = nil, method: String = "GET", headers: [HeaderField] = [], id: String? = nil,
        source: Source? = nil
    ) {
        self.text = text ?? url.description
        self.url = url
        self.method = method
        self.headers = headers
        self.id = id
        self.source = source
    }

    /// Equal for requests that ask for the same thing in the same way and do the same with it, whatever they are called; the chance that two of n different ones agree is n x n / 2^65.
    var fingerprint: Int {
        var hasher = Hasher()
        hasher.combine(method)
        hasher.combine(url.absoluteString)
        if !headers.isEmpty { hasher.combine(headers) }
        extras?.hash(into: &hasher)
        return hasher.finalize()
    }

    /// A GET request. Without a scheme the URL means `http://`, as in curl.
    ///
    /// - Throws: `InvalidURL` if the text is no URL that can be fetched.
    public init(_ url: String) throws(InvalidURL) {
        let parsed = try HTTPURL(url)
        self.init(parsed, text: parsed.absoluteString == url && !parsed.hasCredentials ? url : HTTPURL.redacted(url))
    }

    /// A file and line that a request came from.
    public struct Source: Sendable, Equatable {
        /// The file's name, `-` for standard input.
        public var file: String
        /// 1-based.
        public var line: Int
        /// The line's bytes when they are no UTF-8, so that no guess about their encoding is needed.
        public var rawLine: [UInt8]?

        /// A place in a list.
        public init(file: String, line: Int, rawLine: [UInt8]? = nil) {
            self.file = file
            self.line = line
            self.rawLine = rawLine
        }
    }
}

extension Request {
    /// What is sent as content; nil is none, which is not the same as empty.
    public var body: RequestBody? {
        get { extras?.body }
        set { extras = RequestExtras(extras) { $0.body = newValue } }
    }

    /// User and password for the host, in place of those in the URL.
    public var credentials: Credentials? {
        get { extras?.credentials }
        set { extras = RequestExtras(extras) { $0.credentials = newValue } }
    }

    /// For this request with all its hops, in place of `Configuration.timeouts.total`.
    public var timeLimit: Duration? {
        get { extras?.timeLimit }
        set { extras = RequestExtras(extras) { $0.timeLimit = newValue } }
    }

    /// What the body, after content decoding, must hash to: 32 bytes. A body with another hash fails as `integrity`.
    public var sha256: [UInt8]? {
        get { extras?.sha256 }
        set { extras = RequestExtras(extras) { $0.sha256 = newValue } }
    }
}

extension Request {
    /// Where the caller wants the body; carried along for a receiver that knows what it means.
    public var output: String? {
        get { extras?.output }
        set { extras = RequestExtras(extras) { $0.output = newValue } }
    }

    /// What is there already, if only the rest of the body is wanted. When the server does not agree, the whole body comes.
    public var resumption: Resumption? {
        get { extras?.resumption }
        set { extras = RequestExtras(extras) { $0.resumption = newValue } }
    }

    /// The first part of a body (RFC 9110 section 13.1.5).
    public struct Resumption: Sendable, Hashable {
        /// Bytes that are there, at least one.
        public var offset: Int64
        /// The strong entity tag or the date of the body that they are from; nil when nobody knows.
        public var validator: String?

        /// What is there already: `offset` bytes, of the body that `validator` names.
        public init(offset: Int64, validator: String?) {
            self.offset = offset
            self.validator = validator
        }

        var headers: [HeaderField] {
            [HeaderField("Range", "bytes=\(offset)-")] + (validator.map { [HeaderField("If-Range", $0)] } ?? [])
        }
    }
}

/// What is known of methods.
enum HTTPMethod {
    /// Whether a request that is received twice has the effect of one (RFC 9110 section 9.2.2).
    static func isIdempotent(_ method: String) -> Bool { ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(method) }
}

/// The seldom parts of a request, never changed once they are there.
final class RequestExtras: Sendable {
    struct Values: Hashable {
        var body: RequestBody?
        var credentials: Credentials?
        var timeLimit: Duration?
        var sha256: [UInt8]?
        var output: String?
        var resumption: Request.Resumption?

        var isEmpty: Bool {
            body == nil && credentials == nil && timeLimit == nil && sha256 == nil && output == nil && resumption == nil
        }
    }

    private let values: Values

    /// A changed copy; nil when nothing is left in it.
    init?(_ extras: RequestExtras?, change: (inout Values) -> Void) {
        var values = extras?.values ?? Values()
        change(&values)
        if values.isEmpty { return nil }
        self.values = values
    }

    func hash(into hasher: inout Hasher) { hasher.combine(values) }

    var body: RequestBody? { values.body }
    var credentials: Credentials? { values.credentials }
    var timeLimit: Duration? { values.timeLimit }
    var sha256: [UInt8]? { values.sha256 }
    var output: String? { values.output }
    var resumption: Request.Resumption? { values.resumption }
}

/// Who asks, for hosts that want to know (RFC 7617, RFC 7616).
public struct Credentials: Sendable, Hashable {
    /// How the two are sent.
    public enum Scheme: Sendable {
        /// Sent with the first request.
        case basic
        /// An answer to the server's challenge; the password itself is never sent.
        case digest
    }

    /// Sent in UTF-8; has no colon with the basic scheme (RFC 7617 section 2).
    public var user: String
    /// Sent in UTF-8.
    public var password: String
    /// Basic unless another one is asked for.
    public var scheme: Scheme

    /// Credentials for the host of a request.
    public init(user: String, password: String, scheme: Scheme = .basic) {
        self.user = user
        self.password = password
        self.scheme = scheme
    }
}

/// One header field of a request. A nil value takes the field of that name out, an empty one sends it without content:
/// the two meanings that `CURLOPT_HTTPHEADER` gives to `Name:` and `Name;`.
public struct HeaderField: Sendable, Hashable {
    /// A token (RFC 9110 section 5.1); any other makes the request fail as `FetchError.Kind.input`.
    public var name: String
    /// Without line breaks (RFC 9110 section 5.5); nil leaves the field out.
    public var value: String?

    /// A field to send, or with nil one to leave out.
    public init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }

    /// Whether it may go to an origin other than the one it was given for.
    var isHarmless: Bool { value == nil || Self.isHarmless(Array(name.utf8)[...]) }

    /// Whether it is about the content of a request, so that it goes with it (RFC 9110 section 15.4).
    var speaksOfContent: Bool { name.lowercased().hasPrefix("content-") || isNamed("transfer-encoding") || isNamed("expect") }

    /// A `Referer` as another origin may see it: its origin alone, and nothing of a secure page without TLS (the default policy of
    /// https://www.w3.org/TR/referrer-policy/, strict-origin-when-cross-origin); nil is none.
    func referer(for target: HTTPURL) -> HeaderField? {
        guard let origin = value.flatMap({ try? HTTPURL($0) })?.origin, !origin.isSecure || target.origin.isSecure else { return nil }
        return HeaderField(name, "\(origin)/")
    }

    /// Whether it is for a proxy, and never for a server (RFC 9110 section 11.7.1).
    var isForProxy: Bool { isNamed("proxy-authorization") }

    /// The same of a field's name alone. What is harmless is listed, because no list of the names of secrets is complete.
    package static func isHarmless(_ name: ArraySlice<UInt8>) -> Bool {
        harmlessPrefixes.contains { name.prefix($0.utf8.count).equalsIgnoringCase($0) }
            || harmlessNames.contains { name.equalsIgnoringCase($0) }
    }

    /// Whether the value of a request's field of that name is left out of every output.
    package static func isSecret(_ name: ArraySlice<UInt8>) -> Bool {
        !isHarmless(name) && !connectionNames.contains { name.equalsIgnoringCase($0) }
    }

    private static let harmlessPrefixes = ["accept-", "if-"]
    private static let harmlessNames = [
        "accept", "user-agent", "cache-control", "pragma", "range", "dnt", "content-type", "content-encoding", "content-language",
        "content-length", "content-disposition", "expect",
    ]
    /// What libcurl writes itself, or what speaks of one origin or connection alone.
    private static let connectionNames = [
        "host", "connection", "transfer-encoding", "te", "upgrade", "referer", "origin", "proxy-connection",
    ]

    /// Whether this is the field of that name; names are compared without case (RFC 9110 section 5.1).
    func isNamed(_ lowercaseName: String) -> Bool { name.utf8.count == lowercaseName.utf8.count && name.lowercased() == lowercaseName }
}

/// Something that a source of requests yields: a request, or input that cannot be one. Both end as one outcome.
public enum Candidate: Sendable {
    /// A request to fetch.
    case request(Request)
    /// What could not be read as a request.
    case rejected(RejectedInput)
}

/// Input that cannot be used as a request; its outcome is of class `input`.
public struct RejectedInput: Sendable {
    /// What stood there, credentials masked, cut to a readable length.
    public var text: String
    /// Where it was read, if it was read from somewhere.
    public var source: Request.Source?
    /// Why it is no request, for people; one line.
    public var reason: String
    /// As in `Request`.
    public var original: [UInt8]?

    /// Input that is no request. `text` is cut to a readable length.
    public init(text: String, source: Request.Source?, reason: String) {
        self.text = text.excerpt
        self.source = source
        self.reason = reason
    }
}
