// A call of libcurl returns when its socket has nothing more to read. Over HTTP/2 a server can see to it that this never happens, with
// frames that are part of no response; no callback is called meanwhile, and all other transfers of the loop wait.

internal import Glibc
internal import Synchronization

/// Cuts a connection that holds the loop in one call for too long. The loop says what it does; a thread of its own looks on.
final class CallWatch: Sendable {
    /// What a call may use of a processor without any progress. Not of time: a machine that is busy with others is no fault of the
    /// server.
    private static let most = Duration.milliseconds(300)
    private static let interval = 100_000_000

    /// Counts calls; odd while one is under way.
    private let call = Atomic(0)
    private let descriptor = Atomic<CInt>(-1)
    private let progress = Atomic(0)
    /// The call whose connection was cut, and the local port of that.
    private let cutCall = Atomic(-1)
    private let cutPort = Atomic(0)
    /// Posted when the thread is to end (sem_overview(7)).
    private let stopped: Stop

    private struct Stop: @unchecked Sendable {
        // Unchecked: semaphores are made for several threads.
        let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    }

    init() {
        stopped = Stop()
        sem_init(stopped.semaphore, 0, 0)
    }

    deinit {
        sem_destroy(stopped.semaphore)
        stopped.semaphore.deallocate()
    }

    // MARK: The loop's side

    func begin(_ descriptor: CInt) {
        self.descriptor.store(descriptor, ordering: .relaxed)
        advance(call)
    }

    /// Returns the local port of the connection if it was cut during the call: its socket may be closed by now.
    func end() -> Int? {
        let number = call.load(ordering: .relaxed)
        advance(call)
        return cutCall.load(ordering: .acquiring) == number ? cutPort.load(ordering: .relaxed) : nil
    }

    func madeProgress() { advance(progress) }

    func stop() { sem_post(stopped.semaphore) }

    /// Returns false when `interval` is over before.
    private func waitForStop() -> Bool {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let end = time.tv_nsec + Self.interval
        time = timespec(tv_sec: time.tv_sec + end / 1_000_000_000, tv_nsec: end % 1_000_000_000)
        while true {
            if sem_timedwait(stopped.semaphore, &time) == 0 { return true }
            if errno != EINTR { return false }
        }
    }

    /// One thread alone writes it.
    private func advance(_ count: borrowing Atomic<Int>) {
        count.store(count.load(ordering: .relaxed) &+ 1, ordering: .releasing)
    }

    // MARK: The thread's side

    /// Looks at the loop's calls until `stop`. `loop` is its thread, which outlives this one.
    func run(loop: pthread_t) {
        var clock = clockid_t()
        guard pthread_getcpuclockid(loop, &clock) == 0 else { return }
        var seen: (call: Int, progress: Int, used: Duration)?
        while !waitForStop() {
            let (call, progress) = (call.load(ordering: .acquiring), progress.load(ordering: .acquiring))
            guard call % 2 == 1 else {
                seen = nil
                continue
            }
            var time = timespec()
            clock_gettime(clock, &time)
            let used = Duration.seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
            guard let known = seen, known.call == call, known.progress == progress else {
                seen = (call, progress, used)
                continue
            }
            if used - known.used > Self.most, self.call.load(ordering: .acquiring) == call {
                let descriptor = descriptor.load(ordering: .relaxed)
                cutPort.store(NumericAddress.local(of: descriptor)?.port ?? 0, ordering: .relaxed)
                cutCall.store(call, ordering: .releasing)
                // libcurl sees the end of the connection, and returns.
                shutdown(descriptor, CInt(SHUT_RDWR))
                seen = nil
            }
        }
    }
}
