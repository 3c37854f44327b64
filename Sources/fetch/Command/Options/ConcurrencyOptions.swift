// How much at once.

import FetchKit

extension OptionTable {
    static let concurrency = [
        Option(
            "concurrency", letter: "j", also: ["jobs", "parallel-max"], .number, "Transfers at once.",
            standard: { "\($0.limits.concurrency)" }, rank: 2,
            meanings: "--max-concurrent-downloads --max-threads --max-concurrency --parallelism --workers"
        ) { $0.concurrency = try $1.number() },
        Option(
            "per-host", also: ["parallel-max-host"], .number, "Transfers at once for one host. That is one scheme, name and port.",
            standard: { "\($0.limits.perHost), or what -j says" }, rank: 3,
            meanings: "--max-connection-per-server --host-concurrency --split --max-host-connections"
        ) { $0.perHost = try $1.number() },
        Option("threads", .number, "Event loops, each on a thread of its own.", standard: { "\($0.limits.threads)" }) {
            $0.configuration.limits.threads = try $1.number()
        },
        Option(
            "look-ahead", .number, "URLs read ahead, so that a sorted list keeps many hosts busy.",
            standard: { _ in "10000, or 20 times the concurrency if that is more" }
        ) { $0.configuration.limits.lookAhead = try $1.number() },
    ]
}
