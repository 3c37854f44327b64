// One transfer: the state behind one easy handle, from the moment it is added until its end is handed on. libcurl calls
// back into it, so it needs a stable address: a class, owned by the engine's table.

internal import CCurl
internal import CLinux
internal import Glibc

/// A hop in flight. Lives on the loop's thread.
final class Transfer {
    let handle: RequestHandle
    let setup: TransferSetup
    unowned let engine: Engine
    let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

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
    var collector: BodyCollector!
    var isStreaming = false
    var hasOutgrown = false
    @exclusivity(unchecked) var wireBytes: Int64 = 0
    @exclusivity(unchecked) var deliveredBytes: Int64 = 0
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
    var result: HopResult!
    var hash: SHA256?
    /// The request's head as libcurl has sent it, where it is recorded.
    @exclusivity(unchecked) private var requestHead: [UInt8] = []
    /// Why we stopped the transfer ourselves.
    var failure: FetchError?

    init(_ setup: TransferSetup, engine: Engine) {
        self.setup = setup
        self.engine = engine
        handle = RequestHandle(setup, engine: engine)
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
        if !setup.configuration.recording.isDisjoint(with: [.requests, .wire]) { listenToRequests(context) }
    }

    /// libcurl tells what it sends only to whoever wants to debug.
    private func listenToRequests(_ context: UnsafeMutableRawPointer) {
        easy.set(CURLOPT_VERBOSE, 1)
        easy.set(
            CURLOPT_DEBUGFUNCTION,
            callback: { _, kind, bytes, count, context in
                if kind == CURLINFO_HEADER_OUT, let bytes, count > 0 {
                    Transfer.from(context).sentHead(UnsafeRawBufferPointer(start: bytes, count: count))
                }
                return 0
            } as curl_debug_callback)
        easy.set(CURLOPT_DEBUGDATA, pointer: context)
    }

    /// A large head may come in pieces; after a whole one comes another: the answer to a challenge, or a proxy's turn is over.
    private func sentHead(_ bytes: UnsafeRawBufferPointer) {
        if requestHead.suffix(4) == Array("\r\n\r\n".utf8)[...] { requestHead = [] }
        requestHead += bytes
    }

    deinit { errorText.deallocate() }

    /// For libcurl's callbacks.
    fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    }

    var easy: EasyHandle {
        _read { yield handle.easy }
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
        self.request = request
        handle.prepare(for: request)
        startedAt = Moment.wallClock - spent.microseconds
        prepareAttempt()
    }

    /// Turns to the address that is next in the plan.
    private func prepareAttempt() {
        head = HeadParser()
        body = .waiting
        wireBytes = 0
        requestHead = []
        errorText[0] = 0
        socketError = 0
        blocked = nil
        let isWholeTime = plan.isLast && spent < .milliseconds(1)
        handle.prepare(
            address: plan.current.address, port: plan.port,
            connectTimeout: isWholeTime ? setup.connectTimeout : milliseconds(plan.timeLimit(of: Moment.now.duration(to: connectDeadline))),
            timeLimit: request.timeLimit.map { milliseconds($0 - spent) } ?? 0)
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

    // MARK: Receiving

    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        head.receive(line)
        if head.isComplete && (handle.forbidsReuse || head.hasTwoFramings) { decideOnReuse() }
        return line.count
    }

    /// A redirect to the same host will want the connection again; nobody wants one whose framing is in doubt (RFC 9112 section
    /// 6.3, rule 3).
    private func decideOnReuse() {
        if head.hasTwoFramings {
            handle.forbidReuse(true)
        } else if request.followsRedirect, head.isRedirect, leadsToSameOrigin {
            handle.forbidReuse(false)
        }
    }

    private var leadsToSameOrigin: Bool {
        guard let location = head.location else { return false }
        return location.starts(with: request.url.origin.text.utf8) || (location.starts(with: "/".utf8) && !location.starts(with: "//".utf8))
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
        result.contentRange = head.contentRange
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
        if case .wire(let proof) = body {
            deliveredBytes = proof.deliveredBytes
            if result.error == nil { result.error = proof.flawAtEnd }
        }
        result.hop.bytesDelivered = deliveredBytes
        if !setup.configuration.recording.isEmpty { recordExchange() }
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

    /// Takes what is recorded of the hop: with `.wire` the body, whole or not.
    private func recordExchange() {
        let recordsWire = setup.configuration.recording.contains(.wire)
        result.hop.exchange = Exchange(
            of: easy, requestHead: requestHead, requestBody: requestHead.isEmpty ? nil : request.body,
            wireBody: recordsWire ? collector.take() : .empty, spent: spent,
            certificates: setup.configuration.recording.contains(.certificates))
    }

    func makeHop() -> Hop {
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
