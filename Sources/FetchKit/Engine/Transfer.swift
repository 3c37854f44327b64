// One transfer: the state behind one easy handle, from the moment it is added until its end is handed on. libcurl calls
// back into it, so it needs a stable address: a class, owned by the engine's table.

internal import CCurl
internal import CLinux
internal import Glibc

/// A hop in flight. Lives on the loop's thread.
final class Transfer {
    let easy = EasyHandle()
    private let setup: TransferSetup
    private unowned let engine: Engine
    let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headers = StringList([])
    private var address: IPAddress?
    private var port: Int?
    private var connectTo = StringList([])
    private var sentHeaders: [HeaderField] = []
    private var refusesCompression = false

    private(set) var serial = 0
    private(set) var request: HopRequest!
    /// Who waits for the next event. Nobody does between an event and the task that comes for the next one.
    var continuation: UnsafeContinuation<TransferEvent, Never>?
    var isAwaitingTurn = false
    /// libcurl holds the body back because we said so.
    var isPaused = false
    /// libcurl is done with it.
    private(set) var isDone = false

    /// Unchecked: changed for each header line, and never while libcurl is called.
    @exclusivity(unchecked) var head = HeadParser()
    var body = BodyPipe.waiting
    private var collector: BodyCollector!
    private var isStreaming = false
    private var hasOutgrown = false
    @exclusivity(unchecked) var wireBytes: Int64 = 0
    private var startedAt: Int64 = 0
    private(set) var plan = AddressPlan.unresolved
    /// When the hop was dispatched.
    private var start = Moment.now
    /// What the lookup took, and everything before the attempt that libcurl knows of.
    private var lookUpTime: Duration = .zero
    private var spent: Duration = .zero
    /// Why there was no socket; 0 when there was.
    private(set) var socketError: CInt = 0
    /// Why the guard would not let it connect.
    private(set) var blocked: String?
    private var handleState = HandleState()
    var result: HopResult!
    private var hash: SHA256?
    /// Why we stopped the transfer ourselves.
    private var failure: FetchError?

    init(_ setup: TransferSetup, engine: Engine) {
        self.setup = setup
        self.engine = engine
        setup.apply(to: easy, engine: engine)
        let context = Unmanaged.passUnretained(self).toOpaque()
        easy.set(CURLOPT_PRIVATE, pointer: context)
        easy.set(CURLOPT_ERRORBUFFER, pointer: errorText)
        easy.set(
            CURLOPT_HEADERFUNCTION,
            callback: { bytes, _, count, context in
                Transfer.from(context).receiveHeader(UnsafeRawBufferPointer(start: bytes, count: count))
            } as curl_write_callback)
        easy.set(CURLOPT_HEADERDATA, pointer: context)
        easy.set(
            CURLOPT_WRITEFUNCTION,
            callback: { bytes, _, count, context in
                Transfer.from(context).receiveBody(UnsafeRawBufferPointer(start: bytes, count: count))
            } as curl_write_callback)
        easy.set(CURLOPT_WRITEDATA, pointer: context)
        easy.set(
            CURLOPT_OPENSOCKETFUNCTION,
            callback: { context, _, address in Transfer.from(context).openSocket(address!) } as curl_opensocket_callback)
        easy.set(CURLOPT_OPENSOCKETDATA, pointer: context)
        setHeaders([], hasBody: false, refusingCompression: false)
    }

    deinit { errorText.deallocate() }

