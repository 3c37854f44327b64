// libcurl's moments of a transfer (https://curl.se/libcurl/c/curl_easy_getinfo.html, "TIMES"), with its names and meaning.

/// When the steps of a transfer were done, each counted from the transfer's start. Zero where a step did not happen.
public struct Timings: Sendable, Equatable {
    /// The same in libcurl's unit: `Duration` is a number of 128 bits, and what makes records of it would divide six of them for each.
    package struct Microseconds: Sendable, Equatable {
        package var nameLookup: Int64 = 0
        package var connect: Int64 = 0
        package var appConnect: Int64 = 0
        package var preTransfer: Int64 = 0
        package var startTransfer: Int64 = 0
        package var total: Int64 = 0
    }

    package var microseconds = Microseconds()

    public init() {}

    /// The name was resolved.
    public var nameLookup: Duration {
        get { .microseconds(microseconds.nameLookup) }
        set { microseconds.nameLookup = newValue.microseconds }
    }

    /// The connection to the host (or proxy) was made.
    public var connect: Duration {
        get { .microseconds(microseconds.connect) }
        set { microseconds.connect = newValue.microseconds }
    }

    /// The TLS handshake was done.
    public var appConnect: Duration {
        get { .microseconds(microseconds.appConnect) }
        set { microseconds.appConnect = newValue.microseconds }
    }

    /// The request was about to be sent.
    public var preTransfer: Duration {
        get { .microseconds(microseconds.preTransfer) }
        set { microseconds.preTransfer = newValue.microseconds }
    }

    /// The first byte of the response arrived.
    public var startTransfer: Duration {
        get { .microseconds(microseconds.startTransfer) }
        set { microseconds.startTransfer = newValue.microseconds }
    }

    /// The transfer was over.
    public var total: Duration {
        get { .microseconds(microseconds.total) }
        set { microseconds.total = newValue.microseconds }
    }

    /// The same moments, counted from a start that lies `offset` earlier. Steps that did not happen stay zero.
    public func shifted(by offset: Duration) -> Timings {
        if offset == .zero { return self }
        let offset = offset.microseconds
        let shift = { (step: Int64) in step > 0 ? step + offset : 0 }
        var shifted = Timings()
        shifted.microseconds.nameLookup = shift(microseconds.nameLookup)
        shifted.microseconds.connect = shift(microseconds.connect)
        shifted.microseconds.appConnect = shift(microseconds.appConnect)
        shifted.microseconds.preTransfer = shift(microseconds.preTransfer)
        shifted.microseconds.startTransfer = shift(microseconds.startTransfer)
        shifted.microseconds.total = microseconds.total + offset
        return shifted
    }
}
