import Testing

@testable import FetchKit
@testable import fetch

@Suite("Statistics") struct StatisticsTests {
    @Test("Each step counts its own time, and only where it happened") func phases() throws {
        var statistics = Statistics()
        statistics.record(
            try .sample(
                connects: 1, queue: 7, lookup: 100, connect: 300, tls: 700, sent: 710, started: 1710, total: 2000))
        statistics.record(try .sample(queue: 9, lookup: 1, connect: 1, sent: 10, started: 40, total: 100))
        let expected: [(Phase, Int, Int64)] = [
            (.queue, 2, 9), (.nameLookup, 1, 100), (.connect, 1, 200), (.tls, 1, 400), (.firstByte, 2, 1000), (.download, 2, 290),
            (.total, 2, 2000),
        ]
        for (phase, count, longest) in expected {
            #expect(statistics.times[phase].count == count && statistics.times[phase].longest == .microseconds(longest), "\(phase)")
        }
        #expect(statistics.times[.total].mean == .microseconds(1050))
        #expect(
            statistics.times.spent
                == PhaseTimes.Spent(nameLookup: 100, connecting: 610, waiting: 1030, downloading: 350, total: 2100))
    }

    @Test("A step that never ended took the rest of the time, but is not among the times")
    func unfinished() throws {
        var times = PhaseTimes()
        let noName = try Outcome.sample(status: nil, connects: 1, sent: nil, started: nil, total: 50)
        let noConnection = try Outcome.sample(status: nil, connects: 1, lookup: 10, sent: nil, started: nil, total: 60)
        let noResponse = try Outcome.sample(status: nil, connects: 1, lookup: 10, connect: 20, sent: 25, started: nil, total: 1000)
        for outcome in [noName, noConnection, noResponse] { _ = times.record(outcome, hasResponse: false) }
        #expect(times.spent == PhaseTimes.Spent(nameLookup: 70, connecting: 65, waiting: 975, downloading: 0, total: 1110))
        #expect(times[.nameLookup].count == 2 && times[.connect].count == 1 && times[.firstByte].count == 0 && times[.total].count == 0)
    }

    @Test("Redirects count as requests, and their times add up") func redirects() throws {
        var statistics = Statistics()
        var outcome = try Outcome.sample(bytes: 5, total: 30)
        outcome.hops.insert(try .sample(status: 301, connects: 1, bytes: 2, lookup: 1, connect: 2, sent: 3, started: 4, total: 70), at: 0)
        statistics.record(outcome)
        #expect(statistics.transfers == 2 && statistics.connects == 1 && statistics.bytes.downloaded == 7)
        #expect(statistics.times[.total].longest == .microseconds(100) && statistics.times[.firstByte].count == 2)
        #expect(statistics.statusCodes.map(\.code) == [200], "only the final one is a result")
    }

    @Test("Moments that run backwards, and statuses that are none, are harmless") func nonsense() throws {
        var statistics = Statistics()
        statistics.record(
            try .sample(status: 99_999, connects: 3, lookup: 900, connect: 5, tls: 3, sent: 2, started: 1, total: 1 << 60))
        statistics.record(try .sample(status: -1, started: 10, total: -5))
        #expect(statistics.statusCodes.map(\.code) == [0] && statistics.statusCodes.map(\.count) == [2])
        #expect(statistics.times[.total].count == 2 && statistics.times[.tls].longest == .zero)
    }

    @Test("What exists already is neither fetched nor failed") func skipped() throws {
        var statistics = Statistics(collectsHosts: true)
        statistics.record(try .undispatched("http://h.example/a"))
        statistics.record(try .sample())
        statistics.record(try .undispatched("http://h.example/b", FetchError(.blocked, "no")))
        #expect(statistics.count == 3 && statistics.skipped == 1 && statistics.succeeded == 1 && statistics.failed == 1)
    }

    @Test("The first failure of a class is its example") func examples() throws {
        var statistics = Statistics()
        for number in 1...3 {
            statistics.record(try .sample("http://h.example/\(number)", status: nil, error: FetchError(.connect, "refused \(number)")))
        }
        #expect(statistics.errors[.connect]?.count == 3)
        #expect(statistics.errors[.connect]?.example == "http://h.example/1: refused 1")
    }

    @Test("The ten slowest are found wherever they stand", arguments: [true, false]) func slowest(isAscending: Bool) throws {
        var slowest = Slowest()
        let times = Array(Int64(1)...100)
        for time in isAscending ? times : times.reversed() {
            slowest.record(try .sample("http://h.example/\(time)", error: time == 99 ? FetchError(.http, "404") : nil), time)
        }
        #expect(slowest.entries.map(\.microseconds) == (91...100).reversed())
        #expect(slowest.entries[0].url == "http://h.example/100" && slowest.entries[1].error == .http)
    }

    @Test("Each host has a row, and what failed without a try counts as well") func hosts() throws {
        var table = HostTable()
        table.record(try .sample("http://a.example/1", connects: 1, bytes: 10, retries: 2), total: 100)
        table.record(try .sample("http://a.example/2", status: 503, error: FetchError(.http, "503")), total: 300)
        table.record(try .undispatched("http://a.example/3", FetchError(.hostDown, "down")), total: 0)
        table.record(try .sample("http://a.example:8080/1"), total: 5)
        table.record(Outcome(index: 0, rejected: RejectedInput(text: "http://a.example/", source: nil, reason: "")), total: 0)
        let rows = table.top(10)
        #expect(rows.map(\.name) == ["a.example", "a.example:8080"])
        let row = rows[0]
        #expect(row.urls == 3 && row.failed == 2 && row.busy == 1 && row.retries == 2 && row.connects == 1 && row.bytesDownloaded == 10)
        #expect(row.mean == .microseconds(200) && row.longest == .microseconds(300))
    }

    @Test("Hosts beyond the limit, and those with absurd names, share a row") func otherHosts() throws {
        var table = HostTable()
        for number in 0..<(HostTable.most + 5) { table.record(try .sample("http://h\(number)/"), total: 1) }
        table.record(try .sample("http://h0/"), total: 1)
        #expect(table.rows.count == HostTable.most && table.others.urls == 5)
        let top = table.top(3)
        #expect(top.map(\.name) == ["h0", "h1", "h10", "(other hosts)"])
        #expect(top.reduce(0) { $0 + $1.urls } == HostTable.most + 6)
        var absurd = HostTable()
        absurd.record(try .sample("http://\(Array(repeating: "a", count: 200).joined(separator: ".")).example/"), total: 1)
        #expect(absurd.rows.isEmpty && absurd.others.urls == 1)
    }

    @Test("Hosts are counted, up to a limit") func hostCount() throws {
        var count = HostCount()
        for number in [0, 0, 1, 0, 2, 2] { count.record(try HTTPURL("http://h\(number)/").origin) }
        #expect(count.count == 3 && !count.isFull)
        for number in 0..<5000 { count.record(try HTTPURL("http://h\(number)/").origin) }
        #expect(count.isFull && count.count == 4096)
    }
}
