// libcurl's moments of a transfer (https://curl.se/libcurl/c/curl_easy_getinfo.html, "TIMES"), with its names and meaning.

/// When the steps of a transfer were done, each counted from the transfer's start. Zero where a step did not happen.
///
/// With a dollar sign in front, such as `$total`, they are libcurl's own microseconds.
public struct Timings: Sendable, Equatable {
    /// The name was resolved (`CURLINFO_NAMELOOKUP_TIME_T`).
    @Microseconds public var nameLookup = .zero
    /// The connection to the host (or proxy) was made (`CURLINFO_CONNECT_TIME_T`).
    @Microseconds public var connect = .zero
    /// The TLS handshake was done (`CURLINFO_APPCONNECT_TIME_T`).
    @Microseconds public var appConnect = .zero
    /// The request was about to be sent (`CURLINFO_PRETRANSFER_TIME_T`).
    @Microseconds public var preTransfer = .zero
    /// The first byte of the response arrived (`CURLINFO_STARTTRANSFER_TIME_T`).
    @Microseconds public var startTransfer = .zero
    /// The transfer was over (`CURLINFO_TOTAL_TIME_T`).
    @Microseconds public var total = .zero

    /// All zero: nothing has happened.
    public init() {}

    /// The same moments, counted from a start that lies `offset` earlier. Steps that did not happen stay zero.
    public func shifted(by offset: Duration) -> Timings {
        if offset == .zero { return self }
        let offset = offset.microseconds
        let shift = { (step: Int64) in step > 0 ? step + offset : 0 }
        var shifted = Timings()
        shifted.$nameLookup = shift($nameLookup)
        shifted.$connect = shift($connect)
        shifted.$appConnect = shift($appConnect)
        shifted.$preTransfer = shift($preTransfer)
        shifted.$startTransfer = shift($startTransfer)
        shifted.$total = $total + offset
        return shifted
    }
}

/// A duration that is kept in microseconds: `Duration` is a number of 128 bits, and what makes records of it would divide it.
@propertyWrapper
public struct Microseconds: Sendable, Equatable {
    /// In microseconds.
    public var projectedValue: Int64

    /// What is below a microsecond is left out.
    public init(wrappedValue: Duration) { projectedValue = wrappedValue.microseconds }

    /// The duration, in whole microseconds.
    public var wrappedValue: Duration {
        get { .microseconds(projectedValue) }
        set { projectedValue = newValue.microseconds }
    }
}
