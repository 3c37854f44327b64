// Ctrl-C and SIGTERM, and SIGUSR1, which only asks how it goes. The main thread does nothing but wait for them with sigwait(3), so that no code of ours ever runs inside a
// signal handler. (Were it left to Swift, it would park in a sigsuspend that lets all signals through and die of them.)

import Glibc
import Synchronization

/// Watches for the signals that end a run. The first one asks it to end, or ends the process where no run has begun; after a second
/// one, or when the output takes nothing for a second, the process ends at once.
final class SignalWatch: Sendable {
    private struct State {
        var received: Int32?
        var cancel: (@Sendable () -> Void)?
        var answer: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Blocks the signals in this thread and all that it starts. Must be made on the main thread before there is another: a
    /// single thread that does not block them would be enough to end the process.
    init() {
        var set = Self.watched()
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Says how to end the run; does so at once if a signal has come already.
    func onSignal(_ cancel: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.cancel = cancel
            return state.received != nil
        }
        if isLate { cancel() }
    }

    /// Says what is to happen when somebody asks how it goes (SIGUSR1).
    func onQuestion(_ answer: @escaping @Sendable () -> Void) {
        state.withLock { $0.answer = answer }
    }

    /// The signal that has ended the run.
    var received: Int32? { state.withLock(\.received) }

    /// Waits for signals until the process ends.
    func watch() -> Never {
        var set = Self.watched()
        var number: Int32 = 0
        sigwait(&set, &number)
        while number == SIGUSR1 {
            state.withLock(\.answer)?()
            sigwait(&set, &number)
        }
        let cancel = state.withLock { state in
            state.received = number
            return state.cancel
        }
        // Before the run begins nothing is to be cancelled, and what is under way, such as opening a named pipe, may take for ever.
        if let cancel {
            cancel()
            waitForEnd(&set)
        }
        ExitStatus.signal(number).exit()
    }

    /// Returns at a second signal, or when one write takes a second. Otherwise the run ends first, and the process with it.
    /// Nobody is as fast as a tenth of a second: what comes before that is the same signal once more, as timeout(1) sends it.
    private func waitForEnd(_ set: inout sigset_t) {
        let first = ContinuousClock.now
        sigdelset(&set, SIGUSR1)
        while true {
            var pause = timespec(tv_sec: 0, tv_nsec: 50_000_000)
            if sigtimedwait(&set, nil, &pause) > 0 && first.duration(to: .now) > .milliseconds(100) { return }
            if let oldest = PendingWrites.oldest, max(first, oldest).duration(to: .now) >= .seconds(1) { return }
        }
    }

    /// Signals that whoever started us ignores (nohup, a shell's background jobs) stay ignored.
    private static func watched() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] {
            var action = sigaction()
            sigaction(number, nil, &action)
            if unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self) {
                sigaddset(&set, number)
            }
        }
        return set
    }
}
