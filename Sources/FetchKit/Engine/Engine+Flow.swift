// Which bodies may come: those whose reader is ready, that there is room for, and as fast as the run may. The others pause, so that
// TCP slows their servers down.

internal import CCurl

extension Engine {
    // MARK: Readers

    func nextPart(of serial: Int, continuation: UnsafeContinuation<TransferEvent, Never>) {
        let transfer = transfers[serial]!
        transfer.continuation = continuation
        transfer.startStreaming()
        advance(transfer)
    }

    func awaitTurn(of serial: Int, continuation: UnsafeContinuation<TransferEvent, Never>) {
        let transfer = transfers[serial]!
        transfer.continuation = continuation
        transfer.isAwaitingTurn = true
        settle(transfer)
    }

    func promote(_ serial: Int) {
        guard let transfer = transfers[serial], transfer.isAwaitingTurn else { return }
        transfer.isAwaitingTurn = false
        transfer.resume(.promoted(TransferID(serial: serial)))
    }

    /// Hands the reader of a streaming body what is here, and lets the transfer go on where there is room again.
    func advance(_ transfer: Transfer) {
        transfer.deliverPart()
        transfer.pump(scratch)
        unpauseIfPossible(transfer)
        if transfer.isDone { settle(transfer) }
    }

    private func unpauseIfPossible(_ transfer: Transfer) {
        guard transfer.isPaused, !transfer.isFull else { return }
        transfer.isPaused = false
        // Calls the write callback before it returns.
        curl_easy_pause(transfer.easy.pointer, CURLPAUSE_CONT)
    }

    // MARK: Room for bodies

    /// A transfer's body has no room in memory or on disk; it is asked again soon.
    func starve(_ transfer: Transfer) {
        starved.insert(transfer.serial)
    }

    /// Tries those that wait for room, the first in input order before the others. When nobody else can give room back, that
    /// one may go on without: somebody must.
    func feedStarved() {
        let hungry = starved.compactMap { transfers[$0] }.sorted { $0.request.index < $1.request.index }
        for (position, transfer) in hungry.enumerated() {
            transfer.retryRoom(privileged: position == 0)
            transfer.pump(scratch)
            if transfer.isFull {
                // It has had its privilege and will never stream: waiting would be for ever.
                if position == 0 && !transfer.mayStream && transfer.isPaused {
                    transfer.giveUpForWantOfRoom()
                    finish(transfer, code: CURLE_WRITE_ERROR)
                }
                continue
            }
            starved.remove(transfer.serial)
            unpauseIfPossible(transfer)
            if transfer.isDone { settle(transfer) }
        }
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
