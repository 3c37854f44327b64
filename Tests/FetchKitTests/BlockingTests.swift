import Support
import Testing

@testable import FetchKit

@Suite("Blocking calls") struct BlockingTests {
    /// Calls `body` on a thread that no task uses, as a synchronous program does.
    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let isStarted = Thread.detach(name: "synchronous") { continuation.resume(with: Result { try body() }) }
            if !isStarted { continuation.resume(throwing: ThreadUnavailable(errno: 0)) }
        }
    }

    @Test("A synchronous program gets what it would have awaited, call after call over one connection") func outcomes() async throws {
        let request = try Request("\(Server.httpbin.get().url)/get")
        let (first, second) = try await onThread {
            let fetcher = Fetcher()
            defer { fetcher.runBlocking { await $0.close() } }
            return (
                try fetcher.runBlocking { try await $0.fetch(request) },
                try fetcher.runBlocking { try await $0.gather([request, request]) }
            )
        }
        #expect(first.isOK && first.connectionCount == 1)
        #expect(second.map(\.index) == [0, 1] && second.allSatisfy { $0.isOK } && second[0].connectionCount == 0)
    }

    @Test("What the closure throws reaches the caller, with its type") func errors() async throws {
        struct Enough: Error, Equatable { let count: Int }
        let error = try await onThread {
            do throws(Enough) {
                return try Fetcher().runBlocking { _ async throws(Enough) -> Enough in throw Enough(count: 3) }
            } catch {
                return error
            }
        }
        #expect(error == Enough(count: 3))
    }

    @Test("The thread of a task must not wait, any other may") func inTask() async throws {
        func mayBlock() -> Bool { Fetcher.mayBlock }
        #expect(!mayBlock())
        #expect(try await onThread { Fetcher.mayBlock })
    }
}
