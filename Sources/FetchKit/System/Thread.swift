// Threads. One that uses libcurl must be joined: libcurl and OpenSSL clean up at exit, and a thread that still runs then
// crashes the program.

internal import CCurl
internal import CLinux
internal import Glibc

/// The system has no more threads to give (pthread_create(3)).
package struct ThreadUnavailable: Error, CustomStringConvertible {
    let errno: CInt

    package var description: String { "cannot start a thread: \(String(cString: strerror(errno)))" }
}

/// A POSIX thread of our own, for what must not block a thread of Swift's pool.
package final class Thread: Sendable {
    private let handle: pthread_t

    /// Starts `body`. `name` has at most 15 bytes (prctl(2), PR_SET_NAME). Throws when the system has no more threads to give.
    package init(name: String, _ body: @escaping @Sendable () -> Void) throws(ThreadUnavailable) {
        let (code, handle) = Self.start(name, body)
        guard code == 0 else { throw ThreadUnavailable(errno: code) }
        self.handle = handle
    }

    /// Starts a thread that nobody waits for. False when the system has no more threads to give.
    static func detach(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        let (code, handle) = start(name, body)
        if code == 0 { pthread_detach(handle) }
        return code == 0
    }

    private static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> (code: CInt, handle: pthread_t) {
        let box = Unmanaged.passRetained(Box(name: name, body: body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { context in
                let box = Unmanaged<Box>.fromOpaque(context!).takeRetainedValue()
                _ = clinux_name_thread(box.name)
                // OpenSSL writes to sockets that their peers have closed: the signal would end a program that does not ignore it.
                var signals = sigset_t()
                sigemptyset(&signals)
                sigaddset(&signals, SIGPIPE)
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                box.body()
                return nil
            }, box.toOpaque())
        if code != 0 { box.release() }
        return (code, handle)
    }

    /// Nobody waits for the thread.
    func detach() { pthread_detach(handle) }

    /// What it has used of processors; zero when it has ended.
    var processorTime: Duration {
        var clock = clockid_t()
        var time = timespec()
        guard pthread_getcpuclockid(handle, &clock) == 0, clock_gettime(clock, &time) == 0 else { return .zero }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Waits until the thread has ended.
    package func join() {
        pthread_join(handle, nil)
    }

    private final class Box {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
