// One transfer: the state behind one easy handle, from the moment it is added until its end is handed on. libcurl calls
// back into it, so it needs a stable address: a class, owned by the engine's table.

internal import CCurl
internal import CLinux
internal import Glibc

/// A hop in flight. Lives on the loop's thread.
final class Transfer {
    let handle: RequestHandle
    let setup: TransferSetup
    /// It owns the transfer, and lets go of it when it is closed.
    let engine: CurlEngine
    let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    private(set) var serial = 0
    private(set) var request: HopRequest!
    /// Who waits for the next event. Nobody does between an event and the task that comes for the next one.
    var continuation: UnsafeContinuation<TransferEvent, Never>?
    private var hasToldOfStarvation = false
    private var hasToldOfGrowth = false
    /// Its end was told, and nobody has taken the result yet.
    private(set) var isDelivered = false
    /// Its turn to stream has come, and nobody was told yet.
    var isGranted = false
    /// libcurl holds the body back because we said so.
    var isPaused = false
    /// libcurl is done with it.
    private(set) var isDone = false

    /// What came of the response so far, and whether it is whole. Never called while libcurl is.
    var state = TransferState(TransferRules())
    private var rules: TransferRules
    var collector: BodyCollector
    var isStreaming = false
    var hasOutgrown = false
    private(set) var startedAt: Int64 = 0
    private(set) var plan = AddressPlan.unresolved
    /// nil is the direct way.
    private(set) var proxy: String?
    /// When the hop was dispatched.
    private var start = Instant.now
    /// What the lookup took, and everything before the attempt that libcurl knows of.
    private(set) var lookUpTime: Duration = .zero
    private(set) var spent: Duration = .zero
    /// Why there was no socket; 0 when there was.
    private(set) var socketError: CInt = 0
    /// Why the guard would not let it connect.
    private(set) var blocked: String?
    /// libcurl has begun to send the request, and no response has come since.
    private var isSent = false
    /// libcurl wanted to send once more what must not be sent twice.
    private(set) var wasLost = false
    /// Of the connection, which other transfers may have as well; 0 as long as there is none.
    var localPort = 0
    /// The socket that was opened last for this transfer.
    private(set) var descriptor: CInt = -1
    var sentBytes: Int64 = 0
    /// Over HTTP/3, what may still have to be acknowledged of the bytes that were sent.
    var unacknowledged: Int64 = 0
    var speed = SpeedWatch()
    /// Whether frames are watched, because nothing else tells where the body ends.
    var isStreamWatched = false
    private var isTraced = false
    var stream = StreamWatch()
    /// Between its end and whoever takes it.
    private var result: HopResult?
    /// The request's head as libcurl has sent it, where it is recorded.
    private(set) var requestHead: [UInt8] = []

    init(_ setup: TransferSetup, engine: CurlEngine) {
        self.setup = setup
        self.engine = engine
        rules = TransferRules(setup.configuration)
        collector = engine.makeCollector()
        handle = RequestHandle(setup, engine: engine)
        setCallbacks()
        if setup.recordsRequests { easy.set(CURLOPT_VERBOSE, 1) }
    }

    /// Whether libcurl is to tell of frames; where it tells what it sends, it does so anyway.
    func trace(_ isTraced: Bool) {
        guard isTraced != self.isTraced, !setup.recordsRequests else { return }
        self.isTraced = isTraced
        easy.set(CURLOPT_VERBOSE, isTraced ? 1 : 0)
    }

    /// A large head may come in pieces; after a whole one comes another: the answer to a challenge, or a proxy's turn is over.
    func sentHead(_ bytes: UnsafeRawBufferPointer) {
        if requestHead.suffix(4) == Array("\r\n\r\n".utf8)[...] { requestHead = [] }
        requestHead += bytes
    }

    deinit { errorText.deallocate() }

    var easy: EasyHandle {
        _read { yield handle.easy }
    }

