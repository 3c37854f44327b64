import Foundation
import Testing

@testable import FetchKit
@testable import fetch

@Suite("Summary") struct SummaryTests {
    private func statistics(_ count: Int = 1000, collectsHosts: Bool = false) throws -> Statistics {
        var statistics = Statistics(collectsHosts: collectsHosts)
        for number in 1...count {
            let time = Int64(number * 10)
            statistics.record(
                try .sample(
                    "http://h\(number % 30).example/\(number)", status: number % 100 == 0 ? 404 : 200,
                    error: number % 100 == 0 ? FetchError(.http, "404") : nil, connects: number <= 30 ? 1 : 0, bytes: 1024, queue: 5,
                    lookup: 50, connect: 100, sent: 101, started: 100 + time, total: 150 + time))
        }
        return statistics
    }

    private var context: Summary.Context {
        var context = Summary.Context(width: 80)
        context.elapsed = .seconds(2)
        context.processorTime = .milliseconds(300)
        context.processors = 2
        return context
    }

    private var report: RunReport {
        var report = RunReport()
        report.isInputRead = true
        report.held = [.perHost: .milliseconds(1660), .input: .milliseconds(10)]
        return report
    }

    @Test("One screen tells it all") func screen() throws {
        var statistics = try statistics()
        statistics.record(try .undispatched("http://h1.example/"))
        let lines = Summary(statistics, report, context).lines
        let start = [
            "1,001 URLs in 2.00s: 990 fetched, 10 failed, 1 skipped: file exists; 495 per",
            "  second",
            "received 1000K, 500K/s",
            "1,000 requests to 30 hosts over 30 connections (97.0% reused)",
            "status 200: 990, 404: 10",
            "                 count      p50      p90      p95     p99    p99.9     max",
            "  queue          1,000      5us      5us      5us     5us      5us     5us",
            "  name lookup       30     50us     50us     50us    50us     50us    50us",
            "  connect           30     50us     50us     50us    50us     50us    50us",
            "  first byte     1,000   5.02ms   9.02ms   9.54ms  9.92ms   10.0ms  10.0ms",
            "  download       1,000     50us     50us     50us    50us     50us    50us",
            "  total          1,000   5.15ms   9.15ms   9.66ms  10.1ms   10.2ms  10.2ms",
            "total time of 1,000 URLs with a response:",
        ]
        #expect(Array(lines.prefix(start.count)) == start)
        #expect(lines.contains("errors:") && lines.contains("  http                     10  such as http://h10.example/100: 404"))
        #expect(lines.contains("slowest:") && lines.contains("   10.2ms 404  http://h10.example/1000"))
        #expect(
            lines.suffix(2) == [
                "limited by the per-host limit for 83% of the time: --per-host 16 (now 8) would",
                "  ask each host for more at once",
            ])
        #expect(lines.count <= 50)
    }

    @Test("It fits a narrow terminal, whatever servers and lists are called", arguments: [40, 80, 132]) func widths(width: Int) throws {
        var statistics = try statistics(20, collectsHosts: true)
        let message = "\u{1B}[31m\r\n日本語" + String(repeating: "語", count: 100)
        for kind in FetchError.Kind.allCases {
            statistics.record(try .sample(status: nil, error: FetchError(kind, message), started: nil, total: 1_000_000))
        }
        for code in 200..<250 { statistics.record(try .sample(status: code)) }
        var context = context
        context.width = width
        context.showsHosts = true
        context.isPlain = true
        let lines = Summary(statistics, report, context).lines
        #expect(lines.allSatisfy { !$0.unicodeScalars.contains { $0.value < 0x20 } })
        #expect(lines.count <= 65)
        for line in lines { #expect(columns(line) < width, "\(line)") }
        for title in ["p50", "p99", "max", "URLs", "failed", "host"] { #expect(lines.contains { $0.contains(title) }, "\(title)") }
    }

    @Test("Nothing is cut when a file takes it") func whole() throws {
        var statistics = Statistics()
        let url = "http://h.example/" + String(repeating: "a", count: 300)
        statistics.record(try .sample(url, status: nil, error: FetchError(.connect, "refused"), started: nil))
        statistics.record(try .sample(url))
        var context = context
        context.width = nil
        let lines = Summary(statistics, report, context).lines
        #expect(lines.count { $0.contains(url) } == 3)
    }

    @Test("The table of hosts has the busiest first and all others in one row") func hosts() throws {
        var context = context
        context.showsHosts = true
        let lines = Summary(try statistics(collectsHosts: true), report, context).lines
        let header = try #require(lines.firstIndex { $0.hasSuffix("  host") })
        #expect(lines[header + 1] == "        34       0      0      1  34.0K 5.11ms 10.1ms  h1.example")
        #expect(lines[header + 11].hasSuffix("  (other hosts)"))
        #expect(!Summary(try statistics(), report, context).lines.contains { $0.hasSuffix("  host") })
    }

    @Test("A run of nothing has a summary as well") func nothing() {
        var context = context
        context.elapsed = .zero
        #expect(Summary(Statistics(), report, context).lines.first == "0 URLs in 0us: 0 fetched, 0 failed; 0.00 per second")
    }

    @Test("A terminal gets four lines, which break between words where it is narrow", arguments: [132, 40]) func brief(width: Int) throws {
        var context = context
        context.isBrief = true
        context.width = width
        let lines = Summary(try statistics(), report, context).lines
        let expected = [
            "1,000 URLs in 2.00s: 990 fetched, 10 failed; 495 per second", "received 1000K, 500K/s",
            "time per URL: p50 5.15ms, p95 9.66ms, p99 10.1ms",
            "limited by the per-host limit for 83% of the time: --per-host 16 (now 8) would ask each host for more at once",
        ]
        if width == 132 { #expect(lines == expected) }
        #expect(lines.allSatisfy { columns($0) < width })
        #expect(lines.joined(separator: " ").replacing("   ", with: " ") == expected.joined(separator: " "))
    }

    @Test("What was cancelled is no failure, and a try without a connection is no reuse") func counts() throws {
        var statistics = Statistics()
        statistics.record(try .sample(connects: 1))
        statistics.record(try .sample(connects: 0))
        statistics.record(try .sample(status: nil, error: FetchError(.connect, "connection refused"), sent: nil, started: nil))
        statistics.record(try .sample(status: nil, error: FetchError(.cancelled, "cancelled"), connects: 1, started: nil))
        statistics.record(try .undispatched("http://h/", FetchError(.cancelled, "cancelled")))
        var context = context
        context.width = nil
        let lines = Summary(statistics, RunReport(), context).lines
        #expect(
            lines[0] == "5 URLs in 2.00s: 2 fetched, 1 failed, 1 cancelled in flight, 1 not started; 1.00 per second; "
                + "the input was not read to its end")
        #expect(lines[2] == "4 requests to 1 host over 2 connections (25.0% reused)")
    }

    // MARK: JSON

    @Test("The same as JSON, for programs") func json() throws {
        var report = report
        report.duplicateCount = 4
        report.stop(.deadline)
        let bytes = StatisticsJSON(try statistics(collectsHosts: true), report, context).bytes
        #expect(bytes.last == UInt8(ascii: "\n") && bytes.count { $0 == UInt8(ascii: "\n") } == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let numbers: [String: Double] = [
            "urls": 1000, "ok": 990, "failed": 10, "skipped": 0, "duplicates": 4, "elapsed": 2, "cpu": 0.3, "rate": 495,
            "size_download": 1_024_000, "requests": 1000, "num_hosts": 30, "connections": 30, "retries": 0,
        ]
        for (key, value) in numbers { #expect(object[key] as? Double == value, "\(key)") }
        #expect(object["stop"] as? String == "deadline" && object["input_read"] as? Bool == true)
        #expect(object["status_codes"] as? [String: Int] == ["200": 990, "404": 10])
        let errors = try #require(object["errors"] as? [String: [String: Any]])
        #expect(errors["http"]?["count"] as? Int == 10 && errors["http"]?["example"] as? String == "http://h10.example/100: 404")
        let times = try #require(object["times"] as? [String: Any])
        #expect(Set(times.keys) == ["queue", "namelookup", "connect", "tls", "first_byte", "download", "total"])
        #expect(times["tls"] is NSNull)
        let total = try #require(times["total"] as? [String: Double])
        #expect(Set(total.keys) == ["p50", "p90", "p95", "p99", "p99_9", "max", "mean", "count"])
        #expect(total["max"] == 0.01015 && total["count"] == 1000 && total["mean"] == 0.005155)
        let rows = try #require(object["histogram"] as? [[String: Double]])
        #expect(rows.reduce(0) { $0 + $1["count"]! } == 1000)
        let slowest = try #require(object["slowest"] as? [[String: Any]])
        #expect(
            slowest.count == 10 && slowest[0]["url"] as? String == "http://h10.example/1000" && slowest[0]["response_code"] as? Int == 404)
        let hosts = try #require(object["hosts"] as? [[String: Any]])
        #expect(hosts.count == 30 && hosts[0]["host"] as? String == "http://h1.example" && hosts[0]["urls"] as? Int == 34)
        let limit = try #require(object["limited_by"] as? [String: Any])
        #expect(limit["cause"] as? String == "per_host" && limit["share"] as? Double == 0.83)
        #expect((limit["advice"] as? String)?.hasPrefix("--per-host 16") == true)
    }

    @Test("Without anything to say the keys are there all the same") func emptyJSON() throws {
        var context = context
        context.elapsed = .zero
        let bytes = StatisticsJSON(Statistics(), RunReport(), context).bytes
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(object["hosts"] is NSNull && object["limited_by"] is NSNull && object["stop"] is NSNull && object["rate"] as? Double == 0)
        #expect((object["slowest"] as? [Any])?.isEmpty == true && (object["histogram"] as? [Any])?.isEmpty == true)
    }
}
