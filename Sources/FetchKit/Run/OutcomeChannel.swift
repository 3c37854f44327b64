// Outcomes on their way from the loop to a reader in another task: handed over all at once, and at most one wake-up for each turn of the
// loop, because a hop between threads for each of them would cost more than the outcome.

internal import Synchronization

/// Collects outcomes until their reader takes them.
final class OutcomeChannel: OutcomeReceiver {
    private struct State {
        var outcomes: [Outcome] = []
        var isFinished = false
        var reader: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
    }

    /// So many outcomes wait for the reader before the run does.
    private static let most = 1024

    private let state = Mutex(State())

    var streamsBodies: Bool { false }

    var hasRoom: Bool { state.withLock { $0.outcomes.count < Self.most } }

    func receive(_ outcome: consuming Outcome) async throws {
        var taken = Optional(outcome)
        let isFull = state.withLock { state in
            state.outcomes.append(taken.take()!)
            return state.outcomes.count >= Self.most
        }
        guard isFull else { return }
        flush()
        await withCheckedContinuation { continuation in
            let isFull = state.withLock { state in
                let isFull = state.outcomes.count >= Self.most && !state.isFinished
                if isFull { state.writer = continuation }
                return isFull
            }
            if !isFull { continuation.resume() }
        }
    }

    func flush() {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.outcomes.isEmpty || state.isFinished else { return nil }
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// Nothing more comes, or nobody reads any more.
    func finish() {
        let writer = state.withLock { state in
            state.isFinished = true
            defer { state.writer = nil }
            return state.writer
        }
        writer?.resume()
        flush()
    }

    /// All outcomes that are there, at least one; nil at the end.
    func next() async -> [Outcome]? {
        while true {
            let (outcomes, isFinished, writer) = state.withLock { state in
                defer {
                    state.outcomes = []
                    state.writer = nil
                }
                return (state.outcomes, state.isFinished, state.writer)
            }
            writer?.resume()
            if !outcomes.isEmpty { return outcomes }
            if isFinished { return nil }
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard state.outcomes.isEmpty, !state.isFinished else { return false }
                    state.reader = continuation
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        }
    }
}
