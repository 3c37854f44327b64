import FetchKit
import Testing

@testable import fetch

@Suite("Progress line") struct ProgressLineTests {
    static let full = ProgressLine.State(
        done: 12_345, total: 100_000, ok: 12_300, failed: 45, inFlight: 64, waiting: 812, bytes: 1 << 30, elapsed: .seconds(10),
        recentRate: 1252.2, recentBytesRate: 12.3 * 1_048_576, waitingFor: "example.org (812)")

    @Test(
        "What matters least goes first when it gets narrow",
        arguments: [
            (
                200,
                "12,345/100,000 12%  12,300 ok 45 failed  64 in flight  1,252/s 12.3M/s  ETA 1m10s  waiting for example.org (812)"
            ),
            (110, "12,345/100,000 12%  12,300 ok 45 failed  64 in flight  1,252/s  ETA 1m10s  waiting for example.org (812)"),
            (80, "12,345/100,000  45 failed  1,252/s  ETA 1m10s  waiting for example.org (812)"),
            (60, "12,345/100,000  45 failed  1,252/s  ETA 1m10s"), (40, "12,345/100,000  45 failed  ETA 1m10s"),
            (30, "12,345/100,000  45 failed"), (16, "12,345/100,000"), (12, "12,345/1..."), (2, "."), (1, ""), (0, ""), (-5, ""),
        ]) func narrow(width: Int, expected: String)
    {
        #expect(ProgressLine().text(Self.full, width: width) == expected)
    }

    @Test("Without a known total there is the time that passed") func unknownTotal() {
        let state = ProgressLine.State(done: 7, ok: 7, inFlight: 1, waiting: 3, elapsed: .seconds(65), recentRate: 0.5)
        #expect(ProgressLine().text(state, width: 100) == "7 done  7 ok  1 in flight  0.50/s  1m05s  3 waiting")
    }

    @Test("When only large bodies are left, their bytes tell how far it is") func largeBodies() {
        let state = ProgressLine.State(
            done: 0, total: 1, inFlight: 1, bytes: 1 << 30, expectedBytes: 4 << 30, elapsed: .seconds(10), recentBytesRate: 96 * 1_048_576)
        #expect(ProgressLine().text(state, width: 100) == "0/1 25%  0 ok  1 in flight  1.00G of 4.00G 96.0M/s  ETA 32s")
        #expect(ProgressLine().text(state, width: 40) == "0/1  1.00G of 4.00G 96.0M/s  ETA 32s")
    }

    @Test("A note stays nearly as long as the count") func note() {
        var state = Self.full
        state.note = "network down"
        #expect(ProgressLine().text(state, width: 40) == "12,345/100,000  45 failed  network down")
    }

    @Test("Another try says when, which one it is, and why, as far as there is room") func retry() {
        var run = RunMonitor.State()
        run.hold = .backoff
        run.pausedFor = .milliseconds(2001)
        #expect(Progress.note(run, RunFacts.Limits()) == "next try in 3 s")
        run.retry = RunMonitor.Retry(attempt: 2, of: 3, reason: "connection reset by peer")
        let note = Progress.note(run, RunFacts.Limits())
        #expect(note == "retrying in 3 s (2 of 3): connection reset by peer")
        let state = ProgressLine.State(total: 1, elapsed: .seconds(2), note: note)
        #expect(ProgressLine().text(state, width: 80) == "0/1 0%  0 ok  0.00/s  2s  retrying in 3 s (2 of 3): connection reset by peer")
        #expect(ProgressLine().text(state, width: 40) == "0/1  retrying in 3 s (2 of 3): conne...")
        #expect(ProgressLine().text(state, width: 20) == "0/1")
        run.pausedFor = .milliseconds(10)
        #expect(Progress.note(run, RunFacts.Limits())?.hasPrefix("retrying in 1 s ") == true)
        run.pausedFor = .seconds(65)
        #expect(Progress.note(run, RunFacts.Limits())?.hasPrefix("retrying in 1m05s ") == true)
        run.hold = .perHost
        #expect(Progress.note(run, RunFacts.Limits()) == nil)
    }

    @Test("What the rate holds back is limited by the rate, also where the terminal is narrow") func rate() {
        var limits = RunFacts.Limits()
        var run = RunMonitor.State()
        run.hold = .rate
        #expect(Progress.note(run, limits) == nil)
        limits.rate = Rate(10, per: .seconds(1))
        #expect(Progress.note(run, limits) == "limited by --rate 10/s")
        limits.perHostRate = Rate(30, per: .seconds(60))
        #expect(Progress.note(run, limits) == "limited by --rate 10/s, --per-host-rate 30/m")
        limits.perHostRate = nil
        var state = Self.full
        state.note = Progress.note(run, limits)
        #expect(ProgressLine().text(state, width: 80).contains("limited by --rate 10/s"))
    }

