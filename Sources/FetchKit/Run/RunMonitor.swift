// How a run is doing while it goes on, for whoever wants to show it: counts that the run keeps up to date and anybody may read.

internal import Synchronization

/// A window into a running `Fetcher`. Reading it costs the run nothing.
package final class RunMonitor: Sendable {
    /// How far a run is.
    package struct State: Sendable {
        /// Requests read and admitted, rejected lines included.
        package var admitted = 0
        /// There are no more to read.
        package var isInputRead = false
        /// Transfers that run.
        package var inFlight = 0
        /// Requests that wait for their turn.
        package var waiting = 0
        /// Outcomes that went well and were only counted.
        package var counted = 0
        /// Why nothing more starts at the moment.
        package var hold: Hold?
        package var isNetworkDown = false
        /// The host that most requests wait for, and how many do.
        package var busiest: (host: Origin, waiting: Int)?
        /// For how long nothing goes on, as far as is known; nil when time is not what it waits for.
        package var pausedFor: Duration?
        /// What goes on then, where that is another try of a request.
        package var retry: Retry?

        package init() {}
    }

    /// Another try of a request, which waits for its time.
    package struct Retry: Sendable, Equatable {
        /// Counts from 1, the first try.
        package var attempt: Int
        package var attempts: Int
        /// Why the one before has failed.
        package var reason: String

        package init(attempt: Int, of attempts: Int, reason: String) {
            (self.attempt, self.attempts, self.reason) = (attempt, attempts, reason)
        }
    }

    private let current = Mutex((state: State(), publishedAt: Instant.now))
    // What changes all the time goes without the lock.
    private let admitted = Atomic(0)
    private let isInputRead = Atomic(false)
    private let inFlight = Atomic(0)
    private let waiting = Atomic(0)
    private let counted = Atomic(0)
    let counts = ByteCounts()

    package init() {}

    package var state: State {
        var (state, publishedAt) = current.withLock { $0 }
        // A run that waits publishes nothing meanwhile.
        state.pausedFor = state.pausedFor.map { max(.zero, $0 - publishedAt.duration(to: .now)) }
        state.admitted = admitted.load(ordering: .relaxed)
        state.isInputRead = isInputRead.load(ordering: .relaxed)
        state.inFlight = inFlight.load(ordering: .relaxed)
        state.waiting = waiting.load(ordering: .relaxed)
        state.counted = counted.load(ordering: .relaxed)
        return state
    }

    /// Body bytes received so far, before content decoding.
    package var bytes: Int64 { counts.received }

    /// What servers have announced of bodies so far; those that announce nothing are missing.
    package var expectedBytes: Int64 { counts.announced }

    func count(admitted: Int, isInputRead: Bool, inFlight: Int, waiting: Int, counted: Int) {
        self.admitted.store(admitted, ordering: .relaxed)
        self.isInputRead.store(isInputRead, ordering: .relaxed)
        self.inFlight.store(inFlight, ordering: .relaxed)
        self.waiting.store(waiting, ordering: .relaxed)
        self.counted.store(counted, ordering: .relaxed)
    }

    /// Everything but the counts.
    func publish(_ state: State) { current.withLock { $0 = (state, .now) } }
}
