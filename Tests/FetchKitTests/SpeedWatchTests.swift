import Testing

@testable import FetchKit

@Suite("The watch over the speed of a transfer") struct SpeedWatchTests {
    /// The longest time below `limit` of a transfer that has so many bytes after each second.
    private func longest(below limit: Int, _ totals: [Int64]) -> Int {
        var watch = SpeedWatch()
        return totals.map { watch.secondsBelow(limit, bytes: $0) }.max() ?? 0
    }

    @Test("Counts seconds without enough bytes") func nothing() {
        #expect(longest(below: 1, [0, 0, 0, 0]) == 4)
        #expect(longest(below: 1, [0, 0, 1, 1, 1]) == 5)
    }

    @Test("Begins again when the speed since it began was enough") func bursts() {
        #expect(longest(below: 10, [10, 20, 30, 40]) == 0)
        #expect(longest(below: 10, [0, 0, 30, 30, 30, 60]) == 2)
        #expect(longest(below: 10, [0, 0, 29, 29, 29]) == 5)
    }

    @Test("The largest limit and the most bytes are numbers like others") func extremes() {
        #expect(longest(below: .max, [.max - 1, .max - 1]) == 2)
        #expect(longest(below: .max, [.max]) == 0)
    }

    @Test("Counts from where it was told to") func restart() {
        var watch = SpeedWatch()
        #expect(watch.secondsBelow(100, bytes: 50) == 1)
        watch.restart(at: 1000)
        #expect(watch.secondsBelow(100, bytes: 1050) == 1)
        #expect(watch.secondsBelow(100, bytes: 1200) == 0)
    }
}
