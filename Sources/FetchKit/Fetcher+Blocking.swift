// The door for programs that are not asynchronous.

internal import Synchronization

extension Fetcher {
    /// Blocks the calling thread until `body` is done, and returns or throws what it does.
    ///
    ///     let fetcher = Fetcher()
    ///     let outcomes = try fetcher.runBlocking { try await $0.gather(requests) }
    ///     fetcher.runBlocking { await $0.close() }
    ///
    /// The one rule: never call it where you could `await`. A thread of Swift's concurrency pool that waits here may be the one that
    /// `body` needs, and the pool has as many threads as the machine has processors. The compiler refuses a call in asynchronous code; a
    /// call from a synchronous function that a task runs ends the program with a message.
    ///
    /// `body` runs in a task of its own. On the main thread it must not need the main actor, whose thread waits here.
    ///
    /// - Parameter body: Gets this fetcher. It does not inherit the actor, the priority or the task-local values of the caller.
    @available(*, noasync, message: "await the methods of the fetcher")
    public func runBlocking<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable (Fetcher) async throws(Failure) -> Value
    ) throws(Failure) -> Value {
        precondition(Self.mayBlock, "Fetcher.runBlocking was called in a task, whose thread must not block")
        let end = BlockingCall<Value, Failure>()
        Task.detached {
            do throws(Failure) {
                end.finish(.success(try await body(self)))
            } catch {
                end.finish(.failure(error))
            }
        }
        return try end.wait().get()
    }

    /// Whether no task needs the calling thread.
    static var mayBlock: Bool { withUnsafeCurrentTask { $0 == nil } }
}

/// A call that a thread waits for.
private final class BlockingCall<Value: Sendable, Failure: Error>: Sendable {
    private let result = Mutex<Result<Value, Failure>?>(nil)
    private let isFinished = Semaphore()

    func finish(_ result: Result<Value, Failure>) {
        self.result.withLock { $0 = result }
        isFinished.signal()
    }

    func wait() -> Result<Value, Failure> {
        isFinished.wait()
        return result.withLock { $0! }
    }
}