    var hadCredentials: Bool { request.url.hasCredentials || request.credentials != nil }

    // MARK: Start

    /// Makes the handle ready to be added. `start` is when the hop was dispatched; `lookUpTime` what its name has cost since.
    func begin(
        _ request: HopRequest, serial: Int, plan: AddressPlan, start: Instant, lookUpTime: Duration,
        continuation: UnsafeContinuation<TransferEvent, Never>
    ) {
        self.serial = serial
        collector = engine.makeCollector()
        self.continuation = continuation
        self.plan = plan
        self.start = start
        self.lookUpTime = lookUpTime
        spent = lookUpTime
        isGranted = false
        hasToldOfStarvation = false
        hasToldOfGrowth = false
        isDelivered = false
        isPaused = false
        isDone = false
        isStreaming = false
        hasOutgrown = false
        rules.set(request, before: self.request, setup)
        self.request = request
        proxy = setup.proxy(for: request.url.origin)
        handle.prepare(
            for: request, proxy: proxy,
            isFresh: request.avoidsReuse || (!request.isIdempotent && engine.closingOrigins.contains(request.url.origin)))
        startedAt = WallClock.now - spent.microseconds
        prepareAttempt()
    }

    /// Turns to the address that is next in the plan.
    private func prepareAttempt() {
        state = TransferState(rules)
        if let unusable = handle.bodyFailure { state.fail(.unusable(unusable)) }
        requestHead = []
        errorText[0] = 0
        socketError = 0
        blocked = nil
        isSent = false
        wasLost = false
        localPort = 0
        descriptor = -1
        (sentBytes, unacknowledged) = (0, 0)
        stream = StreamWatch()
        speed = SpeedWatch()
        let isWholeTime = plan.isLast && spent < .milliseconds(1)
        handle.prepare(
            address: plan.current.address, port: plan.port,
            connectTimeout: isWholeTime
                ? setup.connectTimeout : plan.timeLimit(of: Instant.now.duration(to: connectDeadline)).curlMilliseconds,
            timeLimit: request.timeLimit.map { ($0 - spent).curlMilliseconds } ?? 0)
    }

    /// Whether another address is worth a try after that result; if so, the handle is ready for it.
    func turnToNextAddress(_ code: CURLcode) -> Bool {
        guard !plan.isLast, [CURLE_COULDNT_CONNECT, CURLE_QUIC_CONNECT_ERROR, CURLE_OPERATION_TIMEDOUT].contains(code), !isConnected,
            socketError == 0, failure == nil
        else {
            return false
        }
        let now = Instant.now
        spent = start.duration(to: now)
        guard now < connectDeadline, request.timeLimit.map({ spent < $0 }) ?? true,
            plan.advance(afterRefusal: code != CURLE_OPERATION_TIMEDOUT)
        else { return false }
        prepareAttempt()
        return true
    }

    /// When the connection must be there.
    private var connectDeadline: Instant { start + setup.configuration.timeouts.connect }

    /// Whether there is a connection, perhaps one that was there before: that one has taken no time, but the request was sent.
    var isConnected: Bool { isSent || state.reached > .start || easy.offset(CURLINFO_CONNECT_TIME_T) > 0 }

    /// Whether libcurl may send the request now. When a connection that it reused turns out to be dead it does so again by itself;
    /// what is not idempotent may have been received by then (RFC 9110 section 9.2.2).
    func mayBeSent() -> Bool {
        if failure != nil { return false }
        if isSent, !request.isIdempotent, easy.long(CURLINFO_REQUEST_SIZE) > 0 {
            wasLost = true
            return false
        }
        isSent = true
        engine.madeProgress()
        return true
    }

