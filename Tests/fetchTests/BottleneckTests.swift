import FetchKit
import Testing

@testable import fetch

@Suite("What limited the run") struct BottleneckTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var held: [Hold: Double] = [:]
        /// Shares of the requests' time: name lookup, connecting, waiting, downloading.
        var spent: [Int64] = [0, 0, 100, 0]
        var processor = 0.1
        var processors = 4
        var hosts = 1000
        var elapsed: Duration = .seconds(10)
        var requests = 1000
        var bytes: Int64 = 100 << 20
        var change: @Sendable (inout RunFacts.Limits) -> Void = { _ in }
        let cause: Bottleneck.Cause?
        var sentence = ""

        var testDescription: String { "\(cause?.rawValue ?? "nothing"): \(sentence)" }

        var facts: RunFacts {
            var limits = RunFacts.Limits()
            change(&limits)
            return RunFacts(
                limits: limits, elapsed: elapsed, processorTime: elapsed * processor, processors: processors, hosts: hosts,
                requests: requests,
                bytesDownloaded: bytes, held: held.mapValues { elapsed * $0 },
                spent: PhaseTimes.Spent(
                    nameLookup: spent[0], connecting: spent[1], waiting: spent[2], downloading: spent[3], total: spent.reduce(0, +)))
        }
    }

    static let rows: [Row] = [
        Row(
            held: [.perHost: 0.83], cause: .perHost,
            sentence: "limited by the per-host limit for 83% of the time: --per-host 16 (now 8) would ask each host for more at once"),
        Row(
            held: [.perHost: 0.9], change: { $0.perHost = 40 }, cause: .perHost,
            sentence: "limited by the per-host limit for 90% of the time: --per-host 80 -j 80 (now 40) would ask each host for more at once"
        ),
        Row(
            held: [.concurrency: 0.95], spent: [1, 2, 92, 5], cause: .concurrency,
            sentence: "limited by concurrency while requests spent 92% of their time waiting for the servers: "
                + "more at once with -j 256 (now 64)"),
        Row(
            held: [.concurrency: 0.7], spent: [10, 20, 40, 30], cause: .concurrency,
            sentence: "limited by concurrency for 70% of the time: more at once with -j 128 (now 64)"),
        Row(
            held: [.concurrency: 0.9], spent: [10, 60, 20, 10], cause: .connecting,
            sentence: "limited by concurrency while requests spent 60% of their time connecting: more at once with -j 128 (now 64)"),
        Row(
            held: [.rate: 0.95], change: { $0.rate = Rate(50, per: .seconds(1)) }, cause: .rate,
            sentence: "limited by the rate for 95% of the time (--rate 50/s)"),
        Row(
            held: [.rate: 0.95], change: { $0.perHostRate = Rate(30, per: .seconds(60)) }, cause: .rate,
            sentence: "limited by the rate for 95% of the time (--per-host-rate 30/m)"),
        Row(
            held: [.rate: 0.95],
            change: {
                $0.rate = Rate(1000, per: .seconds(3600))
                $0.perHostRate = Rate(2.5, per: .seconds(1))
            }, cause: .rate, sentence: "limited by the rate for 95% of the time (--rate 16.7/m, --per-host-rate 2.50/s)"),
        Row(
            held: [.concurrency: 0.9], processor: 0.98, cause: .cpu, sentence: "limited by CPU (98% of a core): --threads 2"),
        Row(
            held: [.concurrency: 0.9], processor: 1.9, processors: 2, change: { $0.threads = 2 }, cause: .cpu,
            sentence: "limited by CPU (190% of a core): all cores are busy"),
        Row(
            held: [.concurrency: 0.9], processor: 0.98, hosts: 1, cause: .cpu,
            sentence: "limited by CPU (98% of a core): a host is always the work of one loop"),
        Row(held: [.concurrency: 0.9], processor: 0.98, change: { $0.threads = 2 }, cause: .concurrency),
        Row(
            held: [.concurrency: 0.9], spent: [70, 10, 10, 10], cause: .nameResolution,
            sentence: "limited by name resolution: requests spent 70% of their time on it: a nearer resolver, or more lookups at once "
                + "with --resolver-threads 64"),
        Row(
            held: [.perHost: 0.9], spent: [1, 2, 10, 87], cause: .bandwidth,
            sentence: "limited by bandwidth: 10.0M/s while downloading took 87% of the requests' time: more at once will hardly help"),
        Row(
            spent: [1, 2, 10, 87], change: { $0.downloadRate = 11 << 20 }, cause: .bandwidth,
            sentence: "limited by --limit-rate (11.0M/s): a higher --limit-rate"),
        Row(held: [.concurrency: 0.9], change: { $0.downloadRate = 100 << 20 }, cause: .concurrency),
        Row(held: [.output: 0.6, .concurrency: 0.4], cause: .output),
        Row(
            held: [.output: 0.6], change: { $0.isOrdered = true }, cause: .output,
            sentence: "limited by whoever reads the output for 60% of the time: a faster reader, or --unordered if slow URLs hold up "
                + "the others"),
        Row(
            held: [.input: 0.8], cause: .input,
            sentence: "limited by the input for 80% of the time: URLs came slower than they were fetched"),
        Row(held: [.backoff: 0.7], cause: .backoff),
        Row(
            cause: .serverWait,
            sentence: "limited by the servers: requests spent 100% of their time waiting for them, and no limit held up the next"),
        Row(spent: [0, 80, 20, 0], cause: .connecting),
        // Slow names do not matter when the rate is what everything waits for.
        Row(held: [.rate: 0.9], spent: [90, 0, 10, 0], cause: .rate),
        Row(held: [.concurrency: 0.3, .input: 0.3], spent: [25, 25, 25, 25], cause: nil),
        Row(spent: [25, 25, 25, 25], cause: nil),
        Row(held: [.concurrency: 0.9], elapsed: .milliseconds(100), cause: nil),
        Row(held: [.concurrency: 0.9], requests: 0, cause: nil),
        // A few requests that took their time say as much as many.
        Row(
            held: [.rate: 0.95], requests: 3, change: { $0.rate = Rate(1, per: .seconds(1)) }, cause: .rate,
            sentence: "limited by the rate for 95% of the time (--rate 1/s)"),
        Row(requests: 1, cause: .serverWait),
        Row(elapsed: .zero, requests: 0, cause: nil),
    ]

    @Test("Says what it was, and which option to change", arguments: rows) func finding(row: Row) {
        let found = Bottleneck(row.facts)
        #expect(found?.cause == row.cause)
        if !row.sentence.isEmpty { #expect(found?.sentence == row.sentence) }
        if let found { #expect((0...1).contains(found.share)) }
    }

    @Test("The options come from the configuration") func settings() {
        var configuration = Configuration()
        configuration.limits.concurrency = 3
        configuration.limits.perHost = 2
        configuration.limits.threads = 5
        configuration.addresses.resolverThreads = 7
        configuration.rates.download = 9
        configuration.rates.total = Rate(1, per: .seconds(1))
        configuration.rates.perHost = Rate(2, per: .seconds(1))
        let limits = RunFacts.Limits(configuration, isOrdered: true)
        #expect(limits.concurrency == 3 && limits.perHost == 2 && limits.threads == 5 && limits.resolverThreads == 7)
        #expect(
            limits.downloadRate == 9 && limits.rate == configuration.rates.total && limits.perHostRate == configuration.rates.perHost)
        #expect(limits.isOrdered)
    }

    @Test("The process has used some processor time, and no more as it goes back") func processorTime() {
        let before = RunFacts.processorTime
        #expect(before > .zero && RunFacts.processorTime >= before)
    }
}
