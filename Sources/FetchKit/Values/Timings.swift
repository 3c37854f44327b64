// libcurl's moments of a transfer (https://curl.se/libcurl/c/curl_easy_getinfo.html, "TIMES"), with its names and meaning.

/// When the steps of a transfer were done, each counted from the transfer's start. Zero where a step did not happen.
public struct Timings: Sendable, Equatable {
    /// The name was resolved.
    public var nameLookup: Duration = .zero
    /// The connection to the host (or proxy) was made.
    public var connect: Duration = .zero
    /// The TLS handshake was done.
    public var appConnect: Duration = .zero
    /// The request was about to be sent.
    public var preTransfer: Duration = .zero
    /// The first byte of the response arrived.
    public var startTransfer: Duration = .zero
    /// The transfer was over.
    public var total: Duration = .zero

    public init() {}

    /// The same moments, counted from a start that lies `offset` earlier. Steps that did not happen stay zero.
    public func shifted(by offset: Duration) -> Timings {
        if offset == .zero { return self }
        let shift = { (step: Duration) in step > .zero ? step + offset : .zero }
        var shifted = Timings()
        shifted.nameLookup = shift(nameLookup)
        shifted.connect = shift(connect)
        shifted.appConnect = shift(appConnect)
        shifted.preTransfer = shift(preTransfer)
        shifted.startTransfer = shift(startTransfer)
        shifted.total = total + offset
        return shifted
    }
}