    @Test("Never wider than the terminal, whatever a host is called", arguments: [0, 1, 10, 37, 80, 119, 120, 300])
    func neverWider(width: Int) {
        for name in ["\u{1B}[2Jh", "日本語日本語日本語.example", "👩‍👩‍👧❤️.example", "a\nb\r", "\u{202E}x", "e\u{301}\u{301}", ""] {
            var state = Self.full
            state.waitingFor = name
            state.note = name
            let line = ProgressLine().text(state, width: width)
            #expect(columns(line) <= max(0, width - 1))
            #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202E}" })
        }
    }

    @Test("Absurd numbers are harmless") func absurd() {
        let numbers = [Double.nan, .infinity, -1, 1e300, 1e-300]
        for number in numbers {
            var state = ProgressLine.State(done: .max, total: 1, bytes: .max, elapsed: .seconds(Int64.max / 4))
            state.recentRate = number
            state.recentBytesRate = number
            #expect(ProgressLine().text(state, width: 200).contains("100%"))
            state.done = 0
            state.total = .max
            #expect(ProgressLine().text(state, width: 200).contains("0%"))
        }
    }

    @Test("Not done is never 100%") func almost() {
        var state = ProgressLine.State(done: 99_999, total: 100_000)
        #expect(ProgressLine().text(state, width: 80).contains(" 99%"))
        state.done = 100_000
        #expect(ProgressLine().text(state, width: 80).contains(" 100%"))
    }
}

@Suite("Rate meter") struct RateMeterTests {
    @Test("A constant rate is known from the first look on") func constant() {
        var meter = RateMeter()
        #expect(meter.rate == 0)
        for tick in 1...100 {
            meter.update(now: .milliseconds(100 * tick), done: 10 * tick, bytes: Int64(1000 * tick))
            #expect(abs(meter.rate - 100) < 0.001 && abs(meter.bytesRate - 10_000) < 0.1)
        }
    }

    @Test("A change shows within seconds, not at once") func change() {
        var meter = RateMeter()
        for tick in 1...600 { meter.update(now: .milliseconds(100 * tick), done: 10 * tick, bytes: 0) }
        meter.update(now: .milliseconds(60_100), done: 6000, bytes: 0)
        #expect((90..<100).contains(meter.rate))
        for tick in 602...650 { meter.update(now: .milliseconds(100 * tick), done: 6000, bytes: 0) }
        #expect((30..<45).contains(meter.rate))
        for tick in 651...1000 { meter.update(now: .milliseconds(100 * tick), done: 6000, bytes: 0) }
        #expect(meter.rate < 1)
    }

    @Test("Looks at the same moment, or clocks that go back, change nothing") func sameMoment() {
        var meter = RateMeter()
        meter.update(now: .seconds(1), done: 10, bytes: 0)
        meter.update(now: .seconds(1), done: 1000, bytes: 0)
        meter.update(now: .zero, done: 1000, bytes: 0)
        #expect(abs(meter.rate - 10) < 0.001)
        meter.update(now: .seconds(2), done: 20, bytes: 0)
        #expect(abs(meter.rate - 10) < 0.001)
    }
}

@Suite("Columns") struct ColumnsTests {
    @Test(
        "Wide characters take two columns, marks none",
        arguments: [("", 0), ("abc", 3), ("äé", 2), ("e\u{301}", 1), ("日本", 4), ("ｱ", 1), ("한", 2), ("👋", 2), ("a…▏█", 4)])
    func width(text: String, expected: Int) {
        #expect(columns(text) == expected)
    }

    @Test(
        "Lines break between words, and a longer word stays whole",
        arguments: [
            ("", 5, [""]), ("abc def", 9, ["abc def"]), ("abc def", 8, ["abc def"]), ("abc def", 7, ["abc", "  def"]),
            ("http://long.example/path is gone", 12, ["http://long.example/path", "  is gone"]), ("日本 日本 x", 8, ["日本", "  日本", "  x"]),
            ("fetch: http://long.example/path is gone", 12, ["fetch: http://long.example/path", "  is gone"]),
            ("a b c d e f", 6, ["a b c", "  d e", "  f"]),
        ]) func wrapping(text: String, width: Int, expected: [String])
    {
        #expect(text.wrapped(width) == expected)
        #expect(text.wrapped(nil) == [text])
        #expect("  -x FILE  two words".wrapped(17, indentation: 11) == ["  -x FILE  two", "           words"])
    }

    @Test(
        "Text is cut where it must be, with a mark",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 5, "ab..."), ("日本語", 5, "日..."), ("日本語", 6, "日本語"), ("abc", 2, ".."), ("abc", 0, ""),
        ])
    func cutting(text: String, width: Int, expected: String) {
        #expect(cut(text, toColumns: width) == expected)
        #expect(columns(cut(text, toColumns: width)) <= width)
    }
}
