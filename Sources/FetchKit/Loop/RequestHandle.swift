// An easy handle and what it is set to. The options that change from request to request seldom do, and setting one costs: what is
// set is remembered and compared.

internal import CCurl
internal import Glibc

/// One easy handle, made ready for one request after the other.
final class RequestHandle {
    let easy = EasyHandle()
    private let setup: TransferSetup
    private let keepsNoConnections: Bool
    private var url = TransferURL()
    private var state = HandleState()
    private var request: HopRequest?
    private var headers = StringList([])
    private var proxyHeaders = StringList([])
    private var sentHeaders: [HeaderField] = []
    private var connectTo = StringList([])
    private var address: IPAddress?
    private var port: Int?
    private var presentsCertificate = false
    /// Of a body with a file in it, from the transfer's start to its end.
    private var bodyReader: RequestBodyReader?
    /// Why the body cannot be sent.
    private(set) var bodyFailure: RequestBody.UnusableFile?

    init(_ setup: TransferSetup, engine: CurlEngine) {
        self.setup = setup
        keepsNoConnections = engine.keepsNoConnections
        setup.apply(to: easy, engine: engine)
        setHeaders([], hasBody: false, refusingCompression: false)
        let context = Unmanaged.passUnretained(self).toOpaque()
        easy.set(
            CURLOPT_READFUNCTION,
            reader: { buffer, _, count, context in
                RequestHandle.from(context).readBody(UnsafeMutableRawBufferPointer(start: buffer, count: count))
            } as curl_read_callback)
        easy.set(CURLOPT_READDATA, pointer: context)
        easy.set(
            CURLOPT_SEEKFUNCTION,
            callback: { context, offset, origin in
                let isDone = origin == SEEK_SET && RequestHandle.from(context).bodyReader?.seek(to: Int64(offset)) ?? false
                return isDone ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
            } as curl_seek_callback)
        easy.set(CURLOPT_SEEKDATA, pointer: context)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> RequestHandle {
        Unmanaged<RequestHandle>.fromOpaque(context!).takeUnretainedValue()
    }

    var forbidsReuse: Bool { state.forbidsReuse }

    /// Whether the connection may be one that carries several requests at once: over HTTP/2 or HTTP/3.
    var usesHTTP2: Bool { state.version != .http1_1 }

    /// Whether HTTP/3 is tried first.
    var usesHTTP3: Bool { state.version == .http3 }

    /// How much longer a connection may take because QUIC comes first and TCP after it.
    var timeForFallback: Duration { usesHTTP3 ? .milliseconds(setup.timeBeforeFallback) : .zero }

    /// Whether the connection is closed at the transfer's end. May be said while it runs.
    func forbidReuse(_ isForbidden: Bool) {
        var wanted = state
        wanted.forbidsReuse = isForbidden
        state.change(to: wanted, of: easy)
    }

    /// What the request says, the proxy that it goes through, and whether it wants a connection of its own.
    func prepare(for request: HopRequest, proxy: String?, isFresh: Bool) {
        let before = self.request
        self.request = request
        openBody(request.body)
        if request.method != before?.method ?? "GET" || request.body != nil || before?.body != nil {
            setMethod(request.method, request.body)
        }
        if request.headers != sentHeaders || request.refusesCompression != before?.refusesCompression ?? false
            || (request.body == nil) != (before?.body == nil)
        {
            setHeaders(request.headers, hasBody: request.body != nil, refusingCompression: request.refusesCompression)
        }
        if request.extras !== before?.extras, request.credentials != before?.credentials { setCredentials(request.credentials) }
        // For what libcurl sends a second time, on another connection or after a challenge, it parses the text.
        easy.set(CURLOPT_URL, request.url.absoluteString)
        easy.set(CURLOPT_CURLU, pointer: url.set(request.url))
        var wanted = state
        wanted.forbidsReuse = !request.keepsConnection || keepsNoConnections
        wanted.isFresh = isFresh
        wanted.isSentOnce = !request.isIdempotent
        wanted.proxy = proxy
        if request.presentsCertificate != presentsCertificate {
            presentsCertificate = request.presentsCertificate
            setup.present(presentsCertificate, to: easy)
        }
        wanted.version = setup.version(for: request.url.origin, isProxied: proxy != nil, avoidsHTTP2: request.avoidsHTTP2)
        // Waiting for a connection that may carry several requests makes sense only where there can be one: over TLS.
        wanted.waitsForPipe = wanted.version != .http1_1 && setup.isMultiplexed && request.url.origin.isSecure
        state.change(to: wanted, of: easy)
    }

    /// Where the connection goes, nil is where the URL says, and how long it may take. Times are in milliseconds, 0 is no limit.
    func prepare(address: IPAddress?, port: Int?, connectTimeout: Int, timeLimit: Int) {
        if address != self.address || port != self.port { setAddress(address, port: port) }
        var wanted = state
        wanted.connectTimeout = connectTimeout
        wanted.timeLimit = timeLimit
        state.change(to: wanted, of: easy)
    }

    /// What came of the offer of HTTP/3.
    func noteVersion(_ head: HeadParser) {
        guard usesHTTP3, head.isComplete, let request, easy.long(CURLINFO_NUM_CONNECTS) > 0 else { return }
        setup.noteVersion(head.head.httpVersion, of: request.url.origin)
    }

    // MARK: The body

    private func openBody(_ body: RequestBody?) {
        bodyFailure = nil
        bodyReader = nil
        guard case .pieces(let pieces)? = body?.storage else { return }
        do throws(RequestBody.UnusableFile) {
            bodyReader = try RequestBodyReader(pieces)
        } catch {
            bodyFailure = error
        }
    }

    /// Closes the file that was sent. Nothing of the transfer may come after this.
    func closeBody() { bodyReader = nil }

    /// Returns how many bytes are in the buffer, or libcurl's word for the end of the transfer
    /// (https://curl.se/libcurl/c/CURLOPT_READFUNCTION.html).
    private func readBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let bodyReader, bodyFailure == nil else { return Int(CURL_READFUNC_ABORT) }
        do throws(RequestBody.UnusableFile) {
            return try bodyReader.read(into: buffer)
        } catch {
            bodyFailure = error
            return Int(CURL_READFUNC_ABORT)
        }
    }

