// Names to addresses, on threads of our own. libcurl's resolver starts a thread for each lookup, tells a name that does not
// exist from a server that does not answer not at all, and can stop its loop for seconds when a lookup is abandoned.

internal import DequeModule
internal import Glibc
internal import Synchronization

/// Looks names up with getaddrinfo(3): a bounded number at a time, each name once, and remembers what came out for a while.
final class Resolver: Sendable {
    typealias Notify = @Sendable (Resolution) -> Void

    /// getaddrinfo tells nothing about how long an answer holds; this is libcurl's own choice (CURLOPT_DNS_CACHE_TIMEOUT).
    static let lifetime = Duration.seconds(60)
    /// A name that does not exist may be made; a server that does not answer may come back, and
    /// a retry is to see it.
    static let lifetimeOfAbsence = Duration.seconds(10)
    static let lifetimeOfFailure = Duration.milliseconds(100)

    private struct Entry {
        var resolution: Resolution
        var expires: Instant
    }

    private struct State {
        /// Two generations, so that the names of a long list are forgotten in the order of their use, at no cost.
        var recent: [String: Entry] = [:]
        var older: [String: Entry] = [:]
        var pending: [String: [Notify]] = [:]
        /// Names that wait for a thread.
        var queue: Deque<String> = []
        var threads = 0
    }

    private static let generation = 4096

    private let state = Mutex(State())
    private let mostThreads: Int
    private let family: CInt
    private let overrides: [HostOverride]

    init(_ configuration: Configuration) {
        mostThreads = max(1, configuration.addresses.resolverThreads)
        family = configuration.addresses.family.number
        overrides = configuration.addresses.overrides
    }

    /// What is known of a host, at once; or nil, and `notify` is called later, once, from another thread.
    func lookUp(_ host: String, port: Int, now: Instant, notify: @escaping Notify) -> Resolution? {
        if let override = overrides.last(where: { $0.matches(host, port) }) { return .addresses(override.addresses) }
        let (known, mustStart) = state.withLock { state -> (Resolution?, Bool) in
            if let entry = find(host, now, &state) { return (entry.resolution, false) }
            if state.pending[host] != nil {
                state.pending[host]!.append(notify)
                return (nil, false)
            }
            state.pending[host] = [notify]
            state.queue.append(host)
            guard state.threads < mostThreads else { return (nil, false) }
            state.threads += 1
            return (nil, true)
        }
        if mustStart { startThread() }
        return known
    }

    /// A host's connection failed at its first address: it is the last one for as long as the answer is remembered.
    func demote(_ address: IPAddress, of host: String) {
        state.withLock { state in
            guard var entry = state.recent[host], case .addresses(var list) = entry.resolution, list.count > 1, list.first == address
            else { return }
            list.append(list.removeFirst())
            entry.resolution = .addresses(list)
            state.recent[host] = entry
        }
    }

    private func find(_ host: String, _ now: Instant, _ state: inout State) -> Entry? {
        if let entry = state.recent[host] { return entry.expires > now ? entry : nil }
        guard let entry = state.older[host], entry.expires > now else { return nil }
        remember(entry, host, &state)
        return entry
    }

    private func remember(_ entry: Entry, _ host: String, _ state: inout State) {
        state.recent[host] = entry
        if state.recent.count >= Self.generation {
            state.older = state.recent
            state.recent = [:]
        }
    }

    // MARK: Threads

    /// A thread lives as long as names wait: starting one costs less than a lookup.
    private func startThread() {
        if Thread.detach(name: "fetch-resolver", { [self] in work() }) { return }
        // No more threads to be had. Those that run do all the work; if there is none, nobody can.
        let orphans = state.withLock { state -> [Notify] in
            state.threads -= 1
            guard state.threads == 0 else { return [] }
            let orphans = state.queue.flatMap { state.pending.removeValue(forKey: $0) ?? [] }
            state.queue = []
            return orphans
        }
        for notify in orphans { notify(.failure(.shortage(EAGAIN))) }
    }

    private func work() {
        while true {
            let name = state.withLock { state -> String? in
                if let name = state.queue.popFirst() { return name }
                state.threads -= 1
                return nil
            }
            guard let name else { return }
            let resolution = systemLookUp(name, family: family)
            let waiting = state.withLock { state in
                remember(Entry(resolution: resolution, expires: .now + Self.lifetime(of: resolution)), name, &state)
                return state.pending.removeValue(forKey: name) ?? []
            }
            for notify in waiting { notify(resolution) }
        }
    }

    private static func lifetime(of resolution: Resolution) -> Duration {
        switch resolution {
        case .addresses: lifetime
        case .failure(.absent): lifetimeOfAbsence
        case .failure(.temporary): lifetimeOfFailure
        case .failure(.shortage): .zero
        }
    }
}

/// What a lookup came to.
enum Resolution: Sendable, Equatable {
    /// At least one, the best first.
    case addresses([IPAddress])
    case failure(Failure)

    enum Failure: Sendable, Equatable {
        /// The name does not exist, or has no address.
        case absent(String)
        /// No name server answered as it should.
        case temporary(String)
        /// This machine could not even ask; with the errno.
        case shortage(CInt)
    }
}
