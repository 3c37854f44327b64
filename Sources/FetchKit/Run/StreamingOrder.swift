// Whose body streams. One at a time: the one that is next in input order, or the first that came.

/// The turn-taking of bodies that outgrew memory.
struct StreamingOrder {
    struct Waiting {
        var id: TransferID
        var loop: EventLoop
        var hop: Hop
    }

    private let mode: Configuration.Bodies.Streaming
    private var streaming: Int?
    /// Those that stream when each does for itself.
    private var independent: Set<Int> = []
    private var waiting: [Int: Waiting] = [:]
    /// Was told that its turn has come and has not answered yet; it may also have finished in the meantime.
    private var granted: (index: Int, hop: Hop)?
    /// Outcomes that finished while a body streams and are written after it.
    private(set) var heldBack = 0

    init(_ mode: Configuration.Bodies.Streaming) { self.mode = mode }

    /// Whether a body that has just outgrown memory may stream at once.
    func mayStart(_ index: Int, next: Int) -> Bool {
        switch mode {
        case .off: false
        case .inInputOrder: index == next
        case .inCompletionOrder: streaming == nil && granted == nil
        case .independently: true
        }
    }

    mutating func wait(_ index: Int, for waiting: Waiting) {
        self.waiting[index] = waiting
    }

    /// The try is over and its body of no use; the request goes on.
    mutating func withdraw(_ index: Int) {
        waiting[index] = nil
        independent.remove(index)
        if granted?.index == index { granted = nil }
    }

    mutating func start(_ index: Int) {
        if mode == .independently { return _ = independent.insert(index) }
        streaming = index
        granted = nil
    }

    func hopOfGranted(_ index: Int) -> Hop {
        granted!.hop
    }

    /// A request is over. Returns whether its body was the one that streamed.
    mutating func finish(_ index: Int) -> Bool {
        if mode == .independently { return independent.remove(index) != nil }
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

    /// Gives the turn to the next one that waits for it, if there is one.
    mutating func grantNextTurn(next: Int) {
        guard streaming == nil, granted == nil, !waiting.isEmpty else { return }
        let index = mode == .inInputOrder ? next : waiting.keys.min()!
        guard let turn = waiting.removeValue(forKey: index) else { return }
        granted = (index, turn.hop)
        turn.loop.grantTurn(turn.id)
    }
}
