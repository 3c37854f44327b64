// The only room that writes to standard output. It has a thread of its own, because a write may block for ever and nothing may
// block a thread of Swift's pool; what waits for the thread is bounded, and whoever has more to say is awaited.

import FetchKit
import Glibc
import Synchronization

/// Takes outcomes from the run and writes them, in the order that was asked for.
final class Output: OutcomeReceiver, Sendable {
    enum Item {
        case outcome(Outcome)
        case begin(Outcome)
        case part(Body, Int)
        case end(Outcome)
        /// A line about a request that is not sent.
        case planned(String)

        var isPart: Bool { if case .part = self { true } else { false } }
    }

    private struct State {
        var items: [Item] = []
        /// Bytes of streamed parts among the items.
        var partBytes = 0
        /// The run waits for room, or for the last item to be written.
        var producer: CheckedContinuation<Void, Never>?
        var isFinishing = false
        var report = RunReport()
        /// True while the thread waits for items and must be woken.
        var isAsleep = false
        var error: (any Error)?
        /// Outcomes that failed only here.
        var failures = 0
        var hasRoom = true
    }

    private static let mostItems = 1024
    private static let mostPartBytes = 1 << 20

    private let state = Mutex(State())
    private let wake: WakeDescriptor
    private let thread = Mutex<FetchKit.Thread?>(nil)
    private let files: BodyFiles?
    private let plan: Plan?
    private let progress: Progress
    let takesSuccesses: Bool

    /// `onFailure` is called once, from the thread, when the output takes no more. Throws when the system has no descriptor or no thread
    /// to give.
    init(
        files: BodyFiles?, plan: Plan?, takesSuccesses: Bool, progress: Progress, _ makeStream: @escaping @Sendable () -> OutputStream,
        onFailure: @escaping @Sendable () -> Void
    ) throws {
        wake = try WakeDescriptor()
        self.files = files
        self.plan = plan
        self.takesSuccesses = takesSuccesses
        self.progress = progress
        try thread.withLock {
            $0 = try Thread(name: "fetch-output") { [self] in run(makeStream(), onFailure) }
        }
    }

    // MARK: The run's side

    var hasRoom: Bool { state.withLock(\.hasRoom) }

    var choosesRequests: Bool { files != nil || plan != nil }

    func admit(_ request: inout Request, at index: Int) -> Admission {
        guard let plan else { return files?.admit(&request, at: index) ?? .fetch }
        // Its outcome follows, and waits for room where there is none.
        if let line = plan.line(request, index: index) { state.withLock { $0.items.append(.planned(line)) } }
        return .skip
    }

    func receive(_ outcome: consuming Outcome) async throws { try await put(.outcome(outcome), partBytes: 0) }
    func beginBody(of outcome: Outcome) async throws { try await put(.begin(outcome), partBytes: 0) }
    func receivePart(_ part: Body, ofBodyAt index: Int) async throws { try await put(.part(part, index), partBytes: part.count) }
    func endBody(of outcome: Outcome) async throws { try await put(.end(outcome), partBytes: 0) }

    /// Waits until everything is written and ends the thread. Returns how many outcomes went well until their bodies could not be
    /// saved. Throws why the output stopped, if it did.
    func finish(_ report: RunReport) async throws -> Int {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.isFinishing = true
                state.report = report
                state.producer = continuation
                state.isAsleep = false
            }
            wake.signal()
        }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
        if let error = state.withLock(\.error) { throw error }
        return state.withLock(\.failures)
    }

    private func put(_ item: sending Item, partBytes: Int) async throws {
        let (error, mustWake, isFull) = state.withLock { state in
            state.items.append(item)
            state.partBytes += partBytes
            defer { state.isAsleep = false }
            let isFull = state.items.count >= Self.mostItems || state.partBytes >= Self.mostPartBytes
            return (state.error, state.isAsleep, isFull)
        }
        if let error { throw error }
        if mustWake { wake.signal() }
        if isFull { await waitForRoom() }
    }

    private func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let isFull = state.withLock { state in
                let isFull = state.items.count >= Self.mostItems || state.partBytes >= Self.mostPartBytes
                if isFull { state.producer = continuation }
                return isFull
            }
            if !isFull { continuation.resume() }
        }
    }

    // MARK: The thread's side

    private func run(_ stream: OutputStream, _ onFailure: () -> Void) {
        var stream = stream
        do {
            try stream.start()
        } catch {
            fail(error)
            onFailure()
            return drain(&stream)
        }
        while true {
            var isStreaming = false
            let (items, producer, isFinishing) = take()
            if isFinishing && items.isEmpty {
                finish(&stream)
                producer?.resume()
                return
            }
            producer?.resume()
            do {
                if !items.isEmpty {
                    for item in items { try stream.write(item) }
                    if items.contains(where: \.isPart) { isStreaming = true }
                    try stream.flush()
                    let hasRoom = stream.hasRoom
                    state.withLock { $0.hasRoom = hasRoom }
                }
            } catch {
                fail(error)
                onFailure()
                return drain(&stream)
            }
            progress.tick()
            if items.isEmpty {
                if !waitForItems(stream) {
                    fail(OutputError.readerLeft)
                    onFailure()
                    return drain(&stream)
                }
            } else if !isStreaming {
                nap()
            }
        }
    }

    private func take() -> ([Item], CheckedContinuation<Void, Never>?, Bool) {
        state.withLock { state in
            let items = state.items
            state.items = []
            state.partBytes = 0
            // At the end the run waits until there is nothing more to write, not just for room.
            if state.isFinishing && !items.isEmpty { return (items, nil, true) }
            defer { state.producer = nil }
            return (items, state.producer, state.isFinishing)
        }
    }

    /// After something was written more will come soon: a millisecond of rest without being asleep spares whoever brings it a
    /// wake-up for each item.
    private func nap() {
        var waiting = pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, 1)
    }

    /// Waits until there is something to write. False when the reader has left in the meantime.
    private func waitForItems(_ stream: OutputStream) -> Bool {
        let isEmpty = state.withLock { state in
            state.isAsleep = state.items.isEmpty && !state.isFinishing
            return state.isAsleep
        }
        guard isEmpty else { return true }
        var waiting = [
            pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stream.watchedDescriptor, events: 0, revents: 0),
        ]
        _ = poll(&waiting, 2, progress.tickMilliseconds ?? -1)
        if waiting[0].revents != 0 { wake.drain() }
        state.withLock { $0.isAsleep = false }
        return waiting[1].revents & Int16(POLLERR | POLLHUP) == 0
    }

    private func finish(_ stream: inout OutputStream) {
        let report = state.withLock(\.report)
        do {
            try stream.finish(report)
        } catch {
            fail(error)
            stream.abandon(report)
        }
        let failures = stream.failures
        state.withLock { $0.failures = failures }
    }

    private func fail(_ error: any Error) {
        state.withLock { $0.error = $0.error ?? error }
    }

    /// The output is dead: lets everybody go who waits for it, until the run has noticed.
    private func drain(_ stream: inout OutputStream) {
        while true {
            let (items, producer, isFinishing) = take()
            if isFinishing && items.isEmpty { stream.abandon(state.withLock(\.report)) }
            producer?.resume()
            if isFinishing && items.isEmpty { return }
            if items.isEmpty {
                let isEmpty = state.withLock { state in
                    state.isAsleep = state.items.isEmpty && !state.isFinishing
                    return state.isAsleep
                }
                if isEmpty { wake.wait() }
            }
        }
    }
}