    private func setAddress(_ address: IPAddress?, port: Int?) {
        let list = StringList(address.map { [$0.connectTo(port: port)] } ?? [])
        easy.set(CURLOPT_CONNECT_TO, list: list.pointer)
        // The old list goes only now, when libcurl has the new one.
        connectTo = list
        self.address = address
        self.port = port
    }

    private func setMethod(_ method: String, _ body: RequestBody?) {
        // HTTPGET first: it takes back what NOBODY and POST have set.
        easy.set(CURLOPT_HTTPGET, 1)
        if let body {
            easy.set(CURLOPT_POST, 1)
            easy.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: body.count)
            switch body.storage {
            case _ where body.count == 0: easy.set(CURLOPT_COPYPOSTFIELDS, "")
            // Copied: libcurl may need it once more, for a challenge.
            case .bytes(let bytes):
                bytes.withUnsafeBytes { easy.set(CURLOPT_COPYPOSTFIELDS, pointer: UnsafeMutableRawPointer(mutating: $0.baseAddress)) }
            // Without fields it is read by CURLOPT_READFUNCTION, and by CURLOPT_SEEKFUNCTION from its beginning again.
            case .pieces: easy.set(CURLOPT_COPYPOSTFIELDS, nil)
            }
            return easy.set(CURLOPT_CUSTOMREQUEST, method == "POST" ? nil : method)
        }
        switch method {
        case "GET": easy.set(CURLOPT_CUSTOMREQUEST, nil)
        case "HEAD":
            easy.set(CURLOPT_CUSTOMREQUEST, nil)
            easy.set(CURLOPT_NOBODY, 1)
        default: easy.set(CURLOPT_CUSTOMREQUEST, method)
        }
    }

    private func setCredentials(_ credentials: Credentials?) {
        easy.set(CURLOPT_USERNAME, credentials?.user)
        easy.set(CURLOPT_PASSWORD, credentials?.password)
        easy.set(CURLOPT_HTTPAUTH, credentials?.scheme == .digest ? CURLAUTH_DIGEST_NUMBER : CURLAUTH_BASIC_NUMBER)
    }

    private func setHeaders(_ fields: [HeaderField], hasBody: Bool, refusingCompression: Bool) {
        sentHeaders = fields
        var fields = fields
        if setup.hasCookies {
            // Beside libcurl's own cookies there must be no second field of that name.
            easy.set(CURLOPT_COOKIE, fields.last { $0.isNamed("cookie") }?.value)
            fields.removeAll { $0.isNamed("cookie") }
        }
        if !fields.allSatisfy({ !$0.isForProxy }) || proxyHeaders.pointer != nil {
            let list = StringList(fields.filter(\.isForProxy).map(\.curlLine))
            easy.set(CURLOPT_PROXYHEADER, list: list.pointer)
            proxyHeaders = list
            fields.removeAll(where: \.isForProxy)
        }
        let list = StringList(setup.headers(fields, hasBody: hasBody, refusingCompression: refusingCompression).map(\.curlLine))
        easy.set(CURLOPT_HTTPHEADER, list: list.pointer)
        // The old list goes only now, when libcurl has the new one.
        headers = list
    }
}

