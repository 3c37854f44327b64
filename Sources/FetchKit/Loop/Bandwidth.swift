// --limit-rate for a whole run: libcurl's own limit knows one transfer only.

/// How many body bytes may come now, and which transfers wait for more. One share for each event loop.
struct Bandwidth {
    /// Names no transfer, but the moment when there is bandwidth again.
    static let serial = -1

    /// Bytes per second.
    private let rate: Double
    /// May be below zero: a piece that has come cannot be sent back.
    private var credit: Double
    private var last = Instant.now
    /// Transfers that wait, in order.
    private var waiting: [Int] = []
    /// Somebody will look when it opens.
    var isAwaited = false

    init(rate: Int) {
        self.rate = Double(max(1, rate))
        credit = 0
    }

    /// Whether a piece may come; if not, its transfer waits.
    mutating func admits(_ serial: Int, bytes: Int, at now: Instant) -> Bool {
        if isOpen(at: now) {
            credit -= Double(bytes)
            return true
        }
        if !waiting.contains(serial) { waiting.append(serial) }
        return false
    }

    /// The transfer that may go on, taken out; nil when none may or none waits.
    mutating func next(at now: Instant) -> Int? {
        isOpen(at: now) && !waiting.isEmpty ? waiting.removeFirst() : nil
    }

    /// When those that wait may look again; nil when none waits.
    var opens: Instant? {
        waiting.isEmpty ? nil : Instant(nanoseconds: last.nanoseconds + Int64(max(0, -credit) / rate * 1e9) + 1_000_000)
    }

    /// What nobody has used is forgotten after a tenth of a second.
    private mutating func isOpen(at now: Instant) -> Bool {
        credit = min(credit + Double(now.nanoseconds - last.nanoseconds) / 1e9 * rate, rate / 10)
        last = now
        return credit > 0
    }
}
