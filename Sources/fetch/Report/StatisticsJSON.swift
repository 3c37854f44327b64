// --stats: the summary for programs, one JSON object. Keys are curl's where curl has the fact, as in the jsonl format; times are
// in seconds, sizes in bytes.

import FetchFormats
import FetchKit

/// The report of a run as JSON.
struct StatisticsJSON {
    /// One line with its end.
    let bytes: [UInt8]

    init(_ statistics: Statistics, _ report: RunReport, _ context: Summary.Context = Summary.Context()) {
        let facts = RunFacts(statistics, report, context)
        var json = JSONWriter()
        json.object { json in
            json.addTotals(statistics, report, facts)
            json.object("status_codes") { for (code, count) in statistics.statusCodes { $0.add(text: String(code), count) } }
            json.addErrors(statistics)
            json.object("times") { for phase in Phase.allCases { $0.addTimes(phase, statistics.times[phase]) } }
            json.addHistogram(statistics)
            json.addSlowest(statistics)
            json.addHosts(statistics)
            json.object("held") { json in
                for hold in Hold.allCases { json.add(hold.key, seconds: report.held[hold] ?? .zero) }
            }
            json.addBottleneck(Bottleneck(facts))
        }
        json.append(raw: "\n")
        bytes = json.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func addTotals(_ statistics: Statistics, _ report: RunReport, _ facts: RunFacts) {
        add("urls", statistics.count)
        add("ok", statistics.succeeded)
        add("failed", statistics.failed)
        add("skipped", statistics.skipped)
        add("duplicates", report.duplicateCount)
        add("input_read", report.isInputRead)
        add("stop", .text(report.stop?.name))
        add("elapsed", seconds: facts.elapsed)
        add("cpu", seconds: facts.processorTime)
        add("rate", number: Double(statistics.succeeded) / max(0.000_001, seconds(facts.elapsed)))
        add("speed_download", number: facts.bytesPerSecond)
        add("size_download", statistics.bytes.downloaded)
        add("size_header", statistics.bytes.headers)
        add("size_request", statistics.bytes.requests)
        add("size_upload", statistics.bytes.uploaded)
        add("requests", statistics.transfers)
        // Counted up to a limit.
        add("num_hosts", statistics.hostCount.count)
        add("connections", statistics.connects)
        add("retries", statistics.retries)
        add("tls_unverified", statistics.hasUnverifiedTLS)
    }

    /// By class, in the order in which the classes are documented.
    fileprivate mutating func addErrors(_ statistics: Statistics) {
        object("errors") { json in
            for kind in FetchError.Kind.allCases {
                guard let error = statistics.errors[kind] else { continue }
                json.object(text: kind.rawValue) { json in
                    json.add("count", error.count)
                    json.add("example", error.example)
                }
            }
        }
    }

    fileprivate mutating func addTimes(_ phase: Phase, _ times: PhaseTimes.Times) {
        if times.count == 0 { return addNull(phase.key) }
        object(phase.key) { json in
            for (key, percent) in zip(["p50", "p90", "p95", "p99", "p99_9"] as [StaticString], Summary.percentiles) {
                json.add(key, seconds: times.percentile(percent))
            }
            json.add("max", seconds: times.longest)
            json.add("mean", seconds: times.mean)
            json.add("count", times.count)
        }
    }

    fileprivate mutating func addHistogram(_ statistics: Statistics) {
        array("histogram") { json in
            for row in TimeHistogram(statistics.times[.total].histogram).rows {
                json.object { json in
                    json.add("from", seconds: .microseconds(row.from))
                    json.add("to", seconds: .microseconds(row.to))
                    json.add("count", row.count)
                }
            }
        }
    }

    fileprivate mutating func addSlowest(_ statistics: Statistics) {
        array("slowest") { json in
            for entry in statistics.slowest.entries {
                json.object { json in
                    json.add("url", entry.url)
                    json.add("time_total", seconds: entry.time)
                    json.add("response_code", .integer(entry.statusCode))
                    json.add("error", .text(entry.error?.rawValue))
                }
            }
        }
    }

    /// Null when hosts were not told apart. The last one may be that of all others, which has no name.
    fileprivate mutating func addHosts(_ statistics: Statistics) {
        guard let hosts = statistics.hosts else { return addNull("hosts") }
        array("hosts") { json in
            for row in hosts.top(HostTable.most) {
                json.object { json in
                    json.add("host", .text(row.origin?.description))
                    json.add("urls", row.urls)
                    json.add("failed", row.failed)
                    json.add("busy", row.busy)
                    json.add("retries", row.retries)
                    json.add("connections", row.connects)
                    json.add("size_download", row.bytesDownloaded)
                    json.add("time_mean", .seconds(row.mean?.microseconds))
                    json.add("time_max", .seconds(row.longest?.microseconds))
                }
            }
        }
    }

    fileprivate mutating func addBottleneck(_ bottleneck: Bottleneck?) {
        guard let bottleneck else { return addNull("limited_by") }
        object("limited_by") { json in
            json.add("cause", bottleneck.cause.rawValue)
            json.add("share", number: bottleneck.share)
            json.add("finding", bottleneck.finding)
            json.add("advice", .text(bottleneck.advice))
        }
    }
}

extension RunReport.Stop {
    fileprivate var name: String {
        switch self {
        case .deadline: "deadline"
        case .failures: "failures"
        case .limit: "limit"
        }
    }
}

extension Phase {
    fileprivate var key: StaticString {
        switch self {
        case .queue: "queue"
        case .nameLookup: "namelookup"
        case .connect: "connect"
        case .tls: "tls"
        case .firstByte: "first_byte"
        case .download: "download"
        case .total: "total"
        }
    }
}

extension Hold {
    fileprivate var key: StaticString {
        switch self {
        case .input: "input"
        case .concurrency: "concurrency"
        case .perHost: "per_host"
        case .rate: "rate"
        case .backoff: "backoff"
        case .output: "output"
        }
    }
}
