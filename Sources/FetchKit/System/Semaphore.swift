// What a thread sleeps on that may not run asynchronous code.

internal import Glibc

/// Lets one thread wait for another (sem_overview(7)).
final class Semaphore: @unchecked Sendable {
    // Unchecked: the functions that take it may be called by any thread.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() { sem_post(semaphore) }

    /// Waits for as many signals as there were waits.
    func wait() {
        // The only error is EINTR.
        while sem_wait(semaphore) != 0 {}
    }
}
