// What must be so before anything else happens in the process.

import CLinux
import FetchKit
import Glibc

/// The state of the process at the start.
enum Startup {
    /// Descriptors that are not transfers: event loop, wake-ups, libcurl's own, the list, the spill file.
    private static let otherDescriptors = 11
    /// A transfer's connection, and one in reserve for a connection that closes; before there is a connection, two for a name lookup.
    private static let descriptorsPerTransfer = 2
    /// And two where libcurl itself looks up a name, that of a proxy: its resolver has a pair of sockets for each (7.88).
    private static let descriptorsPerProxyLookUp = 2

    static func prepare() {
        keepStandardDescriptors()
        // A reader that leaves is noticed by the result of a write.
        signal(SIGPIPE, SIG_IGN)
        // And so is a limit of the size of files (ulimit -f).
        signal(SIGXFSZ, SIG_IGN)
        // malloc raises its threshold by itself otherwise, and the memory of large bodies stays with the process.
        _ = clinux_set_mmap_threshold(1 << 20)
        // With the standard 128 KiB, pieces of a large body that one thread takes and another frees go back to the system each time, and
        // the pages that come in their place are most of what the body costs.
        _ = clinux_set_trim_threshold(4 << 20)
        // libidn2, which turns international host names into ASCII, reads the encoding from the locale, and cron has none.
        setlocale(LC_CTYPE, "C.UTF-8")
        // libcurl writes the keys of TLS connections where this says, also in a set-uid program.
        if clinux_is_secure() != 0 { unsetenv("SSLKEYLOGFILE") }
    }

    /// Opens what is closed of descriptors 0 to 2, so that no socket becomes standard output. Reading and writing the
    /// substitute fails as it should.
    private static func keepStandardDescriptors() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// Throws when fewer descriptors are left than a run with one transfer at once needs, so that it ends with one clear line and not
    /// with one for each URL. To be asked when list and outputs are open.
    static func requireDescriptors(threads: Int, savingBodies: Bool) throws(DescriptorUnavailable) {
        // For each event loop two, and the transfer's connection and a lookup, or the body's file and its folder.
        let needed = (2 + CurlLibrary.current.descriptorsOfMulti) * threads + (savingBodies ? 3 : 2)
        let left = Descriptors.available(upTo: needed)
        guard left >= needed else { throw DescriptorUnavailable(errno: EMFILE) }
    }

    /// Raises the limit of open descriptors as far as it goes, and returns how many transfers fit under it.
    static func transfersThatFit(_ wanted: Int, throughProxy: Bool, savingBodies: Bool) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        // A body that is saved has a file.
        let each = descriptorsPerTransfer + (throughProxy ? descriptorsPerProxyLookUp : 0) + (savingBodies ? 1 : 0)
        // Besides the standard streams we may have inherited some; few programs have more than a thousand to pass on. They are counted
        // only where they matter: that takes a system call for each.
        let most = min(1024, CInt(clamping: limit.rlim_cur))
        let room = Int(clamping: limit.rlim_cur) - otherDescriptors
        if (room - Int(most)) / each >= wanted { return wanted }
        let inherited = (0..<most).count { fcntl($0, F_GETFD) != -1 }
        return max(1, min(wanted, (room - inherited) / each))
    }
}
