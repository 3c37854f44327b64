// The times of a run as a picture. The rows follow the times: as fine as about a dozen of them allow, with round bounds, and
// equal on a logarithmic scale when the times lie far apart.

import FetchKit
import Histogram

/// Counts of times between round bounds.
struct TimeHistogram {
    /// In microseconds, `to` excluded.
    struct Row: Equatable {
        let from: Int64
        let to: Int64
        var count = 0
    }

    private static var mostRows: Int { 14 }

    private(set) var rows: [Row]

    /// `times` are in microseconds.
    init(_ times: Histogram<UInt64>) {
        guard times.totalCount > 0 else {
            rows = []
            return
        }
        // What stands for all times that the histogram does not tell apart.
        let value = { Int64(min(times.highestEquivalentForValue($0), times.maxRecorded)) }
        rows = Self.rows(from: value(times.min), to: Int64(times.maxRecorded))
        var row = 0
        for recorded in times.recordedValues() {
            let value = value(recorded.value)
            while row < rows.count - 1 && value >= rows[row].to { row += 1 }
            rows[row].count += Int(recorded.count)
        }
    }

    /// A bar for each row. Plain is for terminals that have nothing but ASCII.
    func lines(width: Int, isPlain: Bool) -> [String] {
        let total = rows.reduce(0) { $0 + $1.count }
        let most = rows.reduce(1) { max($0, $1.count) }
        let counts = rows.map { grouped($0.count) }
        let countWidth = counts.map(\.count).max() ?? 0
        // Bounds, count, percent and the blanks between them.
        let room = max(1, width - 22 - countWidth - 9)
        return zip(rows, counts).map { row, count in
            let bounds = "\(human(.microseconds(row.from)).aligned(9)) - \(human(.microseconds(row.to)).filled(8))"
            let bar = Self.bar(Double(row.count) / Double(most), room, isPlain)
            let line = "\(bounds)  \(count.aligned(countWidth)) \(percent(row.count, of: total).aligned(6))"
            return row.count > 0 ? "\(line)  \(bar)" : line
        }
    }

    // MARK: Bounds

    private static func rows(from low: Int64, to high: Int64) -> [Row] {
        let bounds = high < 4 * max(1, low) ? evenBounds(low, high) : logarithmicBounds(low, high)
        return zip(bounds, bounds.dropFirst()).map { Row(from: $0, to: $1) }
    }

    private static func evenBounds(_ low: Int64, _ high: Int64) -> [Int64] {
        // Bounds that look the same when they are written would be no bounds.
        let readable = high < 3_600_000_000 ? high / 100 : 60_000_000
        let finest = max(1, (high - low) / Int64(mostRows - 2), readable)
        var step: Int64 = 1
        while step < finest { step = rounder(step) }
        let first = low / step * step
        return Array(stride(from: first, through: high / step * step + step, by: Int64.Stride(step)))
    }

    /// The next of 1, 2, 5, 10, 20, 50 ...
    private static func rounder(_ step: Int64) -> Int64 {
        var leading = step
        while leading >= 10 { leading /= 10 }
        return leading == 2 ? step / 2 * 5 : step * 2
    }

    /// Parts of a decade, the finest first.
    private static let scales: [[Double]] = [
        [1, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1],
    ]

    private static func logarithmicBounds(_ low: Int64, _ high: Int64) -> [Int64] {
        var bounds: [Int64] = []
        for scale in scales {
            bounds = logarithmicBounds(low, high, scale)
            if bounds.count <= mostRows + 1 { break }
        }
        return bounds
    }

    private static func logarithmicBounds(_ low: Int64, _ high: Int64, _ scale: [Double]) -> [Int64] {
        var bounds: [Int64] = [0]
        var decade = 1.0
        while bounds[bounds.count - 1] <= high {
            for part in scale {
                let bound = Int64((decade * part).rounded())
                guard bound > bounds[bounds.count - 1] else { continue }
                if bound <= low { bounds.removeAll() }
                bounds.append(bound)
                if bound > high { break }
            }
            decade *= 10
        }
        return bounds
    }

    // MARK: Bars

    private static func bar(_ share: Double, _ width: Int, _ isPlain: Bool) -> String {
        // What is there at all is seen.
        let smallest = share > 0 ? 1 : 0
        if isPlain { return String(repeating: "#", count: max(smallest, Int((share * Double(width)).rounded()))) }
        let (full, eighths) = max(smallest, Int((share * Double(width * 8)).rounded())).quotientAndRemainder(dividingBy: 8)
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: full) + parts[eighths]
    }
}

/// With one decimal; what is not all is not 100%, what is not nothing is not 0%.
func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "-" }
    let tenths = Int((Double(part) / Double(whole) * 1000).rounded())
    if tenths == 0 && part > 0 { return "<0.1%" }
    if tenths == 1000 { return part < whole ? "99.9%" : "100%" }
    return "\(tenths / 10).\(tenths % 10)%"
}
