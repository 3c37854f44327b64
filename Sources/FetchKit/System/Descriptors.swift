// Descriptors are the first thing that a machine runs out of, and not everyone who needs one says so: getaddrinfo(3) calls a name
// unknown when it cannot open its files.

internal import Glibc

/// The descriptors that this process may still open.
package enum Descriptors {
    /// How many can be opened now, as far as `count`.
    package static func available(upTo count: Int) -> Int {
        var opened: [CInt] = []
        defer { for descriptor in opened { close(descriptor) } }
        while opened.count < count {
            // O_PATH (open(2)): no permission is needed.
            let descriptor = open("/", 0o10000000 | O_CLOEXEC)
            guard descriptor >= 0 else { return errno == EMFILE || errno == ENFILE ? opened.count : count }
            opened.append(descriptor)
        }
        return opened.count
    }

    /// Runs `body` while no descriptor can be opened.
    static func withheld<Result>(_ body: () -> Result) -> Result {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return body() }
        var none = limit
        none.rlim_cur = 0
        setrlimit(resource, &none)
        defer { setrlimit(resource, &limit) }
        return body()
    }
}
