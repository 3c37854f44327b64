// How a run went as a whole, and what ends it before its time.

/// What a run as a whole came to.
public struct RunReport: Sendable {
    /// Outcomes delivered.
    public internal(set) var outcomeCount = 0
    /// Those of them that are not `ok`.
    public internal(set) var failureCount = 0
    /// False when the run ended before its input did.
    public internal(set) var isInputRead = false
    /// Requests that were left out because an equal one came before.
    public internal(set) var duplicateCount = 0
    /// How long nothing new could start, and why.
    public internal(set) var held: [Hold: Duration] = [:]
    /// What the event loops have used of processors, all together.
    public internal(set) var processorTime: Duration = .zero
    /// What ended the run before its time; nil when nothing did, or when it was cancelled.
    public private(set) var stop: Stop?

    /// A limit of the caller's own.
    public enum Stop: Sendable {
        /// `Configuration.limits.deadline` is over.
        case deadline
        /// More have failed than `Configuration.limits.failures`.
        case failures
        /// There are as many outcomes as `Configuration.limits.requests`.
        case limit
    }

    /// Nothing has happened.
    public init() {}

    /// Whether what is in flight is not to be waited for.
    var endsEarly: Bool { stop.map { $0 != .limit } ?? false }

    mutating func stop(_ reason: Stop) {
        // A limit that is reached ends the reading, not the rest.
        if stop == nil || stop == .limit { stop = reason }
    }

    mutating func count(_ outcome: Outcome, _ most: Configuration.Limits.Failures?) {
        outcomeCount += 1
        guard let error = outcome.error else { return }
        failureCount += 1
        if error.kind != .cancelled, let most, exceeds(most) { stop(.failures) }
    }

    private func exceeds(_ most: Configuration.Limits.Failures) -> Bool {
        switch most {
        case .count(let count): failureCount > count
        case .percent(let percent): outcomeCount >= 20 && Double(failureCount) > Double(outcomeCount) * percent / 100
        }
    }

    /// Says why a request was cancelled, when it was not the caller.
    func explain(_ cancellation: FetchError) -> FetchError {
        var error = cancellation
        switch stop {
        case .deadline: error.message += ": the deadline of the run is over"
        case .failures: error.message += ": too many have failed"
        case .limit, nil: break
        }
        return error
    }
}
