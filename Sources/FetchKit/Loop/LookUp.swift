// A hop before libcurl knows of it: its host has no address yet.

internal import CCurl
internal import CLinux
internal import Glibc

/// A hop that waits for the addresses of its host.
struct LookUp {
    let request: HopRequest
    let target: Target
    let continuation: UnsafeContinuation<TransferEvent, Never>
    let start: Instant

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
        hop.startedAt = Instant.wallClock - spent.microseconds
        hop.timings.total = spent
        continuation.resume(returning: .finished(HopResult(hop: hop, error: error, systemError: systemError)))
    }
}
