// libcurl's moments as the phases of an HTTP archive (http://www.softwareishard.com/blog/har-12-spec/#timings). What the schedule
// made a request wait is no phase: an entry begins when its hop was dispatched.

import FetchKit

/// The phases of one hop in microseconds; nil where one does not apply. They add up to the hop's time.
struct HARTimings {
    private(set) var blocked: Int64 = 0
    private(set) var dns: Int64?
    /// With `ssl` in it.
    private(set) var connect: Int64?
    private(set) var ssl: Int64?
    private(set) var send: Int64 = 0
    private(set) var wait: Int64 = 0
    private(set) var receive: Int64 = 0

    /// All phases; `ssl` is a part of `connect`.
    var sum: Int64 { blocked + (dns ?? 0) + (connect ?? 0) + send + wait + receive }

    /// Nothing was done.
    init() {}

    init(_ hop: Hop) {
        let moments = Moments(hop)
        guard hop.exchange != nil || moments.isSent else {
            // No transfer: the look-up was all.
            dns = moments.total
            return
        }
        guard moments.isSent else {
            setUnsent(hop, moments)
            return
        }
        if hop.connectionCount > 0 {
            let ready = max(moments.connect, moments.appConnect)
            dns = moments.nameLookup
            connect = ready - moments.nameLookup
            ssl = moments.hasAppConnect ? ready - moments.connect : nil
            blocked = moments.preTransfer - ready
        } else {
            blocked = moments.preTransfer
        }
        send = moments.postTransfer - moments.preTransfer
        wait = moments.startTransfer - moments.postTransfer
        receive = moments.total - moments.startTransfer
    }

    /// The time of a hop that never got to its request belongs to the phase in which it ended.
    private mutating func setUnsent(_ hop: Hop, _ moments: Moments) {
        // Not even a name was looked up: it waited for a connection of another's.
        guard moments.nameLookup > 0 || hop.remoteAddress != nil else { return blocked = moments.total }
        dns = moments.nameLookup
        connect = moments.total - moments.nameLookup
        if moments.hasConnect && hop.isTLSVerified != nil { ssl = moments.total - moments.connect }
    }

    func write(into json: inout JSONWriter) {
        json.object("timings") { json in
            json.add("blocked", milliseconds: blocked)
            json.add("dns", applicable: dns)
            json.add("connect", applicable: connect)
            json.add("ssl", applicable: ssl)
            json.add("send", milliseconds: send)
            json.add("wait", milliseconds: wait)
            json.add("receive", milliseconds: receive)
        }
    }
}

/// The moments in microseconds, each no earlier than the one before and no later than the end, whatever libcurl says.
private struct Moments {
    let nameLookup, connect, appConnect, preTransfer, postTransfer, startTransfer, total: Int64
    let hasConnect, hasAppConnect, isSent: Bool

    init(_ hop: Hop) {
        let timings = hop.timings
        let end = max(0, timings.$total)
        var last: Int64 = 0
        let next = { (moment: Duration) in
            last = min(end, max(last, moment.microseconds))
            return last
        }
        hasConnect = timings.connect > .zero
        hasAppConnect = timings.appConnect > .zero
        isSent = timings.preTransfer > .zero
        nameLookup = next(timings.nameLookup)
        connect = next(timings.connect)
        appConnect = next(timings.appConnect)
        preTransfer = next(timings.preTransfer)
        let hasStarted = timings.startTransfer > .zero
        let latest = hasStarted ? timings.startTransfer : timings.total
        postTransfer = next(hop.exchange?.postTransfer.map { min($0, latest) } ?? .zero)
        startTransfer = next(hasStarted ? timings.startTransfer : timings.total)
        total = end
    }
}

extension JSONWriter {
    fileprivate mutating func add(_ key: StaticString, applicable microseconds: Int64?) {
        if let microseconds { add(key, milliseconds: microseconds) } else { add(key, -1) }
    }
}
