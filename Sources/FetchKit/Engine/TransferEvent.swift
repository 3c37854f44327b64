// What goes in and out of the engine: values only.

/// One hop to carry out.
struct HopRequest: Sendable {
    var url: HTTPURL
    var method: String
    var headers: [HeaderField]
    /// Whether a 3xx response with a `Location` will be followed, so that its body is of no interest.
    var followsRedirect: Bool
    /// What is left of the request's total time; nil is no limit.
    var timeLimit: Duration?
    /// Position in the input: who goes first when there is no room for all.
    var index: Int
}

/// What became of a hop.
struct HopResult: Sendable {
    var hop: Hop
    var error: FetchError?
    /// Where a redirect leads, as the server wrote it.
    var location: [UInt8]?
    var body = Body.empty
}

/// Names a transfer whose body has outgrown memory, for those who want the rest of it.
struct TransferID: Sendable, Hashable {
    let serial: Int
}

/// What a transfer's child task returns with. Indirect, because a task group copies its results.
indirect enum TransferEvent: Sendable {
    case finished(HopResult)
    /// The body is past the streaming threshold; the transfer goes on. The hop is as far as it got.
    case outgrew(TransferID, Hop)
    /// The wait for its turn is over: the body may stream.
    case promoted(TransferID)
    /// The next part of a streaming body.
    case part(TransferID, Body)
}
