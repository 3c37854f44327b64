// What a run adds up to. Histograms, counts and a few examples only: their size does not depend on the number of outcomes.

import FetchKit

/// Counts over all outcomes.
struct Statistics {
    private(set) var count = 0
    private(set) var failed = 0
    /// Of the failed ones, those that the end of the run has cancelled while they were under way.
    private(set) var cancelledInFlight = 0
    /// Of the failed ones, those that had not begun when the run ended.
    private(set) var notStarted = 0
    /// Nothing had to be done for them.
    private(set) var skipped = 0
    private(set) var connects = 0
    private(set) var transfers = 0
    /// Transfers over a connection that was there already.
    private(set) var reuses = 0
    private(set) var retries = 0
    private(set) var bytes = Bytes()
    private(set) var hasUnverifiedTLS = false
    /// By class, with the first outcome as an example.
    private(set) var errors: [FetchError.Kind: (count: Int, example: String)] = [:]
    private(set) var times = PhaseTimes()
    private(set) var slowest = Slowest()
    private(set) var hostCount = HostCount()
    /// Nil when nobody asks for it.
    private(set) var hosts: HostTable?
    let start = ContinuousClock.now

    /// By code; what is no status of HTTP stands at 0.
    private var statusCodeCounts = [Int](repeating: 0, count: 1000)

    /// Over all hops of all outcomes.
    struct Bytes {
        var downloaded: Int64 = 0
        var headers: Int64 = 0
        var requests: Int64 = 0
        var uploaded: Int64 = 0
    }

    init(collectsHosts: Bool = false) {
        hosts = collectsHosts ? HostTable() : nil
    }

    var succeeded: Int { count - failed - skipped }

    /// What the end of a run has left undone, in words.
    var cancellations: [String] {
        (cancelledInFlight > 0 ? ["\(grouped(cancelledInFlight)) cancelled in flight"] : [])
            + (notStarted > 0 ? ["\(grouped(notStarted)) not started"] : [])
    }

    /// The final statuses in ascending order.
    var statusCodes: [(code: Int, count: Int)] {
        statusCodeCounts.enumerated().compactMap { $0.element > 0 ? ($0.offset, $0.element) : nil }
    }

    mutating func record(_ outcome: Outcome) {
        count += 1
        if let error = outcome.error { record(error, outcome) }
        if outcome.hops.isEmpty {
            if outcome.isSkipped { skipped += 1 }
            hosts?.record(outcome, total: 0)
            return
        }
        transfers += outcome.hops.count
        retries += outcome.retryCount
        let status = outcome.hops[outcome.hops.count - 1].response?.statusCode
        if let status { statusCodeCounts[statusCodeCounts.indices.contains(status) ? status : 0] += 1 }
        for index in outcome.hops.indices {
            connects += outcome.hops[index].connectionCount
            if outcome.hops[index].connectionCount == 0, outcome.hops[index].timings.preTransfer > .zero { reuses += 1 }
            bytes.downloaded &+= outcome.hops[index].bytesDownloaded
            bytes.headers &+= outcome.hops[index].headerBytes
            bytes.requests &+= outcome.hops[index].requestBytes
            bytes.uploaded &+= outcome.hops[index].bytesUploaded
        }
        if outcome.isTLSVerified == false { hasUnverifiedTLS = true }
        let total = times.record(outcome, hasResponse: status != nil)
        slowest.record(outcome, total)
        hostCount.record(outcome.hops[outcome.hops.count - 1].url.origin)
        hosts?.record(outcome, total: total)
    }

    private mutating func record(_ error: FetchError, _ outcome: Outcome) {
        failed += 1
        if error.kind == .cancelled {
            if outcome.hops.isEmpty && outcome.retryCount == 0 { notStarted += 1 } else { cancelledInFlight += 1 }
        }
        if errors[error.kind] == nil { errors[error.kind] = (0, "\(outcome.text): \(error.message)") }
        errors[error.kind]!.count += 1
    }
}
