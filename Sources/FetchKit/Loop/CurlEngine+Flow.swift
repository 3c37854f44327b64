// Which bodies may come: those whose reader is ready, that there is room for, and as fast as the run may. The others pause, so that
// TCP slows their servers down.

internal import CCurl

extension CurlEngine {
    // MARK: Readers

    func nextEvent(of serial: Int, _ continuation: Continuation) {
        let transfer = transfers[serial]!
        transfer.continuation = continuation
        transfer.resumeIfGranted()
        transfer.tellOfGrowth()
        if starved.contains(serial) { transfer.tellOfStarvation() }
        settle(transfer)
    }

    func nextPart(of serial: Int, _ continuation: Continuation) {
        let transfer = transfers[serial]!
        transfer.continuation = continuation
        transfer.startStreaming()
        advance(transfer)
    }

    func hop(of serial: Int) -> Hop { transfers[serial]!.makeHop() }

    func takePart(of serial: Int) -> Body { transfers[serial]!.collector.take() }

    func grantTurn(to serial: Int) {
        guard let transfer = transfers[serial] else { return }
        transfer.isGranted = true
        transfer.resumeIfGranted()
    }

    /// Hands the reader of a streaming body what is here, and lets the transfer go on where there is room again.
    func advance(_ transfer: Transfer) {
        transfer.deliverPart()
        transfer.pump(scratch)
        unpauseIfPossible(transfer)
        if transfer.isDone { settle(transfer) }
    }

    private func unpauseIfPossible(_ transfer: Transfer) {
        guard transfer.isPaused else { return }
        // What waited for room was of no use: libcurl has nothing to say to that until it is called again.
        if transfer.failure != nil { return finish(transfer, code: CURLE_WRITE_ERROR) }
        guard !transfer.isFull else {
            // Meanwhile others have taken the room.
            if !transfer.isStreaming { starve(transfer) }
            return
        }
        transfer.isPaused = false
        let code = transfer.easy.unpause()
        if code != CURLE_OK { finish(transfer, code: code) }
    }

    // MARK: Room for bodies

    /// A transfer's body has no room in memory or on disk; it is asked again soon.
    func starve(_ transfer: Transfer) {
        starved.insert(transfer.serial)
        transfer.tellOfStarvation()
    }

    /// Tries those that wait for room, in input order. The first of them may take a quarter of the budget beyond it, so that the run goes
    /// on; and all of it twice if it is the first in line of the run, for which finished outcomes may wait: it can always go on,
    /// because the others leave it the rest.
    func feedStarved() {
        let now = Instant.now
        guard now - lastFeeding >= .milliseconds(10) else { return }
        lastFeeding = now
        let hungry = starved.compactMap { transfers[$0] }.sorted { $0.request.index < $1.request.index }
        for (position, transfer) in hungry.enumerated() {
            let isFirst = transfer.request.index == transfer.request.firstInLine.index
            transfer.retryRoom(
                upTo: isFirst ? memory.limit * 2 : position == 0 ? memory.limit / 4 * 5 : memory.limit, atLeast: isFirst ? roomOfFirst : 0)
            transfer.pump(scratch)
            if transfer.isFull && transfer.failure == nil {
                // Most of what is held is its own, and it never streams: waiting would be for ever.
                guard isFirst, !transfer.mayStream, transfer.isPaused || transfer.isDone else {
                    continue
                }
                transfer.giveUpForWantOfRoom()
                finish(transfer, code: CURLE_WRITE_ERROR)
            }
            starved.remove(transfer.serial)
            unpauseIfPossible(transfer)
            if transfer.isDone { settle(transfer) }
        }
    }

    /// What the first in line may hold whatever the others do, in bytes: what they leave of twice the budget. However small that is, a
    /// body that may stream can grow until it does.
    private var roomOfFirst: Int {
        max(memory.limit / 4 * 3, configuration.bodies.streaming == .off ? 0 : configuration.bodies.streamingThreshold + (256 << 10))
    }

    // MARK: Bandwidth

    /// Whether a piece of a body may come now; if not, the transfer is to pause and will be called.
    func admits(_ transfer: Transfer, bytes: Int) -> Bool {
        guard bandwidth != nil else { return true }
        if bandwidth!.admits(transfer.serial, bytes: bytes, at: .now) { return true }
        awaitBandwidth()
        return false
    }

    /// Lets those go on that there is bandwidth for. They use it up while they are called.
    func shareBandwidth() {
        bandwidth!.isAwaited = false
        while let serial = bandwidth!.next(at: .now) {
            if let transfer = transfers[serial] { unpauseIfPossible(transfer) }
        }
        awaitBandwidth()
    }

    private func awaitBandwidth() {
        guard !bandwidth!.isAwaited, let moment = bandwidth!.opens else { return }
        bandwidth!.isAwaited = true
        wake(Bandwidth.serial, at: moment)
    }
}
