// What an event loop drives. `CurlEngine` carries transfers out; tests put a simulation with a virtual clock in its place, so that all
// that is decided above the engine is tested without libcurl, sockets and time.

/// Starts transfers, waits for them, and tells their events. All of it happens on the loop's thread.
protocol Engine: AnyObject {
    typealias Continuation = UnsafeContinuation<TransferEvent, Never>

    var now: Instant { get }
    /// The first and the last act on the loop's thread.
    func open()
    func close()

    /// Starts a hop; `continuation` is resumed with its first event.
    func start(_ request: HopRequest, _ continuation: Continuation)
    /// Waits for the next event of a hop that has not finished.
    func nextEvent(of serial: Int, _ continuation: Continuation)
    /// The body streams from now on: waits for its next part, or for the end.
    func nextPart(of serial: Int, _ continuation: Continuation)
    /// The hop as far as it got.
    func hop(of serial: Int) -> Hop
    /// What a `part` brought.
    func takePart(of serial: Int) -> Body
    /// What a finished hop came to. To be called once; the serial means nothing after that.
    func takeResult(of serial: Int) -> HopResult
    /// The hop ends as cancelled, if it has not ended yet.
    func cancel(_ serial: Int)
    /// The body may stream now; the transfer may have ended in the meantime.
    func grantTurn(to serial: Int)

    /// Resumes whoever waits for a transfer that has finished.
    func collectFinished()
    /// How long the loop may wait for sockets, in milliseconds; -1 is for ever. The loop itself has something to do at `alarm`.
    func prepareToWait(until alarm: Instant?) -> CInt
    /// A socket is ready.
    func act(on descriptor: CInt, _ readiness: Poller.Interest)
    /// Does what has become due while the loop waited.
    func actOnTime()
}

/// What happens to a transfer that somebody waits for. The facts are asked for one by one, because most events have none.
enum TransferEvent: Sendable {
    /// It is over: `takeResult`.
    case finished
    /// The body is past the streaming threshold; the transfer goes on.
    case outgrew
    /// The body may stream.
    case granted
    /// The next part of a streaming body: `takePart`.
    case part
    /// The body has no room in memory or on disk; the transfer waits for some.
    case starved
}
