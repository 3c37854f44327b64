// A hop before libcurl knows of it: its host has no address yet.

internal import CCurl
internal import CLinux
internal import Glibc

/// A hop that waits for the addresses of its host.
struct LookUp {
    let request: HopRequest
    let target: Target
    let continuation: UnsafeContinuation<TransferEvent, Never>
    let start: Moment

    func fail(_ failure: Resolution.Failure) {
        let host = target.host
        switch failure {
        case .absent(let reason): end(.dnsPermanent, "Could not resolve host: \(host) (\(reason))")
        case .temporary(let reason): end(.dnsTemporary, "Could not resolve host: \(host) (\(reason))")
        case .shortage(let errno):
            end(.localResource, "cannot look up \(host): \(String(cString: strerror(errno)))", systemError: errno)
        }
    }

    func timeOut() {
        let spent = start.duration(to: .now)
        let isTotal = request.timeLimit.map { spent >= $0 } ?? false
        end(
            isTotal ? .timeoutTotal : .dnsTemporary, "Resolving timed out after \(spent.microseconds / 1000) milliseconds",
            CURLE_OPERATION_TIMEDOUT)
    }

    func cancel() {
        resume(.cancelledInFlight)
    }

    private func end(
        _ kind: FetchError.Kind, _ message: String, _ code: CURLcode = CURLE_COULDNT_RESOLVE_HOST, systemError: CInt = 0
    ) {
        resume(FetchError(kind, message, curlCode: Int(code.rawValue)), systemError: systemError)
    }

    private func resume(_ error: FetchError, systemError: CInt = 0) {
        var hop = Hop(url: request.url, method: request.method)
        let spent = start.duration(to: .now)
        hop.startedAt = Moment.wallClock - spent.microseconds
        hop.timings.total = spent
        continuation.resume(returning: .finished(HopResult(hop: hop, error: error, systemError: systemError)))
    }
}

/// Where a request goes when its host's addresses are known.
struct Target {
    /// A name, or an address without brackets.
    var host: String
    /// nil is the URL's own.
    var port: Int?
    /// What `--resolve` calls it.
    var lookUpPort: Int
}

/// A moment that the loop waits for.
struct LoopTimer: Comparable {
    var at: Moment
    /// Whose moment it is; that one may be gone by then.
    var serial: Int

    static func < (a: LoopTimer, b: LoopTimer) -> Bool { a.at < b.at }
}

/// Which family of addresses has failed lately, so that not every host pays for it.
struct BrokenFamily {
    private static let memory = Duration.seconds(600)

    private var isIPv6 = true
    private var until: Moment?

    func isIPv6(at now: Moment) -> Bool? { until.map { $0 > now } ?? false ? isIPv6 : nil }

    mutating func failed(isIPv6: Bool, now: Moment) {
        self.isIPv6 = isIPv6
        until = now + Self.memory
    }
}
