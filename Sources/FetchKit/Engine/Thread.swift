// A thread that must be joined: libcurl and OpenSSL clean up at exit, and a thread that still runs then crashes the program.

internal import CLinux
internal import Glibc

/// A POSIX thread of our own, for what must not block a thread of Swift's pool.
package final class Thread: Sendable {
    private let handle: pthread_t

    /// Starts `body`. `name` has at most 15 bytes (prctl(2), PR_SET_NAME).
    package init(name: String, _ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Box(name: name, body: body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { context in
                let box = Unmanaged<Box>.fromOpaque(context!).takeRetainedValue()
                _ = clinux_name_thread(box.name)
                box.body()
                return nil
            }, box.toOpaque())
        precondition(code == 0, "cannot start a thread: \(String(cString: strerror(code)))")
        self.handle = handle
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
