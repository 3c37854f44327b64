// The line that shows a person how far a run is. What matters least goes first when the terminal is narrow: a line that wraps
// cannot be erased.

import FetchFormats
import FetchKit

/// Makes the text of the line; who draws it cares for the rest.
struct ProgressLine {
    struct State {
        var done = 0
        /// Nil as long as the input has not been read.
        var total: Int?
        var ok = 0
        var failed = 0
        var inFlight = 0
        var waiting = 0
        var bytes: Int64 = 0
        /// Of all bodies, when they are all under way and large; nil when nobody knows.
        var expectedBytes: Int64?
        var elapsed: Duration = .zero
        var recentRate = 0.0
        var recentBytesRate = 0.0
        /// The host that most requests wait for, and how many.
        var waitingFor: String?
        /// What else one should know, such as that the network is down.
        var note: String?
    }

    /// The columns that a note may be cut to, and those before it.
    private static let shortestNote = 20

    private enum Topic { case count, results, flight, rate, time, waiting, note }

    private struct Part {
        /// Parts of one topic stand close together.
        let topic: Topic
        let text: String
        /// The lowest goes first.
        let importance: Int

        init(_ topic: Topic, _ text: String, _ importance: Int) {
            self.topic = topic
            self.text = text
            self.importance = importance
        }
    }

    /// Less than `width` columns of printable characters.
    func text(_ state: State, width: Int) -> String {
        guard width > 1 else { return "" }
        var parts = Self.parts(state)
        var line = Self.join(parts)
        while columns(line) >= width, parts.count > 1 {
            // Even the beginning of a note is worth more than none.
            if parts.count == 2, parts[1].topic == .note, columns(parts[0].text) + Self.shortestNote < width { break }
            let least = parts.indices.min { parts[$0].importance < parts[$1].importance }!
            parts.remove(at: least)
            line = Self.join(parts)
        }
        return cut(line, toColumns: width - 1)
    }

    private static func join(_ parts: [Part]) -> String {
        var line = ""
        var topic: Topic?
        for part in parts {
            if let topic { line += part.topic == topic ? " " : "  " }
            line += part.text
            topic = part.topic
        }
        return line
    }

    private static func parts(_ state: State) -> [Part] {
        var parts = [Part(.count, state.total.map { "\(grouped(state.done))/\(grouped($0))" } ?? "\(grouped(state.done)) done", 10)]
        if let expected = state.expectedBytes {
            parts.append(Part(.count, share(Int(state.bytes), Int(expected)), 6))
        } else if let total = state.total, total > 0 {
            parts.append(Part(.count, share(state.done, total), 6))
        }
        parts.append(Part(.results, "\(grouped(state.ok)) ok", 4))
        if state.failed > 0 { parts.append(Part(.results, "\(grouped(state.failed)) failed", 9)) }
        parts.append(Part(.flight, "\(grouped(state.inFlight)) in flight", 3))
        if let expected = state.expectedBytes {
            parts.append(Part(.rate, "\(human(bytes: state.bytes)) of \(human(bytes: expected))", 7))
        } else {
            parts.append(Part(.rate, "\(perSecond(state.recentRate))/s", 7))
        }
        if state.bytes > 0 { parts.append(Part(.rate, "\(bytes(state.recentBytesRate))/s", state.expectedBytes == nil ? 2 : 6)) }
        if let time = timeLeft(state) {
            parts.append(Part(.time, "ETA \(clock(time))", 8))
        } else {
            parts.append(Part(.time, clock(state.elapsed), 5))
        }
        if let host = state.waitingFor, !host.isEmpty {
            parts.append(Part(.waiting, "waiting for \(printable(host))", 6))
        } else if state.waiting > 0 {
            parts.append(Part(.waiting, "\(grouped(state.waiting)) waiting", 1))
        }
        // It says why nothing happens.
        if let note = state.note, !note.isEmpty { parts.append(Part(.note, printable(note), 9)) }
        return parts
    }

    /// Whole percents; what is not all is not 100%.
    private static func share(_ done: Int, _ total: Int) -> String {
        done >= total ? "100%" : "\(min(99, max(0, Int(Double(done) / Double(total) * 100))))%"
    }

    private static func bytes(_ rate: Double) -> String {
        human(bytes: Int64(exactly: max(0, rate).rounded()) ?? 0)
    }

    private static func timeLeft(_ state: State) -> Duration? {
        if let expected = state.expectedBytes {
            return state.recentBytesRate > 0 ? .seconds(max(1, Int(min(1e6, Double(expected - state.bytes) / state.recentBytesRate)))) : nil
        }
        guard let total = state.total, total > state.done, state.recentRate > 0 else { return nil }
        let left = Double(total - state.done) / state.recentRate
        // Beyond some days it is a guess that changes with every look.
        return left < 1_000_000 ? .seconds(max(1, Int(left.rounded()))) : nil
    }

    /// Without fractions, which would only flicker.
    private static func clock(_ time: Duration) -> String {
        let whole = min(max(0, time.components.seconds), 1 << 40)
        return whole < 60 ? "\(whole)s" : human(.seconds(whole))
    }
}
