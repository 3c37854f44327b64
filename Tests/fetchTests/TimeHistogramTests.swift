import Histogram
import Testing

@testable import fetch

@Suite("Histogram of times") struct TimeHistogramTests {
    private func histogram(_ times: [Int64]) -> Histogram<UInt64> {
        var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        for time in times { histogram.record(UInt64(time)) }
        return histogram
    }

    static let spreads: [[Int64]] = [
        [0], [1], [5, 5, 5], [0, 1], [0, 1_000_000], [1, 2, 3], [999, 1000, 1001], [1000, 3999], [1000, 4000], [850, 92_000],
        [10_000_000, 10_050_000], [12, 1 << 41], [60_000_000, 75_000_000], [3_600_000_000, 7_000_000_000], [9_950, 10_050],
    ]

    @Test("About a dozen rows with rising bounds hold every time", arguments: spreads) func rows(times: [Int64]) {
        let rows = TimeHistogram(histogram(times)).rows
        #expect((1...15).contains(rows.count))
        #expect(rows.reduce(0) { $0 + $1.count } == times.count)
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.to == $1.from } && rows.allSatisfy { $0.from < $0.to })
        #expect(rows[0].count > 0 && rows[rows.count - 1].count > 0, "no empty rows at the ends")
        // A histogram keeps three digits.
        #expect(rows[0].from <= times.min()! + times.min()! / 500 && times.max()! < rows[rows.count - 1].to)
        for time in times {
            #expect(rows.contains { $0.from <= time + time / 500 && time < $0.to && $0.count > 0 })
        }
    }

    @Test("No two bounds look the same", arguments: spreads) func bounds(times: [Int64]) {
        let rows = TimeHistogram(histogram(times)).rows
        let written = rows.map { human(.microseconds($0.from)) } + [human(.microseconds(rows[rows.count - 1].to))]
        #expect(Set(written).count == written.count)
    }

    @Test("Bounds are round, and the scale follows the times")
    func scale() {
        #expect(TimeHistogram(histogram([850, 92_000])).rows.map(\.from).prefix(4) == [700, 1000, 1500, 2000])
        #expect(TimeHistogram(histogram([1000, 1110])).rows.map(\.from) == [1000, 1020, 1040, 1060, 1080, 1100])
        #expect(TimeHistogram(histogram([])).rows.isEmpty)
    }

    @Test("Bars have the width that there is, and what is there at all is seen")
    func bars() {
        let times = Array(repeating: Int64(1000), count: 10_000) + [2_500, 2_500, 9_000]
        for width in [60, 80, 200] {
            let lines = TimeHistogram(histogram(times)).lines(width: width, isPlain: false)
            #expect(lines.map(columns).max() == width)
            #expect(lines.count { $0.hasSuffix("▏") } == 2 && lines[0].hasSuffix("█"))
            let starts = lines.compactMap { line in line.firstIndex { "█▏".contains($0) }?.utf16Offset(in: line) }
            #expect(starts.count == 3 && Set(starts).count == 1, "the bars begin in one column")
            #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
        }
        let plain = TimeHistogram(histogram(times)).lines(width: 80, isPlain: true)
        #expect(plain.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } } && plain.map(\.count).max() == 80)
        #expect(plain.count { $0.hasSuffix(" #") } == 2)
        _ = TimeHistogram(histogram(times)).lines(width: 0, isPlain: false)
    }

    @Test(
        "Percents do not round to what they are not",
        arguments: [(0, 5, "0.0%"), (1, 100_000, "<0.1%"), (99_999, 100_000, "99.9%"), (5, 5, "100%"), (1, 3, "33.3%"), (0, 0, "-")])
    func percents(part: Int, whole: Int, expected: String) {
        #expect(percent(part, of: whole) == expected)
    }
}
