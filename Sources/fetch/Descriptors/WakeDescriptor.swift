// How a thread of ours that waits in poll(2) is woken by another: an eventfd, so that it can wait for files at the same time.

import CLinux
import Glibc

/// The system has no more descriptors to give.
struct DescriptorUnavailable: Error, CustomStringConvertible {
    let errno: CInt

    var description: String { "cannot start: too few file descriptors: \(String(cString: strerror(errno))) (see ulimit -n)" }
}

/// A descriptor that becomes readable when it is signalled.
final class WakeDescriptor: Sendable {
    let descriptor: CInt

    /// Throws when the system has no more descriptors to give.
    init() throws(DescriptorUnavailable) {
        descriptor = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw DescriptorUnavailable(errno: errno) }
    }

    deinit { close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// Takes the signal back; returns at once.
    func drain() {
        var value: UInt64 = 0
        _ = read(descriptor, &value, 8)
    }

    /// Waits for a signal and takes it back.
    func wait() {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, -1)
        drain()
    }
}
