// Where outcomes go. The receiver is awaited: as long as it has no room, nothing new starts.

/// Takes the outcomes of a run as they finish, each exactly once; `Outcome.index` tells the place in the input.
///
/// Its methods are called on a thread of the fetcher, one at a time, and must not block: whoever has to wait, suspends. They must suspend
/// only for what can be written now and is not taken; an outcome that waits for its order is to be kept. An error that one throws ends
/// the run.
public protocol OutcomeReceiver: Sendable {
    /// False while the receiver holds more than it should: nothing new starts then, as long as something is in flight.
    var hasRoom: Bool { get }
    /// Whether outcomes that went well are handed over. If not, they are only counted, and nothing of them is collected.
    var takesSuccesses: Bool { get }
    /// Whether it takes bodies in parts, where `Configuration.bodies` lets them stream.
    var streamsBodies: Bool { get }
    /// Whether `admit` wants to be asked.
    var choosesRequests: Bool { get }
    /// A request is about to be queued: called once for each, in input order. The receiver may change it.
    func admit(_ request: inout Request, at index: Int) -> Admission
    /// A request is over, and its body, if any, is whole.
    func receive(_ outcome: consuming Outcome) async throws
    /// A body that outgrew memory starts to stream; `outcome` is what is known so far. Until `endBody(of:)`, everything that
    /// `receive` takes belongs behind it, unless bodies stream independently. Only called when `Configuration.bodies.streaming` says so.
    func beginBody(of outcome: Outcome) async throws
    /// The next part of the body that streams, which belongs to the outcome with that index.
    func receivePart(_ part: Body, ofBodyAt index: Int) async throws
    /// The body that streams is over; the outcome says whether it is whole, and has no body.
    func endBody(of outcome: Outcome) async throws
    /// Nothing more comes for the moment: what was collected can be handed on.
    func flush()
}

extension OutcomeReceiver {
    public var hasRoom: Bool { true }
    public var takesSuccesses: Bool { true }
    public var streamsBodies: Bool { true }
    public var choosesRequests: Bool { false }
    public func flush() {}
    public func beginBody(of outcome: Outcome) async throws {}
    public func receivePart(_ part: Body, ofBodyAt index: Int) async throws {}
    public func endBody(of outcome: Outcome) async throws {}
    public func admit(_ request: inout Request, at index: Int) -> Admission { .fetch }
}

/// What a receiver says to a request before it is queued.
public enum Admission: Sendable {
    /// It is queued.
    case fetch
    /// There is no need: the outcome is `ok` and has no hops.
    case skip
    /// It could not use the outcome.
    case refuse(FetchError)
}
