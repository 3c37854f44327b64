import HeapModule
import Synchronization

@testable import FetchKit

/// An engine without sockets: answers come from a script, and time jumps to the next thing that happens.
final class SimulatedEngine: Engine {
    /// What becomes of a hop.
    struct Reply: Sendable {
        /// From its start to its end.
        var after = Duration.milliseconds(10)
        var status = 200
        var location: String?
        var error: FetchError?
        /// Parts of a body that outgrows memory.
        var parts = 0
        /// The disk is full: the body ends only when it may stream, or is the first in line.
        var isStarved = false
    }

    /// What the engine saw; the test reads it.
    final class Log: Sendable {
        struct State {
            var starts: [(index: Int, host: String, time: Duration)] = []
            var running = 0
            var mostRunning = 0
            var runningAtHost: [String: Int] = [:]
            var mostAtHost = 0
            var cancelled = 0
            /// Things that happened so far.
            var steps = 0
            var time = Duration.zero
        }

        let state = Mutex(State())
        /// Called at each step.
        let onStep = Mutex<(@Sendable (Int) -> Void)?>(nil)

        var mostRunning: Int { state.withLock(\.mostRunning) }
        var mostAtHost: Int { state.withLock(\.mostAtHost) }
        var running: Int { state.withLock(\.running) }
        var time: Duration { state.withLock(\.time) }
        var starts: [(index: Int, host: String, time: Duration)] { state.withLock(\.starts) }
    }

    private enum Step { case end, outgrow, part, starve, look }

    private struct Event: Comparable {
        var at: Instant
        var number: Int
        var serial: Int
        var step: Step

        static func < (a: Event, b: Event) -> Bool { (a.at, a.number) < (b.at, b.number) }
        static func == (a: Event, b: Event) -> Bool { a.number == b.number }
    }

    private struct Hop {
        var request: HopRequest
        var reply: Reply
        var continuation: Continuation?
        var pending: [TransferEvent] = []
        var isStreaming = false
        var isOver = false
        var error: FetchError?
    }

    private let script: @Sendable (HopRequest, _ attempt: Int) -> Reply
    private let log: Log
    private var hops: [Int: Hop] = [:]
    private var events: Heap<Event> = []
    private var eventCount = 0
    private var attempts: [String: Int] = [:]
    private var alarm: Instant?
    private let memory = BodyMemory(limit: 1 << 20)
    private let start = Instant(nanoseconds: 1_000_000_000_000)
    private(set) var now = Instant(nanoseconds: 1_000_000_000_000)

    init(_ log: Log, _ script: @escaping @Sendable (HopRequest, _ attempt: Int) -> Reply) {
        self.log = log
        self.script = script
    }

    func open() {}
    func close() {}
    func collectFinished() {}
    func act(on descriptor: CInt, _ readiness: Poller.Interest) {}

    func start(_ request: HopRequest, _ continuation: Continuation) {
        let text = request.url.absoluteString
        attempts[text, default: 0] += 1
        let reply = script(request, attempts[text]!)
        hops[request.serial] = Hop(request: request, reply: reply, continuation: continuation)
        log.state.withLock { log in
            log.starts.append((request.index, request.url.host, now - start))
            log.running += 1
            log.mostRunning = max(log.mostRunning, log.running)
            log.runningAtHost[request.url.host, default: 0] += 1
            log.mostAtHost = max(log.mostAtHost, log.runningAtHost[request.url.host]!)
        }
        if reply.parts > 0 { add(.outgrow, request.serial, after: reply.after / 2) }
        if reply.isStarved { add(.starve, request.serial, after: reply.after / 2) }
        add(reply.isStarved ? .look : .end, request.serial, after: reply.after)
    }

    private func add(_ step: Step, _ serial: Int, after delay: Duration) {
        eventCount += 1
        events.insert(Event(at: now + delay, number: eventCount, serial: serial, step: step))
    }

    func nextEvent(of serial: Int, _ continuation: Continuation) {
        hops[serial]!.continuation = continuation
        if !hops[serial]!.pending.isEmpty { tell(serial, hops[serial]!.pending.removeFirst()) }
    }

    func nextPart(of serial: Int, _ continuation: Continuation) {
        hops[serial]!.isStreaming = true
        if !hops[serial]!.isOver { add(hops[serial]!.reply.parts > 0 ? .part : .end, serial, after: .milliseconds(1)) }
        nextEvent(of: serial, continuation)
    }

    func grantTurn(to serial: Int) {
        guard hops[serial]?.isOver == false else { return }
        tell(serial, .granted)
    }

    func cancel(_ serial: Int) {
        guard hops[serial]?.isOver == false else { return }
        log.state.withLock { $0.cancelled += 1 }
        end(serial, .cancelledInFlight)
    }

    func hop(of serial: Int) -> FetchKit.Hop { FetchKit.Hop(url: hops[serial]!.request.url, method: "GET") }

    func takePart(of serial: Int) -> Body {
        _ = memory.reserve(3)
        return Body(bytes: [1, 2, 3], reservedIn: memory)
    }

