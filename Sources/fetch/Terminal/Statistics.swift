// What a run adds up to. Histograms and counts only: their size does not depend on the number of outcomes.

import FetchKit
import Histogram

/// Counts over all outcomes.
struct Statistics {
    private(set) var count = 0
    private(set) var failed = 0
    private(set) var bytesDownloaded: Int64 = 0
    private(set) var connects = 0
    private(set) var transfers = 0
    private(set) var retries = 0
    private(set) var hasUnverifiedTLS = false
    /// By class, with the first outcome as an example.
    private(set) var errors: [FetchError.Kind: (count: Int, example: String)] = [:]
    /// In microseconds.
    private(set) var total = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    private(set) var firstByte = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    let start = ContinuousClock.now

    mutating func record(_ outcome: Outcome) {
        count += 1
        transfers += outcome.hops.count
        retries += outcome.retries
        bytesDownloaded += outcome.sum { $0.bytesDownloaded }
        connects += outcome.connects
        if outcome.isTLSVerified == false { hasUnverifiedTLS = true }
        if let error = outcome.error {
            failed += 1
            let example = errors[error.kind]?.example ?? "\(outcome.text): \(error.message)"
            errors[error.kind] = (errors[error.kind, default: (0, example)].count + 1, example)
        }
        guard outcome.response != nil else { return }
        let timings = outcome.timings
        total.record(UInt64(max(0, timings.total.microseconds)))
        firstByte.record(UInt64(max(0, timings.startTransfer.microseconds)))
    }
}
