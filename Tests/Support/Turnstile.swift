// Lets so many in at a time: hundreds of programs at once would test the machine, not the program.

/// A bound on how much runs at the same time.
public actor Turnstile {
    private var room: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    public init(_ room: Int) { self.room = room }

    public func pass<Result: Sendable>(_ body: @Sendable () async throws -> Result) async rethrows -> Result {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        if room > 0 {
            room -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty { room += 1 } else { waiting.removeFirst().resume() }
    }
}
