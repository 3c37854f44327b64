// Which connection a transfer is on, and whether it sends: what the engine asks when a socket was read without a part of a response.

internal import CCurl

extension Transfer {
    /// Whether this is its connection; before the request is sent, the one that was opened for it.
    /// Connections to different hosts may have the same local port; `peer` is nil when it is not known any more.
    func isOn(_ descriptor: CInt, port: Int, peer: NumericAddress?) -> Bool {
        guard localPort != 0 else { return self.descriptor == descriptor }
        guard localPort == port else { return false }
        return peer == nil || easy.string(CURLINFO_PRIMARY_IP).flatMap { NumericAddress($0) } == peer
    }

    func sharesConnection(with other: Transfer) -> Bool {
        self === other || (localPort == other.localPort && request.url.origin == other.request.url.origin)
    }

    /// Whether this attempt has begun to make a connection of its own.
    var hasDialled: Bool { descriptor >= 0 }

    /// Whether more of the request was sent since the last question. Over HTTP/3 also while what was sent before is being acknowledged:
    /// that is read, and is part of no response. libcurl holds up to 10 MB, and so many reads are about so much of it.
    func hasSentMore() -> Bool {
        let count = easy.offset(CURLINFO_SIZE_UPLOAD_T)
        let isMore = count > sentBytes
        unacknowledged = min(10 << 20, unacknowledged + count - sentBytes)
        sentBytes = count
        if isMore || !isOverHTTP3 { return isMore }
        unacknowledged -= Int64(CurlEngine.mostIdleReads) * 1200
        return unacknowledged > 0
    }
}
