// One thread that waits for sockets and runs jobs in between. It is a task executor and a serial executor: the workers of a run, the
// dispatcher and libcurl share the thread, so that there is no lock and no hop between them.

internal import Glibc
internal import Synchronization

/// A thread that drives an engine.
final class EventLoop: TaskExecutor, SerialExecutor, @unchecked Sendable {
    // Unchecked: `engine`, `ownJobs` and the hooks are touched by the loop's thread alone, and before it starts; all else is a lock or an
    // atomic. Nothing above this class is unchecked: `Transfers` and `Dispatcher` are actors whose executor it is.

    typealias Message = @Sendable (any Engine) -> Void

    private struct Inbox {
        var jobs: [UnownedJob] = []
        var messages: [Message] = []
        /// True while the thread waits for sockets and must be woken to see the inbox.
        var isAsleep = false
        var isStopping = false
    }

    let engine: any Engine
    /// When `onAlarm` is to be called; nil is never.
    var alarm: Instant?
    var onAlarm: () -> Void = {}
    /// Called when nothing is left to do but to wait.
    var beforeWaiting: () -> Void = {}

    /// So often in a row the jobs that jobs have enqueued are run.
    private static let mostRounds = 16

    private let inbox = Mutex(Inbox())
    private let poller: Poller
    private let threadID = Atomic<UInt>(0)
    /// Jobs that the loop's own thread enqueued.
    private var ownJobs: [UnownedJob] = []
    private let thread = Mutex<Thread?>(nil)

    init(_ engine: any Engine, poller: Poller) {
        self.engine = engine
        self.poller = poller
    }

    var now: Instant { engine.now }

    /// Whether the caller runs on the loop's thread.
    var isCurrent: Bool { threadID.load(ordering: .relaxed) == UInt(pthread_self()) }

    // MARK: Executor

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            ownJobs.append(job)
        } else {
            put { $0.jobs.append(job) }
        }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    func checkIsolated() { precondition(isCurrent, "not on the event loop's thread") }

    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// Has the loop's thread call `message`, from any thread.
    func send(_ message: @escaping Message) {
        put { $0.messages.append(message) }
    }

    private func put(_ change: (inout sending Inbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if mustWake { poller.wake() }
    }

    // MARK: Life

    /// Throws when the system has no thread to give.
    func start(name: String) throws(ThreadUnavailable) {
        let thread = try Thread(name: name) { [self] in run() }
        self.thread.withLock { $0 = thread }
    }

    /// Ends the thread: its last act is to close the engine. Returns when it has ended, unless called on the thread itself. Nothing may be
    /// enqueued after that.
    func stop() {
        put { $0.isStopping = true }
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if isCurrent { thread?.detach() } else { thread?.join() }
    }

    /// Asks the thread to end, without waiting for that.
    func abandon() {
        put { $0.isStopping = true }
        thread.withLock { thread in
            thread?.detach()
            thread = nil
        }
    }

    /// What the thread has used of processors so far.
    var processorTime: Duration { thread.withLock { $0?.processorTime } ?? .zero }

    // MARK: Thread

    /// Run what is enqueued, hand out what is finished, wait for sockets.
    private func run() {
        threadID.store(UInt(pthread_self()), ordering: .relaxed)
        engine.open()
        while true {
            let isStopping = takeInbox()
            engine.collectFinished()
            runJobs()
            if isStopping && ownJobs.isEmpty { break }
            if let alarm, alarm <= engine.now {
                self.alarm = nil
                onAlarm()
            }
            if ownJobs.isEmpty { beforeWaiting() }
            let timeout = engine.prepareToWait(until: alarm)
            poller.wait(milliseconds: unlessBusy(timeout)) { descriptor, readiness in engine.act(on: descriptor, readiness) }
            engine.actOnTime()
        }
        engine.close()
        // They refer to actors, and those to the loop.
        onAlarm = {}
        beforeWaiting = {}
    }

    /// Returns whether the loop was asked to stop.
    private func takeInbox() -> Bool {
        let (jobs, messages, isStopping) = inbox.withLock { inbox in
            inbox.isAsleep = false
            defer {
                inbox.jobs.removeAll(keepingCapacity: true)
                inbox.messages.removeAll(keepingCapacity: true)
            }
            return (inbox.jobs, inbox.messages, inbox.isStopping)
        }
        ownJobs.append(contentsOf: jobs)
        for message in messages { message(engine) }
        return isStopping
    }

    /// Jobs that only yield come back at once: sockets have their turn in between.
    private func runJobs() {
        for _ in 0..<Self.mostRounds where !ownJobs.isEmpty {
            let jobs = ownJobs
            ownJobs = []
            for job in jobs { job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor()) }
        }
    }

    /// 0 when something came in since the inbox was taken.
    private func unlessBusy(_ timeout: CInt) -> CInt {
        if timeout == 0 || !ownJobs.isEmpty { return 0 }
        return inbox.withLock { inbox in
            guard inbox.jobs.isEmpty, inbox.messages.isEmpty, !inbox.isStopping else { return 0 }
            inbox.isAsleep = true
            return timeout
        }
    }
}
