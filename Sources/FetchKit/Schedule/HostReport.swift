// What a schedule is told at the end of each transfer.

/// What a transfer that is over says about its host.
enum HostReport: Equatable {
    /// There was an answer.
    case answered
    /// There was an answer, and it is "too much" (429 or 503), perhaps with the time to wait.
    case throttled(retryAfter: Duration?)
    /// The connection was refused, or closed before an answer.
    case refused
    /// There was an answer, but the connection was reset before its end.
    case reset
    /// No sign of life: no address, no route, no answer in time.
    case lost
    /// This machine could not even try.
    case localShortage
    /// Nothing: it was cancelled, or failed in a way that has to do with that request alone.
    case nothing
}
