// How a run ends for the shell. The numbers are those of sysexits.h where it has one, else the shell's own conventions.

import Glibc

/// The exit status of `fetch`.
enum ExitStatus: Equatable {
    case success
    /// Some URLs failed.
    case someFailed
    /// The command line must be another one (EX_USAGE).
    case usage
    /// What was given as a list of URLs is none (EX_DATAERR).
    case notAList
    /// A named file cannot be read; nothing was fetched (EX_NOINPUT).
    case noInput
    /// A named output cannot be created; nothing was fetched (EX_CANTCREAT).
    case cannotCreate
    /// A fault of ours (EX_SOFTWARE).
    case internalError
    /// The output could not be written (EX_IOERR).
    case outputFailed
    /// Stopped by a limit of the user's own: the deadline, too many failures (EX_TEMPFAIL).
    case stoppedByLimit
    /// Ended by a signal, which is raised again so that the caller sees it.
    case signal(Int32)

    /// Ends the process.
    func exit() -> Never {
        switch self {
        case .success: Glibc.exit(0)
        case .someFailed: Glibc.exit(1)
        case .usage: Glibc.exit(64)
        case .notAList: Glibc.exit(65)
        case .noInput: Glibc.exit(66)
        case .internalError: Glibc.exit(70)
        case .cannotCreate: Glibc.exit(73)
        case .outputFailed: Glibc.exit(74)
        case .stoppedByLimit: Glibc.exit(75)
        case .signal(let number):
            _ = Glibc.signal(number, SIG_DFL)
            var set = sigset_t()
            sigemptyset(&set)
            sigaddset(&set, number)
            pthread_sigmask(SIG_UNBLOCK, &set, nil)
            raise(number)
            // Only if the signal is ignored by whoever started us.
            Glibc.exit(128 + number)
        }
    }
}
