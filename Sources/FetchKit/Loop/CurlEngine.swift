// What the loop's thread owns: the multi handle, the transfers, the deadlines. Nothing in here is reached from another thread.

internal import CCurl
internal import Glibc
internal import HeapModule

/// Carries transfers out with one multi handle.
final class CurlEngine: Engine {
    /// With fewer than so many descriptors left, none is taken that can be done without.
    private static let manyDescriptors = 16
    private let sparesDescriptors: Bool
    /// With fewer than so many an idle connection is one too many for the next one.
    private static let fewDescriptors = 6
    let keepsNoConnections: Bool

    let configuration: Configuration
    let setup: TransferSetup
    let memory: BodyMemory
    private let store: SpillStore
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    var multi: MultiHandle?
    private var interests = SocketInterests()
    private let poller: Poller
    private var lastTick = Instant.now
    private var lastSpeedCheck = Instant.now
    private(set) var transfers: [Int: Transfer] = [:]
    private var idle: [Transfer] = []
    /// When libcurl wants to be called although no socket is ready; nil when it does not.
    private var deadline: Instant?
    /// Transfers that wait for room for their bodies.
    var starved: Set<Int> = []
    var lastFeeding = Instant.now
    /// Hops that wait for the addresses of their host.
    var lookUps: [Int: LookUp] = [:]
    /// Hops that ended before libcurl knew of them.
    var failures: [Int: HopResult] = [:]
    private var timers: Heap<LoopTimer> = []
    var brokenFamily = BrokenFamily()
    /// Cookies, while the engine is open.
    private(set) var jar: CookieJar?
    /// nil is as fast as they come.
    var bandwidth: Bandwidth?
    let resolver: Resolver
    var closingOrigins = ClosingOrigins()
    /// Set by whatever part of a response libcurl hands over.
    private var hasProgress = false
    /// Lines of libcurl's trace in the call at hand.
    var tracedLines = 0
    /// nil where no call of libcurl can last.
    private var watch: (calls: CallWatch, thread: Thread)?
    /// Transfers whose end is proved by a frame of HTTP/2 alone.
    var watchedStreams = 0
    private let counts: ByteCounts
    /// The loop that drives this engine, for what other threads have to tell.
    weak var loop: EventLoop?

    init(
        _ configuration: Configuration, resolver: Resolver, memory: BodyMemory, store: SpillStore, poller: Poller, counts: ByteCounts
    ) throws(PollerError) {
        sparesDescriptors = Descriptors.available(upTo: Self.manyDescriptors) < Self.manyDescriptors
        guard let multi = MultiHandle(sparesDescriptors: sparesDescriptors) else {
            throw PollerError(errno: ENOMEM)
        }
        keepsNoConnections = Descriptors.available(upTo: Self.fewDescriptors) < Self.fewDescriptors
        self.multi = consume multi
        self.counts = counts
        self.configuration = configuration
        self.resolver = resolver
        self.poller = poller
        self.memory = memory
        self.store = store
        setup = TransferSetup(configuration)
        bandwidth = configuration.rates.download.map { Bandwidth(rate: $0 / max(1, configuration.limits.threads)) }
    }

    deinit { scratch.deallocate() }

    // MARK: Life

