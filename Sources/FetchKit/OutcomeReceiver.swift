// Where outcomes go. The receiver is awaited: as long as it has no room, nothing new starts.

/// Takes the outcomes of a run as they finish, each exactly once; `Outcome.index` tells the place in the input.
///
/// An error that it throws ends the run.
public protocol OutcomeReceiver {
    /// False while the receiver holds more than it should: nothing new starts then, as long as something is in flight.
    var hasRoom: Bool { get }
    /// A request is over, and its body, if any, is whole.
    func receive(_ outcome: Outcome) async throws
    /// A body that outgrew memory starts to stream; `outcome` is what is known so far. Until `end`, everything that
    /// `receive` takes belongs behind it. Only called when `Configuration.streaming` says so.
    func begin(_ outcome: Outcome) async throws
    /// The next part of the body that streams.
    func part(_ body: Body) async throws
    /// The body that streams is over; the outcome says whether it is whole, and has no body.
    func end(_ outcome: Outcome) async throws
}

extension OutcomeReceiver {
    public var hasRoom: Bool { true }
}

/// What a run as a whole came to.
public struct RunReport: Sendable {
    /// Outcomes delivered.
    public internal(set) var outcomes = 0
    /// Those of them that are not `ok`.
    public internal(set) var failures = 0
    /// False when the run ended before its input did.
    public internal(set) var isInputRead = false
    /// Requests that were left out because an equal one came before.
    public internal(set) var duplicates = 0
    /// What ended the run before its time; nil when nothing did, or when it was cancelled.
    public internal(set) var stop: Stop?

    /// A limit of the caller's own.
    public enum Stop: Sendable {
        /// `Configuration.deadline` is over.
        case deadline
        /// More have failed than `Configuration.mostFailures`.
        case failures
        /// There are as many outcomes as `Configuration.limit`.
        case limit
    }

    public init() {}
}
