// Whose body streams. One at a time: the one that is next in input order, or the first that came.

/// The turn-taking of bodies that outgrew memory.
///
/// The first unfinished index can always go on: in input order it gets the turn as soon as nothing streams, and what streams was the
/// first unfinished index itself; in completion order whoever streams needs nothing from those that wait, and its end gives the turn on.
struct StreamingOrder {
    let mode: Configuration.Bodies.Streaming
    private var streaming: Int?
    /// Those that stream when each does for itself.
    private var independent: Set<Int> = []
    /// Serials of the transfers that wait for their turn, by index.
    private var waiting: [Int: Int] = [:]
    /// Was told that its turn has come and has not begun yet; it may also have finished in the meantime.
    private var granted: Int?
    /// Outcomes that finished while a body streams and are written after it.
    private(set) var heldBack = 0

    init(_ mode: Configuration.Bodies.Streaming) { self.mode = mode }

    /// Whether a body that has just outgrown memory may stream at once; if not, its transfer waits for its turn.
    mutating func mayStart(_ index: Int, serial: Int, next: Int) -> Bool {
        let mayStart =
            switch mode {
            case .off: false
            case .inInputOrder: index == next && streaming == nil && granted == nil
            case .inCompletionOrder: streaming == nil && granted == nil
            case .independently: true
            }
        if !mayStart {
            waiting[index] = serial
        } else if mode != .independently {
            granted = index
        }
        return mayStart
    }

    /// The try is over and its body not needed; the request goes on.
    mutating func withdraw(_ index: Int) {
        waiting[index] = nil
        independent.remove(index)
        if granted == index { granted = nil }
    }

    mutating func start(_ index: Int) {
        if mode == .independently { return _ = independent.insert(index) }
        streaming = index
        granted = nil
    }

    /// A request is over. Returns whether its body was the one that streamed.
    mutating func finish(_ index: Int) -> Bool {
        if mode == .independently { return independent.remove(index) != nil }
        if mode == .off { return false }
        withdraw(index)
        guard streaming != nil else { return false }
        guard streaming == index else {
            if mode == .inCompletionOrder { heldBack += 1 }
            return false
        }
        streaming = nil
        heldBack = 0
        return true
    }

    /// Gives the turn to the next transfer that waits for it, and returns its serial.
    mutating func grantNextTurn(next: Int) -> Int? {
        guard streaming == nil, granted == nil, !waiting.isEmpty else { return nil }
        let index = mode == .inInputOrder ? next : waiting.keys.min()!
        guard let serial = waiting.removeValue(forKey: index) else { return nil }
        granted = index
        return serial
    }
}
