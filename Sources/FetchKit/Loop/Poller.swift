// Waiting for sockets on Linux: epoll, level-triggered, because that is what libcurl expects
// (https://curl.se/libcurl/c/curl_multi_socket_action.html), and an eventfd to wake the waiting thread.

internal import CLinux
internal import Glibc

/// Tells which sockets are ready. Everything but `wake` belongs to the thread that waits.
final class Poller {
    struct Interest: OptionSet {
        let rawValue: UInt32

        static let read = Interest(rawValue: EPOLLIN.rawValue)
        static let write = Interest(rawValue: EPOLLOUT.rawValue)
        static let error = Interest(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
    }

    private let epoll: CInt
    private let waker: CInt
    private let events: UnsafeMutableBufferPointer<epoll_event>

    /// Throws the errno when descriptors have run out.
    init() throws(PollerError) {
        epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw PollerError(errno: errno) }
        waker = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        guard waker >= 0 else {
            let error = PollerError(errno: errno)
            close(epoll)
            throw error
        }
        events = .allocate(capacity: 256)
        change(waker, to: .read, isNew: true)
    }

    deinit {
        close(epoll)
        close(waker)
        events.deallocate()
    }

    /// Watches a socket, or changes what it is watched for.
    func change(_ descriptor: CInt, to interest: Interest, isNew: Bool) {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.fd = descriptor
        // libcurl closes and reuses descriptors as it likes, and a closed one has left epoll by itself.
        let (first, second) = isNew ? (EPOLL_CTL_ADD, EPOLL_CTL_MOD) : (EPOLL_CTL_MOD, EPOLL_CTL_ADD)
        if epoll_ctl(epoll, first, descriptor, &event) != 0 { _ = epoll_ctl(epoll, second, descriptor, &event) }
    }

    func remove(_ descriptor: CInt) {
        var event = epoll_event()
        _ = epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event)
    }

    /// Waits at most `milliseconds` (-1: for ever) and hands over each socket that is ready.
    func wait(milliseconds: CInt, ready: (_ descriptor: CInt, Interest) -> Void) {
        let count = epoll_wait(epoll, events.baseAddress, CInt(events.count), milliseconds)
        guard count > 0 else { return }
        for event in events[..<Int(count)] {
            if event.data.fd == waker {
                var value: UInt64 = 0
                _ = read(waker, &value, 8)
            } else {
                ready(event.data.fd, Interest(rawValue: event.events))
            }
        }
    }

    /// Makes a `wait`, now or the next one, return at once. From any thread.
    func wake() {
        var one: UInt64 = 1
        _ = write(waker, &one, 8)
    }
}

/// A system call that a poller cannot do without has failed.
struct PollerError: Error {
    let errno: Int32
}