    /// The only way to a connection, and the place where it can be forbidden: what is dialled is what is judged.
    func openSocket(_ pointer: UnsafeMutablePointer<curl_sockaddr>) -> CInt {
        if failure != nil { return CURL_SOCKET_BAD }
        let address = pointer.pointee
        if let addressGuard = setup.addressGuard, proxy == nil {
            let bytes = UnsafeRawPointer(pointer) + MemoryLayout<curl_sockaddr>.offset(of: \.addr)!
            if let refusal = addressGuard.refusal(bytes.assumingMemoryBound(to: sockaddr.self), host: request.url.origin.host) {
                blocked = refusal
                return CURL_SOCKET_BAD
            }
        }
        let descriptor = socket(address.family, address.socktype | CInt(SOCK_CLOEXEC.rawValue), address.protocol)
        self.descriptor = descriptor
        engine.madeProgress()
        if descriptor >= 0 { engine.socketOpened(descriptor) } else { socketError = errno }
        return descriptor
    }

    // MARK: Receiving

    func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        engine.madeProgress()
        // A challenge is a response: what libcurl sends next answers it.
        isSent = false
        if state.receiveHead(line) == .abort {
            closeConnection()
            return 0
        }
        if state.reached == .head { receivedHead() }
        return line.count
    }

    /// A redirect to the same host will want the connection again; nobody wants one whose framing is in doubt.
    private func receivedHead() {
        if request.url.origin.isSecure && state.needsStreamEnd { engine.watchStream(of: self) }
        if state.hasTwoFramings {
            closeConnection()
        } else if handle.forbidsReuse, !engine.keepsNoConnections, leadsToSameOrigin {
            handle.forbidReuse(false)
        }
    }

    private var leadsToSameOrigin: Bool {
        guard let location = state.target else { return false }
        return location.starts(with: request.url.origin.text.utf8) || (location.starts(with: "/".utf8) && !location.starts(with: "//".utf8))
    }

    // MARK: End

    /// Takes the end from libcurl; `code` nil means cancelled.
    func end(_ code: CURLcode?) {
        isDone = true
        isPaused = false
        handle.closeBody()
        if let unusable = handle.bodyFailure { state.fail(.unusable(unusable)) }
        switch code {
        case nil: state.end(.cancelled)
        case CURLE_OK: state.end(.success(stream: stream.end))
        case let code?: state.end(.failure(makeError(code)))
        }
        if handle.usesHTTP3 { handle.noteVersion(state.head) }
    }

    /// A transfer that had ended and is cancelled before anybody took its result.
    func abandon() {
        collector.discard()
        state.end(.cancelled)
    }

    /// Hands on the end if the body is complete and somebody waits for it. Returns whether the transfer is over.
    func deliverEnd() -> Bool {
        guard isDone, !isDelivered, continuation != nil else { return false }
        if isStreaming, state.verdict?.error == nil, !collector.isEmpty {
            deliverPart()
            return false
        }
        // A success of which nobody wants to know more has no facts.
        let hasFacts = request.wantsFacts || !state.isPlainSuccess
        guard let verdict = state.takeVerdict() else {
            if !isStreaming { engine.starve(self) }
            return false
        }
        let result = makeResult(verdict, hop: hasFacts ? makeHop() : Hop(url: request.url, method: request.method))
        if result.hasLostReusedConnection { engine.closingOrigins.insert(request.url.origin) }
        self.result = result
        isGranted = false
        isDelivered = true
        resume(.finished)
        return true
    }

    /// What it came to, once that was told.
    func takeResult() -> HopResult { result.take()! }

    /// Once for each transfer.
    func tellOfGrowth() {
        guard hasOutgrown, !hasToldOfGrowth, !isDone, !isStreaming, continuation != nil else { return }
        hasToldOfGrowth = true
        resume(.outgrew)
    }

    /// Once for each transfer.
    func tellOfStarvation() {
        guard !hasToldOfStarvation, !isStreaming, continuation != nil else { return }
        hasToldOfStarvation = true
        resume(.starved)
    }

    func resumeIfGranted() {
        guard isGranted, !isDone, continuation != nil else { return }
        isGranted = false
        resume(.granted)
    }
}