    func open() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        multi!.setCallbacks(
            socket: { _, descriptor, what, context, _ in
                CurlEngine.from(context).want(what, of: descriptor)
                return 0
            },
            timer: { _, milliseconds, context in
                CurlEngine.from(context).setDeadline(milliseconds)
                return 0
            },
            context: context)
        // Idle connections are kept only as far as transfers could use them at once; a larger pool makes each transfer slower.
        multi!.set(CURLMOPT_MAXCONNECTS, sparesDescriptors ? configuration.limits.concurrency : max(configuration.limits.concurrency, 16))
        multi!.set(CURLMOPT_PIPELINING, setup.isMultiplexed ? Int(CURLPIPE_MULTIPLEX) : Int(CURLPIPE_NOTHING))
        jar = configuration.cookies.map { CookieJar($0) }
    }

    private func watchCalls() {
        let calls = CallWatch()
        let loop = pthread_self()
        watch = (try? Thread(name: "fetch-watch") { calls.run(loop: loop) }).map { (calls, $0) }
    }

    /// Ends what is left and closes all connections. libcurl calls back while it does, so the engine must still be whole.
    func close() {
        watch?.calls.stop()
        watch?.thread.join()
        watch = nil
        jar?.save()
        for transfer in transfers.values where !transfer.isDone { multi!.remove(transfer.easy.pointer) }
        transfers = [:]
        idle = []
        multi = nil
        jar = nil
    }

    // MARK: Transfers

    func makeCollector() -> BodyCollector {
        BodyCollector(memory: memory, store: store, threshold: configuration.bodies.streamingThreshold)
    }

    var now: Instant { .now }

    func begin(
        _ request: HopRequest, _ plan: AddressPlan, _ lookUp: (start: Instant, cost: Duration)?, _ continuation: Continuation
    ) {
        let transfer = idle.popLast() ?? Transfer(setup, engine: self)
        transfer.begin(
            request, serial: request.serial, plan: plan, start: lookUp?.start ?? request.dispatchedAt, lookUpTime: lookUp?.cost ?? .zero,
            continuation: continuation)
        transfers[request.serial] = transfer
        if watch == nil, transfer.handle.usesHTTP2, request.url.origin.isSecure { watchCalls() }
        transfer.trace(watchedStreams > 0)
        multi!.add(transfer.easy.pointer)
        if plan.current.isTrial { superviseTrial(transfer) }
    }

    func cancel(_ serial: Int) {
        if let lookUp = lookUps.removeValue(forKey: serial) { return fail(lookUp, lookUp.cancelled()) }
        guard let transfer = transfers[serial], !transfer.isDelivered else { return }
        finish(transfer, code: nil)
    }

    /// Takes finished transfers from libcurl and resumes those who wait for them.
    func collectFinished() {
        while let (easy, code) = multi!.nextFinished() {
            guard let pointer = privatePointer(of: easy) else { continue }
            finish(Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue(), code: code)
        }
        if !starved.isEmpty { feedStarved() }
    }

    /// `code` nil means cancelled.
    func finish(_ transfer: Transfer, code: CURLcode?) {
        if !transfer.isDone {
            multi!.remove(transfer.easy.pointer)
            if let code, code != CURLE_OK, tryNextAddress(transfer, code) { return }
            transfer.end(code)
        } else if code == nil {
            transfer.abandon()
        }
        settle(transfer)
    }

    /// Hands the result of an ended transfer to whoever waits for it, when body and waiter are there.
    func settle(_ transfer: Transfer) {
        guard transfer.deliverEnd() else { return }
        if !starved.isEmpty { starved.remove(transfer.serial) }
        endWatch(of: transfer)
    }

    func takeResult(of serial: Int) -> HopResult {
        if !failures.isEmpty, let failure = failures.removeValue(forKey: serial) { return failure }
        let transfer = transfers.removeValue(forKey: serial)!
        // A handle that carried credentials is not used again: state may stay in it (CVE-2026-11856).
        defer { if !transfer.hadCredentials && idle.count < configuration.limits.concurrency { idle.append(transfer) } }
        return transfer.takeResult()
    }

    /// A part of a response is here.
    func madeProgress() {
        hasProgress = true
        watch?.calls.madeProgress()
    }

    var decodeBuffer: UnsafeMutableRawBufferPointer { scratch }

    func received(_ count: Int) { counts.receive(count) }

    func expect(_ count: Int64) { counts.announce(count) }

    // MARK: Sockets and time

    func act(on descriptor: CInt, _ readiness: Poller.Interest) {
        guard interests.isWanted(descriptor, in: poller) else { return }
        var events: Int32 = 0
        if !readiness.isDisjoint(with: .read) { events |= CURL_CSELECT_IN }
        if !readiness.isDisjoint(with: .write) { events |= CURL_CSELECT_OUT }
        if !readiness.isDisjoint(with: .error) { events |= CURL_CSELECT_ERR }
        hasProgress = false
        tracedLines = 0
        watch?.calls.begin(descriptor)
        multi!.act(on: descriptor, events: events)
        if let port = watch?.calls.end() { return giveUpIdle(descriptor, port: port) }
        guard readiness.contains(.read) else { return }
        let reads = hasProgress ? 0 : 1 + tracedLines / Self.tracedLinesOfRead
        if interests.noteIdleReads(reads, from: descriptor) >= Self.mostIdleReads {
            _ = interests.noteIdleReads(0, from: descriptor)
            giveUpIdle(descriptor)
        }
    }

    /// Sees to a lookup or a transfer at that time, if it is still there.
    func wake(_ serial: Int, at time: Instant) {
        timers.insert(LoopTimer(at: time, serial: serial))
    }

    /// Does what its time has come for.
    private func fireTimers() {
        guard let first = timers.min, first.at <= .now else { return }
        while let timer = timers.min, timer.at <= .now {
            timers.removeMin()
            if timer.serial == Bandwidth.serial {
                shareBandwidth()
            } else if let lookUp = lookUps.removeValue(forKey: timer.serial) {
                fail(lookUp, lookUp.timedOut())
            } else if let transfer = transfers[timer.serial] {
                endTrial(transfer)
            }
        }
    }

    /// Calls libcurl when its deadline has come, and once a second while transfers run, because libcurl before 8.11.1 forgets
    /// to ask for a deadline in some orders of events (curl 4cded6deac).
    private func actOnDeadline(_ now: Instant) {
        let isDue = deadline.map { $0 <= now } ?? false
        guard isDue || (now - lastTick >= .seconds(1) && !transfers.isEmpty) else { return }
        if isDue { deadline = nil }
        lastTick = now
        multi!.actOnTimeout()
    }

    func prepareToWait(until alarm: Instant?) -> CInt {
        interests.flush(to: poller)
        return timeout(until: alarm)
    }

    func actOnTime() {
        let now = Instant.now
        actOnDeadline(now)
        fireTimers()
        if now.nanoseconds - lastSpeedCheck.nanoseconds >= 1_000_000_000 {
            lastSpeedCheck = now
            endStalled()
        }
    }

    private func timeout(until alarm: Instant?) -> CInt {
        if transfers.isEmpty && deadline == nil && timers.isEmpty && alarm == nil { return -1 }
        let now = Instant.now
        var end = Instant(nanoseconds: now.nanoseconds + (starved.isEmpty ? 1_000_000_000 : 20_000_000))
        if let alarm { end = min(end, alarm) }
        if let deadline { end = min(end, deadline) }
        if let timer = timers.min { end = min(end, timer.at) }
        return CInt((max(0, end.nanoseconds - now.nanoseconds) + 999_999) / 1_000_000)
    }

    private func want(_ what: Int32, of descriptor: curl_socket_t) {
        let interest: Poller.Interest =
            switch what {
            case CURL_POLL_IN: .read
            case CURL_POLL_OUT: .write
            case CURL_POLL_INOUT: [.read, .write]
            default: []
            }
        interests.want(interest, of: descriptor, from: poller)
    }

    /// The timer callback only stores: libcurl must not be called from inside it.
    private func setDeadline(_ milliseconds: Int) {
        deadline = milliseconds < 0 ? nil : Instant(nanoseconds: Instant.now.nanoseconds + Int64(milliseconds) * 1_000_000)
    }

    func socketOpened(_ descriptor: CInt) { interests.opened(descriptor) }

    func socketClosed(_ descriptor: CInt) { interests.closed(descriptor) }

    static func from(_ context: UnsafeMutableRawPointer?) -> CurlEngine {
        Unmanaged<CurlEngine>.fromOpaque(context!).takeUnretainedValue()
    }
}
