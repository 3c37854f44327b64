// Watching connections: which streams of HTTP/2 end as they should, and which connections bring nothing but work.

internal import CCurl
internal import Glibc

extension Engine {
    // MARK: Streams of HTTP/2

    /// The end of this transfer's body can be proved by a frame alone: libcurl is asked to tell of frames. Whichever transfer of the
    /// connection reads them is told, so that all are asked.
    func watchStream(of transfer: Transfer) {
        guard CurlLibrary.current.tracesHTTP2, !transfer.isStreamWatched else { return }
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
        if frame.kind == .read { return transfer.stream = frame.stream }
        for each in transfers.values
        where each.isStreamWatched && each.localPort == transfer.localPort
            && (each === transfer ? each.stream ?? frame.stream : each.stream) == frame.stream
        {
            each.streamEnd = each.streamEnd ?? frame.kind
        }
    }

    // MARK: Connections without progress

    /// So many times in a row a connection may have something to read that is no part of a response: chunk extensions, frames of
    /// HTTP/2 that are about nothing. A TLS record of a slow server is a dozen.
    static let mostIdleReads = 1000
    /// The same in lines of a trace, which make a read expensive: one or two for each frame.
    static let mostTracedLines = 50_000

    /// Nothing of any response came from a connection for so long that it keeps the loop busy with nothing: its transfers end.
    func giveUpIdle(_ descriptor: CInt) {
        tracedLines = 0
        let port = localPort(of: descriptor)
        let idle = transfers.values.filter { !$0.isDone && $0.isOn(descriptor, port: port) }
        // A body that is sent makes progress of its own.
        if idle.contains(where: { $0.hasSentMore() }) { return }
        for transfer in idle {
            transfer.giveUpForWantOfProgress()
            finish(transfer, code: CURLE_RECV_ERROR)
        }
    }

    private func localPort(of descriptor: CInt) -> Int {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard code == 0, [AF_INET, AF_INET6].contains(CInt(address.sin6_family)) else { return 0 }
        // At the same place in both families.
        return Int(UInt16(bigEndian: address.sin6_port))
    }
}
