// --limit-rate for a whole run: libcurl's own limit knows one transfer only.

/// How many body bytes may come now. One share for each event loop.
struct Bandwidth {
    /// Bytes per second.
    private let rate: Double
    /// May be below zero: a piece that has come cannot be sent back.
    private var credit: Double
    private var last = Moment.now

    init(rate: Int) {
        self.rate = Double(max(1, rate))
        credit = 0
    }

    /// What nobody has used is forgotten after a tenth of a second.
    mutating func isOpen(at now: Moment) -> Bool {
        credit = min(credit + Double(now.nanoseconds - last.nanoseconds) / 1e9 * rate, rate / 10)
        last = now
        return credit > 0
    }

    mutating func use(_ bytes: Int) { credit -= Double(bytes) }

    /// When there will be credit again.
    var opens: Moment { Moment(nanoseconds: last.nanoseconds + Int64(max(0, -credit) / rate * 1e9) + 1_000_000) }
}