/// What an easy handle is set to at the moment.
private struct HandleState: Equatable {
    /// In milliseconds; 0 is libcurl's default.
    var connectTimeout = 0
    /// In milliseconds; 0 is none.
    var timeLimit = 0
    var forbidsReuse = false
    var isFresh = false
    var version = OfferedVersion.http1_1
    var waitsForPipe = false
    /// The request must not reach a server twice.
    var isSentOnce = false
    var proxy: String?

    /// In seconds: a connection that was idle for longer may have been closed by its server, and what is sent then is lost.
    private static let longestIdleForSentOnce = 2
    /// libcurl's own.
    private static let longestIdle = 118

    mutating func change(to wanted: HandleState, of easy: borrowing EasyHandle) {
        if wanted == self { return }
        if wanted.connectTimeout != connectTimeout { easy.set(CURLOPT_CONNECTTIMEOUT_MS, wanted.connectTimeout) }
        if wanted.timeLimit != timeLimit { easy.set(CURLOPT_TIMEOUT_MS, wanted.timeLimit) }
        if wanted.forbidsReuse != forbidsReuse { easy.set(CURLOPT_FORBID_REUSE, wanted.forbidsReuse ? 1 : 0) }
        if wanted.isFresh != isFresh { easy.set(CURLOPT_FRESH_CONNECT, wanted.isFresh ? 1 : 0) }
        if wanted.isSentOnce != isSentOnce {
            easy.set(CURLOPT_MAXAGE_CONN, wanted.isSentOnce ? Self.longestIdleForSentOnce : Self.longestIdle)
        }
        if wanted.proxy != proxy {
            easy.set(CURLOPT_PROXY, wanted.proxy ?? "")
            // The address of a proxy comes from libcurl's resolver.
            easy.set(CURLOPT_DNS_CACHE_TIMEOUT, wanted.proxy == nil ? 0 : 60)
        }
        if wanted.version != version { easy.set(CURLOPT_HTTP_VERSION, wanted.version.curlValue) }
        if wanted.waitsForPipe != waitsForPipe { easy.set(CURLOPT_PIPEWAIT, wanted.waitsForPipe ? 1 : 0) }
        self = wanted
    }
}

extension HeaderField {
    /// A header without content is written "Name;": "Name:" would remove it (CURLOPT_HTTPHEADER).
    var curlLine: String {
        switch value {
        case .some(""): "\(name);"
        case .some(let value): "\(name): \(value)"
        case nil: "\(name):"
        }
    }
}
