// Which outcome is next in input order, and how far the finished ones may run ahead of it.

internal import DequeModule

/// Remembers which indexes have finished, as far as there is one before them that has not.
struct OrderWindow {
    /// The lowest index that has not finished.
    private(set) var next = 0
    /// Whether `next + 1`, `next + 2` ... have finished.
    private var finished: Deque<Bool> = []
    private let budget: Int

    init(budget: Int) { self.budget = budget }

    /// Whether an outcome of that index may wait for those before it.
    func admits(_ index: Int) -> Bool { index - next < budget }

    mutating func finish(_ index: Int) {
        if index != next {
            let position = index - next - 1
            while finished.count <= position { finished.append(false) }
            finished[position] = true
            return
        }
        next += 1
        while let isFinished = finished.popFirst(), isFinished { next += 1 }
    }
}
