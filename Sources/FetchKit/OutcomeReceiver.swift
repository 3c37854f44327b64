// Where outcomes go. The receiver is awaited: as long as it has no room, nothing new starts.

/// Takes the outcomes of a run as they finish, each exactly once; `Outcome.index` tells the place in the input.
///
/// An error that it throws ends the run.
public protocol OutcomeReceiver {
    /// False while the receiver holds more than it should: nothing new starts then, as long as something is in flight.
    var hasRoom: Bool { get }
    /// Whether `admit` wants to be asked.
    var choosesRequests: Bool { get }
    /// A request is about to be queued: called once for each, in input order. The receiver may change it.
    func admit(_ request: inout Request, index: Int) -> Admission
    /// A request is over, and its body, if any, is whole.
    func receive(_ outcome: Outcome) async throws
    /// A body that outgrew memory starts to stream; `outcome` is what is known so far. Until `end`, everything that
    /// `receive` takes belongs behind it, unless bodies stream independently. Only called when `Configuration.streaming` says so.
    func begin(_ outcome: Outcome) async throws
    /// The next part of the body that streams.
    func part(_ body: Body, of index: Int) async throws
    /// The body that streams is over; the outcome says whether it is whole, and has no body.
    func end(_ outcome: Outcome) async throws
}

extension OutcomeReceiver {
    public var hasRoom: Bool { true }
    public var choosesRequests: Bool { false }
    public func admit(_ request: inout Request, index: Int) -> Admission { .fetch }
}

/// What a receiver says to a request before it is queued.
public enum Admission: Sendable {
    case fetch
    /// There is no need: the outcome is `ok` and has no hops.
    case skip
    /// It could not use the outcome.
    case refuse(FetchError)
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
    /// How long nothing new could start, and why.
    public internal(set) var held: [Hold: Duration] = [:]
    /// What the event loops have used of processors, all together.
    public internal(set) var processorTime: Duration = .zero
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

/// Why nothing new starts.
public enum Hold: String, Sendable, CaseIterable {
    /// No request is known that waits.
    case input
    /// As many transfers run as may.
    case concurrency
    /// All hosts that are asked for have as many transfers as they may.
    case perHost = "per_host"
    /// The rate allows no start yet.
    case rate
    /// What waits, waits for a retry, or for a host that wants to be left alone or cannot be reached.
    case patience
    /// The receiver has no room.
    case output
}
