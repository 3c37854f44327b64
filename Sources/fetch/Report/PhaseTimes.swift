// How long each step of the requests took. libcurl counts all its moments from the start of a transfer; a step's own time is
// what lies between two of them.

import FetchKit
import Histogram

/// The steps whose times are told apart.
enum Phase: String, CaseIterable {
    case queue
    case nameLookup = "namelookup"
    case connect
    case tls
    case firstByte = "first_byte"
    case download
    /// Of a URL, all its hops together.
    case total

    var name: String {
        switch self {
        case .queue, .connect, .download, .total: rawValue
        case .nameLookup: "name lookup"
        case .tls: "TLS"
        case .firstByte: "first byte"
        }
    }
}

/// A histogram for each step: the percentiles of any number of requests in a fixed amount of memory.
struct PhaseTimes {
    /// One step, in microseconds.
    struct Times {
        /// A day, to one per cent. Not a scale that grows by itself: each time it did would cost milliseconds.
        private static var end: UInt64 { 1 << 37 }

        private(set) var histogram = Histogram<UInt64>(highestTrackableValue: end, numberOfSignificantValueDigits: .two)
        private var sum: Int64 = 0

        var count: Int { Int(histogram.totalCount) }
        var mean: Duration { .microseconds(count == 0 ? 0 : sum / Int64(count)) }
        var longest: Duration { .microseconds(Int64(histogram.maxRecorded)) }

        func percentile(_ percent: Double) -> Duration { .microseconds(Int64(histogram.valueAtPercentile(percent))) }

        mutating func record(_ microseconds: Int64) {
            // A clock that a libcurl reads twice may go backwards.
            let time = min(max(0, microseconds), Int64(Self.end))
            histogram.record(UInt64(time))
            sum &+= time
        }
    }

    private var times = Phase.allCases.map { _ in Times() }
    /// Where the time of all transfers went, those that failed included.
    private(set) var spent = Spent()

    subscript(phase: Phase) -> Times { times[phase.position] }

    /// Returns what the outcome took in all, in microseconds.
    mutating func record(_ outcome: Outcome, hasResponse: Bool) -> Int64 {
        var total: Int64 = 0
        for index in outcome.hops.indices {
            total &+= record(
                outcome.hops[index].timings, isNew: outcome.hops[index].connectionCount > 0,
                hasResponse: outcome.hops[index].response != nil)
        }
        if hasResponse {
            record(.queue, outcome.queueTime.microseconds)
            record(.total, total)
        }
        return total
    }

    /// One transfer; returns its total.
    private mutating func record(_ timings: Timings, isNew: Bool, hasResponse: Bool) -> Int64 {
        let total = timings.$total
        let connected = isNew ? recordConnection(timings, total) : nil
        if timings.preTransfer > .zero {
            let sent = timings.$preTransfer
            if let connected { spent.connecting &+= sent - connected }
            let hasStarted = hasResponse && timings.startTransfer > .zero
            let started = hasStarted ? timings.$startTransfer : total
            if hasStarted {
                record(.firstByte, started - sent)
                record(.download, total - started)
            }
            spent.waiting &+= started - sent
            spent.downloading &+= total - started
        }
        spent.total &+= total
        return total
    }

    /// Returns when the connection was made. A step that never ended took the rest of the transfer.
    private mutating func recordConnection(_ timings: Timings, _ total: Int64) -> Int64 {
        let isFound = timings.nameLookup > .zero
        let found = isFound ? timings.$nameLookup : total
        if isFound { record(.nameLookup, found) }
        let isConnected = timings.connect > .zero
        let connected = isConnected ? timings.$connect : total
        if isConnected { record(.connect, connected - found) }
        let secured = timings.appConnect > .zero ? timings.$appConnect : nil
        if let secured { record(.tls, secured - connected) }
        let end = secured ?? connected
        spent.nameLookup &+= found
        spent.connecting &+= end - found
        return end
    }

    private mutating func record(_ phase: Phase, _ microseconds: Int64) { times[phase.position].record(microseconds) }

    /// Sums over all transfers, in microseconds.
    struct Spent: Equatable {
        var nameLookup: Int64 = 0
        /// TCP and TLS.
        var connecting: Int64 = 0
        /// From the request to the first byte of the response.
        var waiting: Int64 = 0
        var downloading: Int64 = 0
        var total: Int64 = 0
    }
}

extension Phase {
    fileprivate var position: Int {
        switch self {
        case .queue: 0
        case .nameLookup: 1
        case .connect: 2
        case .tls: 3
        case .firstByte: 4
        case .download: 5
        case .total: 6
        }
    }
}