    func takeResult(of serial: Int) -> HopResult {
        let hop = hops.removeValue(forKey: serial)!
        var whole = FetchKit.Hop(url: hop.request.url, method: hop.request.method)
        if let error = hop.error { return HopResult(hop: whole, error: error) }
        var head = HeadParser()
        for line in ["HTTP/1.1 \(hop.reply.status) X\r\n"] + (hop.reply.location.map { ["Location: \($0)\r\n"] } ?? []) + ["\r\n"] {
            Array(line.utf8).withUnsafeBytes { head.receive($0) }
        }
        whole.response = head.head
        return HopResult(hop: whole, location: hop.reply.location.map { Array($0.utf8) })
    }

    private func tell(_ serial: Int, _ event: TransferEvent) {
        guard let continuation = hops[serial]!.continuation else { return hops[serial]!.pending.append(event) }
        hops[serial]!.continuation = nil
        continuation.resume(returning: event)
    }

    private func end(_ serial: Int, _ error: FetchError?) {
        hops[serial]!.isOver = true
        hops[serial]!.error = error
        // What was to be told before means nothing any more.
        hops[serial]!.pending = []
        let host = hops[serial]!.request.url.host
        log.state.withLock {
            $0.running -= 1
            $0.runningAtHost[host]! -= 1
        }
        tell(serial, .finished)
    }

    func prepareToWait(until alarm: Instant?) -> CInt {
        self.alarm = alarm
        return events.isEmpty && alarm == nil ? -1 : 0
    }

    /// One step: time goes on to whatever comes first.
    func actOnTime() {
        guard let next = events.min, alarm.map({ next.at <= $0 }) ?? true else {
            if let alarm { now = max(now, alarm) }
            return
        }
        events.removeMin()
        now = max(now, next.at)
        let steps = log.state.withLock {
            $0.steps += 1
            $0.time = now - start
            return $0.steps
        }
        if let onStep = log.onStep.withLock({ $0 }) { onStep(steps) }
        guard let hop = hops[next.serial], !hop.isOver else { return }
        switch next.step {
        case .outgrow: tell(next.serial, .outgrew)
        case .starve: tell(next.serial, .starved)
        case .part:
            hops[next.serial]!.reply.parts -= 1
            tell(next.serial, .part)
        case .look:
            if hop.request.firstInLine.index == hop.request.index || hop.isStreaming { return end(next.serial, hop.reply.error) }
            add(.look, next.serial, after: .milliseconds(10))
        case .end:
            // A body that streams ends with its last part.
            if hop.isStreaming && hop.reply.parts > 0 { return }
            end(next.serial, hop.reply.error)
        }
    }
}

/// Runs a fetcher on simulated engines, all of it on one thread, so that the same script gives the same run.
struct Simulation: Sendable {
    let log = SimulatedEngine.Log()
    let fetcher: Fetcher

    init(
        _ change: (inout Configuration) -> Void = { _ in },
        _ script: @escaping @Sendable (HopRequest, _ attempt: Int) -> SimulatedEngine.Reply = { _, _ in SimulatedEngine.Reply() }
    ) {
        var configuration = Configuration()
        change(&configuration)
        fetcher = Fetcher(configuration) { [log] in SimulatedEngine(log, script) }
    }

    /// Requests `http://a/0`, `http://b/1` ... for hosts in turn.
    static func requests(_ count: Int, hosts: [String] = ["a"], from first: Int = 0) -> [Request] {
        (first..<(first + count)).map { try! Request("http://\(hosts[$0 % hosts.count])/\($0)") }
    }

    /// Calls `body` in a task that runs on the loop, so that time does not go on while it works.
    func run<Result: Sendable>(_ body: @escaping @Sendable (Fetcher) async throws -> Result) async throws -> Result {
        try await task(body).value
    }

    func task<Result: Sendable>(_ body: @escaping @Sendable (Fetcher) async throws -> Result) throws -> Task<Result, any Error> {
        let loop = try fetcher.dispatcher.loops[0].loop
        return Task(executorPreference: loop) { [fetcher] in try await body(fetcher) }
    }
}

/// Keeps what it gets; says no, throws or waits where a test wants it.
final class Recorder: OutcomeReceiver {
    struct State {
        var outcomes: [Outcome] = []
        var calls: [String] = []
        var isBusy = false
        var overlaps = 0
    }

    let state = Mutex(State())
    private let onCall: @Sendable (_ call: String) async throws -> Void

    init(_ onCall: @escaping @Sendable (_ call: String) async throws -> Void = { _ in }) { self.onCall = onCall }

    var outcomes: [Outcome] { state.withLock(\.outcomes) }
    var calls: [String] { state.withLock(\.calls) }
    var indexes: [Int] { outcomes.map(\.index) }
    var kinds: [FetchError.Kind?] { outcomes.map(\.error?.kind) }

    private func call(_ name: String, _ outcome: Outcome? = nil) async throws {
        state.withLock {
            if $0.isBusy { $0.overlaps += 1 }
            $0.isBusy = true
            $0.calls.append(name)
            if let outcome { $0.outcomes.append(outcome) }
        }
        defer { state.withLock { $0.isBusy = false } }
        try await onCall(name)
    }

    func receive(_ outcome: consuming Outcome) async throws { try await call("receive \(outcome.index)", outcome) }
    func beginBody(of outcome: Outcome) async throws { try await call("begin \(outcome.index)") }
    func receivePart(_ part: Body, ofBodyAt index: Int) async throws { try await call("part \(index)") }
    func endBody(of outcome: Outcome) async throws { try await call("end \(outcome.index)", outcome) }
}
