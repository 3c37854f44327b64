// A hop before libcurl knows of it: its host has no address yet.

internal import CCurl
internal import CLinux
internal import Glibc

/// A hop that waits for the addresses of its host.
struct LookUp {
    let request: HopRequest
    let target: Target
    let continuation: Engine.Continuation
    let start: Instant

    func failed(_ failure: Resolution.Failure) -> HopResult {
        let host = target.host
        return switch failure {
        case .absent(let reason): result(.dnsPermanent, "Could not resolve host: \(host) (\(reason))")
        case .temporary(let reason): result(.dnsTemporary, "Could not resolve host: \(host) (\(reason))")
        case .shortage(let errno):
            result(.localResource, "cannot look up \(host): \(String(cString: strerror(errno)))", systemError: errno)
        }
    }

    func timedOut() -> HopResult {
        let spent = start.duration(to: .now)
        let isTotal = request.timeLimit.map { spent >= $0 } ?? false
        return result(
            isTotal ? .timeoutTotal : .dnsTemporary, "Resolving timed out after \(spent.microseconds / 1000) milliseconds",
            CURLE_OPERATION_TIMEDOUT)
    }

    func cancelled() -> HopResult { result(.cancelledInFlight) }

    private func result(
        _ kind: FetchError.Kind, _ message: String, _ code: CURLcode = CURLE_COULDNT_RESOLVE_HOST, systemError: CInt = 0
    ) -> HopResult {
        result(FetchError(kind, message, curlCode: Int(code.rawValue)), systemError: systemError)
    }

    private func result(_ error: FetchError, systemError: CInt = 0) -> HopResult {
        var hop = Hop(url: request.url, method: request.method)
        let spent = start.duration(to: .now)
        hop.startedAt = WallClock.now - spent.microseconds
        hop.timings.total = spent
        return HopResult(hop: hop, error: error, systemError: systemError)
    }
}
