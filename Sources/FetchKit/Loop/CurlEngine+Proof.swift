// Watching connections: which streams of HTTP/2 end as they should, and which connections bring nothing but work.

internal import CCurl
internal import Glibc

extension CurlEngine {
    // MARK: Streams of HTTP/2 and HTTP/3

    /// The end of this transfer's body can be proved by a frame alone: libcurl is asked to tell of frames. Whichever transfer of the
    /// connection reads them is told, so that all are asked.
    func watchStream(of transfer: Transfer) {
        guard transfer.isOverHTTP3 ? CurlLibrary.current.tracesHTTP3 : CurlLibrary.current.tracesHTTP2, !transfer.isStreamWatched else {
            return
        }
        transfer.isStreamWatched = true
        watchedStreams += 1
        if watchedStreams == 1 { for each in transfers.values { each.trace(true) } }
    }

    func endWatch(of transfer: Transfer) {
        guard transfer.isStreamWatched else { return }
        transfer.isStreamWatched = false
        watchedStreams -= 1
        if watchedStreams == 0 { for each in transfers.values { each.trace(false) } }
    }

    func heard(_ frame: StreamFrame, by transfer: Transfer) {
        if frame.kind == .read { return transfer.stream.learn(frame.stream) }
        for each in transfers.values where each.isStreamWatched && each.sharesConnection(with: transfer) { each.stream.note(frame) }
    }

    // MARK: Connections without progress

    /// So many times in a row a connection may have something to read that is no part of a response: chunk extensions, frames of
    /// HTTP/2 that are about nothing. A TLS record of a slow server is a dozen.
    static let mostIdleReads = 1000
    /// So many lines of a trace are as expensive as a read: there are one or two for each frame.
    static let tracedLinesOfRead = 50

    /// Nothing of any response came from a connection for so long that it keeps the loop busy with nothing: its transfers end. `port` is
    /// the local one, if the socket may be closed by now.
    func giveUpIdle(_ descriptor: CInt, port: Int? = nil) {
        let local = port ?? NumericAddress.local(of: descriptor)?.port ?? 0
        let peer = NumericAddress.peer(of: descriptor)?.address
        let idle = transfers.values.filter { !$0.isDone && $0.isOn(descriptor, port: local, peer: peer) }
        // A body that is sent makes progress of its own, and what comes for one that is held back is part of a response.
        if idle.contains(where: { $0.isPaused || $0.hasSentMore() }) { return }
        for transfer in idle {
            transfer.giveUpForWantOfProgress()
            finish(transfer, code: CURLE_RECV_ERROR)
        }
    }
}
