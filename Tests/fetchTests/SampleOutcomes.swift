// Outcomes for tests of what reports are made from, without a run.

@testable import FetchKit

extension Outcome {
    /// One exchange with a response. The moments are in microseconds; those that are nil did not happen.
    static func sample(
        _ url: String = "http://h.example/", status: Int? = 200, error: FetchError? = nil, connects: Int = 0, bytes: Int64 = 0,
        retries: Int = 0, queue: Int64 = 0, lookup: Int64? = nil, connect: Int64? = nil, tls: Int64? = nil, sent: Int64? = 1,
        started: Int64? = 2, total: Int64 = 3
    ) throws -> Outcome {
        var outcome = try Outcome(index: 0, request: Request(url), error: error)
        outcome.queueTime = .microseconds(queue)
        outcome.retryCount = retries
        outcome.hops = [
            try .sample(
                url, status: status, connects: connects, bytes: bytes, lookup: lookup, connect: connect, tls: tls, sent: sent,
                started: started, total: total)
        ]
        return outcome
    }

    /// An outcome that nothing was dispatched for.
    static func undispatched(_ url: String, _ error: FetchError? = nil) throws -> Outcome {
        try Outcome(index: 0, request: Request(url), error: error)
    }
}

extension Hop {
    static func sample(
        _ url: String = "http://h.example/", status: Int? = 200, connects: Int = 0, bytes: Int64 = 0, lookup: Int64? = nil,
        connect: Int64? = nil, tls: Int64? = nil, sent: Int64? = 1, started: Int64? = 2, total: Int64 = 3
    ) throws -> Hop {
        var hop = try Hop(url: HTTPURL(url), method: "GET")
        hop.connectionCount = connects
        hop.bytesDownloaded = bytes
        let moments: [(WritableKeyPath<Timings, Duration>, Int64?)] = [
            (\.nameLookup, lookup), (\.connect, connect), (\.appConnect, tls), (\.preTransfer, sent), (\.startTransfer, started),
            (\.total, total),
        ]
        for (moment, microseconds) in moments { hop.timings[keyPath: moment] = .microseconds(microseconds ?? 0) }
        if let status {
            var head = ResponseHead()
            head.statusCode = status
            hop.response = head
        }
        return hop
    }
}