    /// For libcurl's callbacks.
    fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    }

    var hadCredentials: Bool { request.url.hasCredentials || request.credentials != nil }

    // MARK: Start

    /// Makes the handle ready to be added. `start` is when the hop was dispatched; `lookUpTime` what its name has cost since.
    func begin(
        _ request: HopRequest, serial: Int, plan: AddressPlan, start: Moment, lookUpTime: Duration,
        collector: BodyCollector, continuation: UnsafeContinuation<TransferEvent, Never>
    ) {
        self.serial = serial
        self.collector = collector
        self.continuation = continuation
        self.plan = plan
        self.start = start
        self.lookUpTime = lookUpTime
        spent = lookUpTime
        isAwaitingTurn = false
        isPaused = false
        isDone = false
        isStreaming = false
        hasOutgrown = false
        failure = nil
        result = nil
        hash = request.isHashed ? SHA256() : nil
        let before = self.request
        if request.method != before?.method ?? "GET" || request.body != nil || before?.body != nil {
            setMethod(request.method, request.body)
        }
        if request.headers != sentHeaders || request.refusesCompression != refusesCompression
            || (request.body == nil) != (before?.body == nil)
        {
            setHeaders(request.headers, hasBody: request.body != nil, refusingCompression: request.refusesCompression)
        }
        if request.extras !== before?.extras, request.credentials != before?.credentials { setCredentials(request.credentials) }
        easy.set(CURLOPT_URL, request.url.absoluteString)
        self.request = request
        prepareHandle()
        startedAt = Moment.wallClock - spent.microseconds
        prepareAttempt()
    }

    /// What differs between the requests of a run in few cases only. Each option costs, so that it is set when it changes.
    private func prepareHandle() {
        var wanted = handleState
        wanted.forbidsReuse = !request.keepsConnection
        wanted.isFresh = !request.isIdempotent
        // Waiting for a connection that may carry several requests makes sense only where there can be one: over TLS.
        wanted.usesHTTP2 = setup.isHTTP2 && !request.avoidsHTTP2
        wanted.waitsForPipe = wanted.usesHTTP2 && setup.isMultiplexed && request.url.origin.isSecure
        handleState.change(to: wanted, of: easy)
    }

    /// Turns to the address that is next in the plan.
    private func prepareAttempt() {
        head = HeadParser()
        body = .waiting
        wireBytes = 0
        errorText[0] = 0
        socketError = 0
        blocked = nil
        if plan.current.address != address || plan.port != port { setAddress(plan.current.address, port: plan.port) }
        var wanted = handleState
        let isWholeTime = plan.isLast && spent < .milliseconds(1)
        wanted.connectTimeout =
            isWholeTime ? setup.connectTimeout : milliseconds(plan.timeLimit(of: Moment.now.duration(to: connectDeadline)))
        wanted.timeLimit = request.timeLimit.map { milliseconds($0 - spent) } ?? 0
        handleState.change(to: wanted, of: easy)
    }

    private func setAddress(_ address: IPAddress?, port: Int?) {
        let list = StringList(address.map { [$0.connectTo(port: port)] } ?? [])
        easy.set(CURLOPT_CONNECT_TO, list: list.pointer)
        // The old list goes only now, when libcurl has the new one.
        connectTo = list
        self.address = address
        self.port = port
    }

    /// Whether another address is worth a try after that result; if so, the handle is ready for it.
    func turnToNextAddress(_ code: CURLcode) -> Bool {
        guard !plan.isLast, code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT, !isConnected, socketError == 0 else {
            return false
        }
        let now = Moment.now
        spent = start.duration(to: now)
        guard now < connectDeadline, request.timeLimit.map({ spent < $0 }) ?? true,
            plan.advance(afterRefusal: code == CURLE_COULDNT_CONNECT)
        else { return false }
        prepareAttempt()
        return true
    }

    /// When the connection must be there.
    private var connectDeadline: Moment { start + setup.configuration.connectTimeout }

    var isConnected: Bool { easy.offset(CURLINFO_CONNECT_TIME_T) > 0 }

    /// The only way to a connection, and the place where it can be forbidden: what is dialled is what is judged.
    private func openSocket(_ pointer: UnsafeMutablePointer<curl_sockaddr>) -> CInt {
        let address = pointer.pointee
        if let addressGuard = setup.addressGuard {
            let bytes = UnsafeRawPointer(pointer) + MemoryLayout<curl_sockaddr>.offset(of: \.addr)!
            if let refusal = addressGuard.refusal(bytes.assumingMemoryBound(to: sockaddr.self), host: request.url.origin.host) {
                blocked = refusal
                return CURL_SOCKET_BAD
            }
        }
        let descriptor = socket(address.family, address.socktype | CInt(SOCK_CLOEXEC.rawValue), address.protocol)
        if descriptor >= 0 { engine.socketOpened(descriptor) } else { socketError = errno }
        return descriptor
    }

    private func setMethod(_ method: String, _ body: [UInt8]?) {
        // HTTPGET first: it takes back what NOBODY and POST have set.
        easy.set(CURLOPT_HTTPGET, 1)
        if let body {
            easy.set(CURLOPT_POST, 1)
            easy.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: Int64(body.count))
            // Copied: libcurl may need it once more, for a challenge.
            if body.isEmpty {
                easy.set(CURLOPT_COPYPOSTFIELDS, "")
            } else {
                body.withUnsafeBytes { easy.set(CURLOPT_COPYPOSTFIELDS, pointer: UnsafeMutableRawPointer(mutating: $0.baseAddress)) }
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
        var fields = fields
        if setup.hasCookies {
            // Beside libcurl's own cookies there must be no second field of that name.
            easy.set(CURLOPT_COOKIE, fields.last { $0.isNamed("cookie") }?.value)
            fields.removeAll { $0.isNamed("cookie") }
        }
        let list = StringList(setup.headers(fields, hasBody: hasBody, refusingCompression: refusingCompression).map(\.curlLine))
        easy.set(CURLOPT_HTTPHEADER, list: list.pointer)
        // The old list goes only now, when libcurl has the new one.
        headers = list
        sentHeaders = fields
        refusesCompression = refusingCompression
    }

    // MARK: Receiving

    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        head.receive(line)
        if head.isComplete && (handleState.forbidsReuse || head.hasTwoFramings) { decideOnReuse() }
        return line.count
    }

    /// A redirect to the same host will want the connection again; nobody wants one whose framing is in doubt (RFC 9112 section
    /// 6.3, rule 3).
    private func decideOnReuse() {
        var wanted = handleState
        if head.hasTwoFramings {
            wanted.forbidsReuse = true
        } else if request.followsRedirect, head.isRedirect, leadsToSameOrigin {
            wanted.forbidsReuse = false
        }
        handleState.change(to: wanted, of: easy)
    }

    private var leadsToSameOrigin: Bool {
        guard let location = head.location else { return false }
        return location.starts(with: request.url.origin.text.utf8) || (location.starts(with: "/".utf8) && !location.starts(with: "//".utf8))
    }

    /// Returns how many bytes were taken: all, or none and libcurl's word for "later".
    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        if case .waiting = body {
            beginBody()
            if let limit = setup.configuration.maxFileSize, let length = head.contentLength, length > limit { failure = .tooLarge(limit) }
        }
        if failure != nil {
            closeConnection()
            return 0
        }
        if isFull {
            isPaused = true
            if !isStreaming { engine.starve(self) }
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        if !engine.admits(self, bytes: bytes.count) {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        wireBytes += Int64(bytes.count)
        switch body {
        case .waiting, .discarded: break
        case .plain: _ = deliver(bytes)
        case .gzip(let decoder):
            decoder.decode(bytes, scratch: engine.decodeBuffer, deliver: deliver)
            if case .failed(let reason) = decoder.state { failure = .undecodable("Error while decoding gzip: \(reason)") }
        }
        if failure != nil { closeConnection() }
        return failure == nil ? bytes.count : 0
    }

    /// What is left of an answer that nobody wants must not come either.
    func closeConnection() {
        var wanted = handleState
        wanted.forbidsReuse = true
        handleState.change(to: wanted, of: easy)
    }

    private func beginBody() {
        if request.followsRedirect && head.isRedirect {
            body = .discarded
        } else if !setup.offersGzip(request.headers) || head.contentCodings.isEmpty {
            body = .plain
        } else if head.contentCodings == ["gzip"] || head.contentCodings == ["x-gzip"] {
            body = .gzip(GzipDecoder())
        } else {
            body = .plain
            let names = head.contentCodings.joined(separator: ", ")
            failure = .undecodable("Unrecognized content encoding type: \(names); only gzip was offered")
        }
        if case .plain = body, let length = head.contentLength, keepsBody { collector.expect(Int(clamping: length)) }
    }

    private var keepsBody: Bool {
        switch setup.configuration.bodies {
        case .keep: true
        case .keepSuccessful: head.statusCode < 400
        case .discard: false
        }
    }

    @exclusivity(unchecked) private var deliveredBytes: Int64 = 0

    /// Takes decoded bytes; returns whether more may come now.
    private func deliver(_ bytes: UnsafeRawBufferPointer) -> Bool {
        deliveredBytes += Int64(bytes.count)
        if let limit = setup.configuration.maxFileSize, deliveredBytes > limit {
            failure = .tooLarge(limit)
            return false
        }
        if case .gzip = body, let ratio = setup.configuration.maxCompressionRatio, deliveredBytes > 10 << 20,
            deliveredBytes > wireBytes * Int64(ratio)
        {
            failure = .compressionBomb(ratio)
            return false
        }
        hash?.update(bytes)
        guard keepsBody else { return true }
        collector.append(bytes)
        if isStreaming {
            deliverPart()
        } else if !hasOutgrown, hash == nil, setup.configuration.streaming != .off, collector.count > setup.configuration.streamingThreshold
        {
            hasOutgrown = true
            resume(.outgrew(TransferID(serial: serial), makeHop()))
        }
        return !collector.isFull
    }

    // MARK: Room

    var isFull: Bool {
        if collector.isFull { return true }
        if case .gzip(let decoder) = body { return decoder.hasPending }
        return false
    }

    /// Decodes what waited for room, as far as there is some now.
    func pump(_ scratch: UnsafeMutableRawBufferPointer) {
        guard case .gzip(let decoder) = body, decoder.hasPending, !collector.isFull, failure == nil else { return }
        decoder.resume(scratch: scratch, deliver: deliver)
        if case .failed(let reason) = decoder.state { failure = .undecodable("Error while decoding gzip: \(reason)") }
    }

    /// Whether its turn to stream may still come.
    var mayStream: Bool { hasOutgrown }

    func giveUpForWantOfRoom() {
        failure = FetchError(
            .localResource, "no room for the body: the temporary directory is full", curlCode: Int(CURLE_WRITE_ERROR.rawValue))
    }

    func retryRoom(privileged: Bool) {
        collector.retry(privileged: privileged)
    }

    // MARK: Streaming

    func startStreaming() {
        guard !isStreaming else { return }
        isStreaming = true
        collector.startStreaming(window: 256 << 10)
    }

    /// Hands what is here to whoever waits for the next part.
    func deliverPart() {
        guard isStreaming, continuation != nil, !collector.isEmpty else { return }
        resume(.part(TransferID(serial: serial), collector.take()))
    }

    func resume(_ event: TransferEvent) {
        let waiting = continuation
        continuation = nil
        waiting?.resume(returning: event)
    }

    // MARK: End

    /// Takes the result from libcurl; `code` nil means cancelled.
    func end(_ code: CURLcode?) {
        isDone = true
        isPaused = false
        if case .waiting = body { beginBody() }
        result = HopResult(hop: makeHop())
        if request.followsRedirect && head.isRedirect { result.location = head.location }
        result.error =
            switch code {
            case nil: .cancelledInFlight
            case CURLE_OK: failure ?? flawOfHead() ?? flawOfBody()
            default: failure ?? flawOfHead() ?? makeError(code!)
            }
        result.systemError = result.error == nil ? 0 : systemError
        result.isProxied = setup.isProxied
        if head.isComplete && head.mayAskForPatience {
            result.retryAfter = head.head.retryAfter(now: Int((startedAt + result.hop.timings.total.microseconds) / 1_000_000))
        }
    }

    /// A transfer that had ended and is cancelled before anybody took its result.
    func abandon() {
        collector.discard()
        if result.error == nil { result.error = .cancelledInFlight }
    }

    /// Hands on the end if the body is complete and somebody waits for it. Returns whether the transfer is over.
    func deliverEnd() -> Bool {
        guard isDone, continuation != nil else { return false }
        if result.error == nil {
            if isStreaming && !collector.isEmpty {
                deliverPart()
                return false
            }
            if case .gzip(let decoder) = body {
                if decoder.hasPending && failure == nil {
                    if !isStreaming { engine.starve(self) }
                    return false
                }
                result.error = failure ?? flaw(of: decoder)
            }
        }
        result.hop.bytesDelivered = deliveredBytes
        result.hash = hash?.finish()
        if result.error == nil {
            result.body = collector.take()
        } else {
            collector.discard()
        }
        isAwaitingTurn = false
        resume(.finished(result))
        result = nil
        body = .waiting
        deliveredBytes = 0
        return true
    }

    private func makeHop() -> Hop {
        var hop = Hop(url: request.url, method: request.method)
        hop.response = head.isComplete ? head.head : nil
        hop.startedAt = startedAt
        hop.bytesDownloaded = wireBytes
        hop.bytesDelivered = deliveredBytes
        if request.url.origin.isSecure { hop.isTLSVerified = setup.configuration.isTLSVerified }
        hop.readFacts(of: easy)
        if spent > .zero {
            hop.timings = hop.timings.shifted(by: spent)
            hop.timings.nameLookup = lookUpTime
        }
        return hop
    }
}

/// What happens to a body's bytes between the wire and the collector.
enum BodyPipe {
    /// No byte of a body has come yet.
    case waiting
    case plain
    case gzip(GzipDecoder)
    /// Received, and of no interest to anybody.
    case discarded
}
