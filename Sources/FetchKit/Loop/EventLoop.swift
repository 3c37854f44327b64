// One thread, one multi handle. The loop is a task executor: the child task of a transfer runs on the loop's thread, so that
// there is no lock and no hop between a task and libcurl.

internal import Glibc
internal import Synchronization

/// Carries out transfers. Its doors - `perform`, `nextPart`, `awaitTurn` - may only be used by tasks that run on it
/// (`addTask(executorPreference: loop)`); `grantTurn` by anyone.
final class EventLoop: TaskExecutor, @unchecked Sendable {
    // Unchecked: `engine` is touched by the loop's thread alone; everything else is a lock or set before the thread starts.

    private struct Inbox {
        var jobs: [UnownedJob] = []
        var messages: [Message] = []
        /// True while the thread waits for sockets and must be woken to see the inbox.
        var isAsleep = false
        /// Set when the loop is to stop; resumed by its last act.
        var stopped: CheckedContinuation<Void, Never>?
    }

    private enum Message {
        case cancel(Int)
        case grantTurn(TransferID)
        case resolved(Int, Resolution)
    }

    private let inbox = Mutex(Inbox())
    private let poller: Poller
    private let engine: Engine
    private let threadID = Atomic<UInt>(0)
    /// Jobs that the loop's own thread enqueued.
    private var ownJobs: [UnownedJob] = []

    /// Throws when descriptors have run out.
    init(_ configuration: Configuration, resolver: Resolver, memory: BodyMemory, store: SpillStore, monitor: RunMonitor?)
        throws(PollerError)
    {
        poller = try Poller()
        engine = try Engine(configuration, resolver: resolver, memory: memory, store: store, poller: poller, monitor: monitor)
    }

    // MARK: Doors

    /// Carries out one hop. Returns when it is finished or its body has outgrown memory and may stream. Cancelling the task
    /// cancels the transfer.
    func perform(_ request: HopRequest) async -> TransferEvent {
        let serial = engine.makeSerial()
        return await suspend(on: serial) { continuation in
            self.engine.start(request, serial: serial, continuation: continuation, loop: self)
        }
    }

    /// Says what became of a lookup. From any thread.
    func resolved(_ serial: Int, _ resolution: Resolution) {
        post(.resolved(serial, resolution))
    }

    /// Returns at that moment, or when the task is cancelled.
    func sleep(until moment: Instant) async {
        let serial = engine.makeSerial()
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                engine.sleep(serial, until: moment, continuation: continuation)
                if Task.isCancelled { engine.cancel(serial) }
            }
        } onCancel: {
            post(.cancel(serial))
        }
    }

    /// Waits for the next part of a streaming body, or for its end.
    func nextPart(of id: TransferID) async -> TransferEvent {
        await suspend(on: id.serial) { self.engine.nextPart(of: id.serial, continuation: $0) }
    }

    /// Waits until the body may stream (`grantTurn`), or for its end.
    func awaitTurn(of id: TransferID) async -> TransferEvent {
        await suspend(on: id.serial) { self.engine.awaitTurn(of: id.serial, continuation: $0) }
    }

    /// Says that the body may stream: ends the transfer's `awaitTurn`, if it still waits.
    func grantTurn(_ id: TransferID) {
        post(.grantTurn(id))
    }

    /// `onCancel` runs on the canceller's thread, perhaps before the continuation exists: it only posts, and the engine looks
    /// at `Task.isCancelled` when it starts, so that one of the two always sees it.
    private func suspend(
        on serial: Int, _ begin: (UnsafeContinuation<TransferEvent, Never>) -> Void
    ) async -> TransferEvent {
        assert(isCurrent, "transfers run on their loop")
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                begin(continuation)
                if Task.isCancelled { engine.cancel(serial) }
            }
        } onCancel: {
            post(.cancel(serial))
        }
    }

    // MARK: Executor

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            ownJobs.append(job)
        } else {
            send { $0.jobs.append(job) }
        }
    }

    private func post(_ message: Message) {
        send { $0.messages.append(message) }
    }

    private func send(_ put: (inout sending Inbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            put(&inbox)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if mustWake { poller.wake() }
    }

    private var isCurrent: Bool { threadID.load(ordering: .relaxed) == UInt(pthread_self()) }

    // MARK: Thread

    /// Ends `run` and returns when all connections are closed. All transfers must have ended.
    func stop() async {
        await withCheckedContinuation { continuation in
            send { $0.stopped = continuation }
        }
    }

    /// The loop: run what is enqueued, hand out what is finished, wait for sockets.
    func run() {
        threadID.store(UInt(pthread_self()), ordering: .relaxed)
        engine.open()
        while true {
            let stopped = takeInbox()
            runJobs()
            engine.collectFinished()
            if !ownJobs.isEmpty { continue }
            if let stopped {
                engine.close()
                stopped.resume()
                return
            }
            engine.prepareToWait()
            poller.wait(milliseconds: timeoutUnlessBusy()) { descriptor, readiness in
                engine.act(on: descriptor, readiness)
            }
            engine.actOnDeadline()
            engine.fireTimers()
        }
    }

    /// Returns who waits for the end, if the loop was asked to stop.
    private func takeInbox() -> CheckedContinuation<Void, Never>? {
        let (jobs, messages, stopped) = inbox.withLock { inbox in
            inbox.isAsleep = false
            defer {
                inbox.jobs.removeAll(keepingCapacity: true)
                inbox.messages.removeAll(keepingCapacity: true)
            }
            return (inbox.jobs, inbox.messages, inbox.stopped)
        }
        ownJobs.append(contentsOf: jobs)
        for message in messages {
            switch message {
            case .cancel(let serial): engine.cancel(serial)
            case .grantTurn(let id): engine.grantTurn(id.serial)
            case .resolved(let serial, let resolution): engine.resolved(serial, resolution)
            }
        }
        return stopped
    }

    private func runJobs() {
        while !ownJobs.isEmpty {
            let jobs = ownJobs
            ownJobs = []
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    /// How long to wait; 0 when something came in since the inbox was taken.
    private func timeoutUnlessBusy() -> CInt {
        let timeout = engine.timeoutMilliseconds()
        return inbox.withLock { inbox in
            guard inbox.jobs.isEmpty, inbox.messages.isEmpty, inbox.stopped == nil else { return 0 }
            inbox.isAsleep = timeout != 0
            return timeout
        }
    }
}
