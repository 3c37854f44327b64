import Support
import Synchronization
import Testing

@testable import FetchKit

/// What a run decides, on virtual time and without libcurl.
@Suite("Run", .timeLimit(.minutes(1))) struct RunTests {
    // MARK: Outcomes and limits

    @Test("Every request has one outcome, and limits are kept") func limits() async throws {
        let simulation = Simulation {
            $0.limits.concurrency = 10
            $0.limits.perHost = 3
        }
        let recorder = Recorder()
        let report = try await simulation.run {
            try await $0.run(RequestList(Simulation.requests(500, hosts: ["a", "b", "c", "d"])), into: recorder)
        }
        #expect(report.outcomeCount == 500 && report.failureCount == 0 && report.isInputRead)
        #expect(Set(recorder.indexes) == Set(0..<500) && recorder.indexes.count == 500)
        #expect(simulation.log.mostRunning == 10 && simulation.log.mostAtHost == 3)
        // 500 x 10 ms, ten at once.
        #expect(simulation.log.time <= .milliseconds(520))
    }

    @Test("Rejected input, refusals and requests in between keep their order and are not lost") func rejected() async throws {
        final class Source: RequestSource {
            let isRead = Mutex(false)
            func next() async throws -> [Candidate]? {
                guard
                    isRead.withLock({
                        let wasRead = $0; $0 = true; return !wasRead
                    })
                else { return nil }
                return (0..<300).map { number in
                    number % 3 == 0
                        ? .rejected(RejectedInput(text: "\(number)", source: nil, reason: "none"))
                        : .request(Simulation.requests(1, from: number)[0])
                }
            }
        }
        let recorder = Recorder()
        let report = try await Simulation().run { try await $0.run(Source(), into: recorder) }
        #expect(report.outcomeCount == 300 && report.failureCount == 100)
        #expect(recorder.indexes.sorted() == Array(0..<300))
        #expect(recorder.state.withLock(\.overlaps) == 0)
    }

    @Test("A redirect goes through the schedule again, and the outcome has both hops") func redirect() async throws {
        let simulation = Simulation { _ in
        } _: { request, _ in
            request.url.host == "a" ? SimulatedEngine.Reply(status: 302, location: "http://b/") : SimulatedEngine.Reply()
        }
        let outcomes = try await simulation.run { try await $0.gather(Simulation.requests(20)) }
        #expect(outcomes.allSatisfy { $0.isOK && $0.hops.map(\.url.host) == ["a", "b"] })
        #expect(simulation.log.mostAtHost == 8)
    }

    @Test("Failures are tried again after their delay, and only they") func retries() async throws {
        let simulation = Simulation {
            $0.retry.delay = .seconds(5)
            $0.limits.concurrency = 4
        } _: { request, attempt in
            request.index % 10 == 0 && attempt < 3 ? SimulatedEngine.Reply(status: 503) : SimulatedEngine.Reply()
        }
        let outcomes = try await simulation.run { try await $0.gather(Simulation.requests(100, hosts: (0..<100).map { "h\($0)" })) }
        #expect(outcomes.allSatisfy { $0.isOK })
        #expect(outcomes.map(\.retryCount) == (0..<100).map { $0 % 10 == 0 ? 2 : 0 })
        #expect(simulation.log.starts.count == 120 && simulation.log.time >= .seconds(10) && simulation.log.time < .seconds(15))
    }

    @Test("A limit of requests, of failures and of time ends a run with the outcomes that there are") func earlyEnds() async throws {
        let requests = Simulation.requests(1000)
        let limited = try await Simulation({ $0.limits.requests = 10 }).run { try await $0.run(RequestList(requests), into: Recorder()) }
        #expect(limited.outcomeCount == 10 && limited.failureCount == 0 && !limited.isInputRead)
        let failing = Simulation {
            $0.limits.failures = .count(5)
        } _: { _, _ in
            SimulatedEngine.Reply(status: 404)
        }
        let failed = try await failing.run { try await $0.run(RequestList(requests), into: Recorder()) }
        #expect(failed.stop == .failures && failed.failureCount >= 6)
        let slow = Simulation {
            $0.limits.deadline = .seconds(3)
        } _: { _, _ in
            SimulatedEngine.Reply(after: .seconds(1))
        }
        let recorder = Recorder()
        let late = try await slow.run { try await $0.run(RequestList(requests), into: recorder) }
        #expect(late.stop == .deadline && recorder.kinds.count { $0 == nil } >= 16)
        #expect(recorder.indexes.sorted() == Array(0..<recorder.indexes.count) && recorder.kinds.contains(.cancelled))
    }

    // MARK: Several runs

    @Test("A run of one request beside a large one for the same host ends within two service times") func twoRuns() async throws {
        let simulation = Simulation {
            $0.limits.perHost = 1
        } _: { _, _ in
            SimulatedEngine.Reply(after: .seconds(1))
        }
        let single = try await simulation.run { fetcher in
            async let large = fetcher.run(RequestList(Simulation.requests(1000)), into: Recorder())
            // The large one is under way.
            while simulation.log.running == 0 { await Task.yield() }
            let before = simulation.log.time
            _ = try await fetcher.fetch(Request("http://a/x"))
            let after = simulation.log.time
            _ = try await large
            return after - before
        }
        #expect(single <= .seconds(2) && simulation.log.mostAtHost == 1)
    }

    @Test("Limits of hosts hold over 64 calls at once, and each gets its answer") func singleCalls() async throws {
        let simulation = Simulation { $0.limits.perHost = 4 }
        let texts = try await simulation.run { fetcher in
            try await withThrowingTaskGroup(of: String.self) { group in
                for request in Simulation.requests(64) { group.addTask { try await fetcher.fetch(request).text } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(Set(texts).count == 64 && simulation.log.mostAtHost == 4)
    }

    @Test("A run whose receiver takes nothing does not hold up another one") func independentRuns() async throws {
        let simulation = Simulation { $0.limits.concurrency = 4 }
        let gate = Gate()
        let blocked = Recorder { _ in await gate.pass() }
        let free = Recorder()
        let reports = try await simulation.run { fetcher in
            async let first = fetcher.run(RequestList(Simulation.requests(50)), into: blocked)
            while blocked.calls.isEmpty { await Task.yield() }
            let second = try await fetcher.run(RequestList(Simulation.requests(50)), into: free)
            #expect(blocked.outcomes.count == 1)
            gate.open()
            return [try await first, second]
        }
        #expect(reports.map(\.outcomeCount) == [50, 50])
    }

    @Test("Cancelling a run touches only its own transfers") func cancelOne() async throws {
        let simulation = Simulation { _ in
        } _: { _, _ in
            SimulatedEngine.Reply(after: .seconds(1))
        }
        let (cancelled, other) = (Recorder(), Recorder())
        try await simulation.run { fetcher in
            let task = Task { try await fetcher.run(RequestList(Simulation.requests(100, hosts: ["a", "b"])), into: cancelled) }
            while simulation.log.running < 16 { await Task.yield() }
            async let second = fetcher.run(RequestList(Simulation.requests(30, hosts: ["a", "c"])), into: other)
            task.cancel()
            _ = try await (task.value, second)
        }
        #expect(cancelled.indexes.sorted() == Array(0..<100) && cancelled.kinds.contains(.cancelled))
        #expect(other.kinds == Array(repeating: nil, count: 30))
    }

    @Test("A call for one request goes on beside a sequence that is not read, at the same host") func sequenceNotRead() async throws {
        let simulation = Simulation()
        var count = 0
        for try await _ in simulation.fetcher.outcomes(of: RequestList(Simulation.requests(3000))) {
            count += 1
            guard count == 1 else { continue }
            while simulation.log.starts.count < 1024 { await Task.yield() }
            #expect(try await simulation.fetcher.fetch(Request("http://a/x")).isOK)
        }
        #expect(count == 3000)
    }

    @Test("A receiver that waits holds no place") func waitingReceiver() async throws {
        let simulation = Simulation { $0.limits.concurrency = 1 }
        let gate = Gate()
        let recorder = Recorder { _ in await gate.pass() }
        async let first = simulation.fetcher.run(RequestList(Simulation.requests(50)), into: recorder)
        while recorder.calls.isEmpty { await Task.yield() }
        #expect(try await simulation.fetcher.fetch(Request("http://b/x")).isOK)
        gate.open()
        #expect(try await first.outcomeCount == 50)
    }

    @Test("Calls to a host that refuses all come back", arguments: [0, 2]) func refusedCalls(retries: Int) async throws {
        let simulation = Simulation {
            $0.retry.limit = retries
            $0.limits.perHost = 1
        } _: { _, _ in
            SimulatedEngine.Reply(error: FetchError(.connect, "refused"))
        }
        let kinds = try await withThrowingTaskGroup(of: FetchError.Kind?.self) { group in
            for request in Simulation.requests(64) { group.addTask { try await simulation.fetcher.fetch(request).error?.kind } }
            return try await group.reduce(into: [FetchError.Kind?]()) { $0.append($1) }
        }
        #expect(kinds.count == 64 && kinds.allSatisfy { $0 == .connect || $0 == .hostDown })
    }

    @Test(
        "Random runs and calls on one fetcher, stopped and cancelled at random, all end and lose nothing",
        arguments: [1, 2, 3])
    func random(threads: Int) async throws {
        for seed in 0..<60 as Range<UInt64> {
            var dice = Jitter(seed: seed)
            let streaming: [Configuration.Bodies.Streaming] = [.off, .inInputOrder, .inCompletionOrder, .independently]
            let (failures, perHost, mode) = (
                Int.random(in: 0..<40, using: &dice), Int.random(in: 1...3, using: &dice), streaming.randomElement(using: &dice)!
            )
            let simulation = Simulation {
                $0.limits.threads = threads
                $0.limits.concurrency = 4
                $0.limits.perHost = perHost
                $0.limits.failures = .count(failures)
                $0.limits.lookAhead = 8
                $0.bodies.streaming = mode
            } _: { request, attempt in
                switch (request.index &+ Int(seed)) % 6 {
                case 0: SimulatedEngine.Reply(status: attempt < 2 ? 503 : 200)
                case 1: SimulatedEngine.Reply(after: .milliseconds(30), parts: 2)
                case 2: SimulatedEngine.Reply(error: FetchError(.connect, "refused"))
                case 3: SimulatedEngine.Reply(status: request.url.host == "z" ? 200 : 302, location: "http://z/\(request.index)")
                default: SimulatedEngine.Reply()
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    let count = Int.random(in: 0..<30, using: &dice)
                    let isCancelled = Bool.random(using: &dice)
                    group.addTask {
                        if number == 3 { return _ = try await simulation.fetcher.fetch(Request("http://a/x")) }
                        let recorder = Recorder()
                        let run = Task {
                            try await simulation.fetcher.run(
                                SmallBatches(Simulation.requests(count, hosts: ["a", "b", "c"])), into: recorder)
                        }
                        if isCancelled { run.cancel() }
                        let report = try await run.value
                        #expect(
                            recorder.indexes.sorted() == Array(0..<report.outcomeCount) && recorder.state.withLock(\.overlaps) == 0,
                            "seed \(seed)")
                    }
                }
                try await group.waitForAll()
            }
            #expect(simulation.log.running == 0, "seed \(seed)")
            await simulation.fetcher.close()
        }
    }

    // MARK: Errors and cancellation

    @Test("Of a batch that was read when the run stopped, every line has its outcome") func batchOfTheStop() async throws {
        let first = Candidate.rejected(RejectedInput(text: "x", source: nil, reason: "none"))
        let batch = [first] + Simulation.requests(99).map { .request($0) }
        final class Source: RequestSource {
            let rest: Mutex<[Candidate]?>
            init(_ batch: [Candidate]) { rest = Mutex(batch) }
            func next() async throws -> [Candidate]? { rest.withLock { $0.take() } }
        }
        let recorder = Recorder()
        let report = try await Simulation({ $0.limits.failures = .count(0) }).run { try await $0.run(Source(batch), into: recorder) }
        #expect(report.outcomeCount == 100 && recorder.outcomes.count == 100)
    }

    @Test("Cancelling the reader of a sequence of outcomes ends it") func cancelledReader() async throws {
        final class Source: RequestSource {
            let isAsked = Mutex(false)
            func next() async throws -> [Candidate]? {
                isAsked.withLock { $0 = true }
                while !Task.isCancelled { await Task.yield() }
                return nil
            }
        }
        let simulation = Simulation()
        let source = Source()
        let task = Task { for try await _ in simulation.fetcher.outcomes(of: source) {} }
        while source.isAsked.withLock({ !$0 }) { await Task.yield() }
        task.cancel()
        _ = await task.result
    }

    @Test(
        "Who takes whole outcomes only gets them whole, whatever may stream",
        arguments: [Configuration.Bodies.Streaming.inInputOrder, .inCompletionOrder, .independently])
    func wholeOutcomes(streaming: Configuration.Bodies.Streaming) async throws {
        let simulation = Simulation {
            $0.bodies.streaming = streaming
        } _: { request, _ in
            SimulatedEngine.Reply(parts: request.index % 2 == 0 && request.streaming != .off ? 2 : 0)
        }
        let outcomes = try await simulation.run { try await $0.gather(Simulation.requests(10)) }
        #expect(outcomes.count == 10 && outcomes.allSatisfy { $0.isOK })
    }

    @Test(
        "An error of the receiver ends the run, wherever it comes from, and reaches the caller",
        arguments: ["receive 7", "begin 3", "part 3", "end 3"])
    func receiverThrows(call: String) async throws {
        struct Enough: Error {}
        let simulation = Simulation {
            $0.bodies.streaming = .inInputOrder
        } _: { request, _ in
            request.index == 3 ? SimulatedEngine.Reply(after: .seconds(1), parts: 5) : SimulatedEngine.Reply()
        }
        let recorder = Recorder { if $0 == call { throw Enough() } }
        await #expect(throws: Enough.self) {
            try await simulation.run { try await $0.run(RequestList(Simulation.requests(100)), into: recorder) }
        }
        #expect(recorder.calls.last == call && simulation.log.running == 0)
    }

    @Test("An error of the source ends the run, after the outcomes of what was read") func sourceThrows() async throws {
        struct Broken: Error {}
        final class Source: RequestSource {
            let count = Mutex(0)
            func next() async throws -> [Candidate]? {
                if count.withLock({
                    $0 += 1; return $0
                }) > 2 {
                    throw Broken()
                }
                return Simulation.requests(5).map { .request($0) }
            }
        }
        let recorder = Recorder()
        await #expect(throws: Broken.self) { try await Simulation().run { try await $0.run(Source(), into: recorder) } }
    }

    /// A run with everything in it: redirects, retries, bodies that stream, failures, several hosts.
    private static func everything(_ streaming: Configuration.Bodies.Streaming) -> Simulation {
        Simulation {
            $0.limits.concurrency = 6
            $0.limits.perHost = 3
            $0.bodies.streaming = streaming
            $0.limits.lookAhead = 20
        } _: { request, attempt in
            switch request.index % 7 {
            case 1: SimulatedEngine.Reply(status: request.url.host == "z" ? 200 : 302, location: "http://z/\(request.index)")
            case 2: SimulatedEngine.Reply(status: attempt < 2 ? 503 : 200)
            case 3: SimulatedEngine.Reply(parts: 3)
            case 4: SimulatedEngine.Reply(after: .milliseconds(50))
            case 5: SimulatedEngine.Reply(error: FetchError(.connect, "refused"))
            default: SimulatedEngine.Reply()
            }
        }
    }

    @Test(
        "Cancelled at any step, a run ends at once, and every request that was read has one outcome",
        arguments: [Configuration.Bodies.Streaming.off, .inInputOrder, .inCompletionOrder, .independently])
    func cancelAnywhere(streaming: Configuration.Bodies.Streaming) async throws {
        let requests = Simulation.requests(30, hosts: ["a", "b", "c"])
        let whole = Self.everything(streaming)
        _ = try await whole.run { try await $0.run(RequestList(requests), into: Recorder()) }
        let steps = whole.log.state.withLock(\.steps)
        #expect(steps > 30)
        for step in 1...steps {
            let simulation = Self.everything(streaming)
            let recorder = Recorder()
            let task = Mutex<Task<RunReport, any Error>?>(nil)
            simulation.log.onStep.withLock { $0 = { if $0 == step { task.withLock { $0?.cancel() } } } }
            let report = try await simulation.run { fetcher in
                let run = Task { try await fetcher.run(RequestList(requests), into: recorder) }
                task.withLock { $0 = run }
                return try await run.value
            }
            #expect(recorder.indexes.sorted() == Array(0..<report.outcomeCount), "at step \(step)")
            #expect(simulation.log.running == 0 && recorder.state.withLock(\.overlaps) == 0, "at step \(step)")
        }
    }

    @Test("Cancelled at any step, a call for one request has its outcome") func cancelSingle() async throws {
        let script: @Sendable (HopRequest, Int) -> SimulatedEngine.Reply = { request, attempt in
            SimulatedEngine.Reply(status: attempt < 2 ? 503 : request.url.host == "a" ? 302 : 200, location: "http://b/")
        }
        for step in 1...8 {
            let simulation = Simulation({ _ in }, script)
            let task = Mutex<Task<Outcome, any Error>?>(nil)
            simulation.log.onStep.withLock { $0 = { if $0 == step { task.withLock { $0?.cancel() } } } }
            let outcome = try await simulation.run { fetcher in
                let call = Task { try await fetcher.fetch(Request("http://a/")) }
                task.withLock { $0 = call }
                return try await call.value
            }
            // A try that has failed is the last one then.
            #expect(outcome.isOK || [.cancelled, .http].contains(outcome.error?.kind))
            #expect(simulation.log.running == 0)
        }
    }

    @Test("A caller whose task prefers another executor loses no wake-up") func otherExecutor() async throws {
        let other = Simulation()
        let executor = try other.fetcher.dispatcher.loops[0].loop
        for _ in 0..<100 {
            let simulation = Simulation { $0.limits.concurrency = 3 }
            let task = Task(executorPreference: executor) {
                let single = try await simulation.fetcher.fetch(Request("http://a/"))
                return (single, try await simulation.fetcher.run(SmallBatches(Simulation.requests(30)), into: Recorder()))
            }
            let (single, report) = try await task.value
            #expect(single.isOK && report.outcomeCount == 30)
        }
        await other.fetcher.close()
    }

    // MARK: The first unfinished index can go on

    @Test("Order: while the first index waits for its retry, all others may finish before it") func retriedFirst() async throws {
        let simulation = Simulation {
            $0.limits.concurrency = 4
            $0.limits.orderWindow = 16
            $0.retry.delay = .milliseconds(50)
        } _: { request, attempt in
            request.index == 0 && attempt == 1 ? SimulatedEngine.Reply(status: 503) : SimulatedEngine.Reply(after: .milliseconds(1))
        }
        let recorder = Recorder()
        let report = try await simulation.run { try await $0.run(RequestList(Simulation.requests(100)), into: recorder) }
        #expect(report.outcomeCount == 100 && recorder.kinds == Array(repeating: nil, count: 100))
    }

    @Test("Order: admission stops where the window is full, and goes on behind the slow one") func fullWindow() async throws {
        let simulation = Simulation {
            $0.limits.orderWindow = 50
            $0.limits.lookAhead = 10
        } _: { request, _ in
            SimulatedEngine.Reply(after: request.index == 0 ? .seconds(60) : .milliseconds(1))
        }
        let batches = SmallBatches(Simulation.requests(500))
        let recorder = Recorder()
        let report = try await simulation.run { try await $0.run(batches, into: recorder) }
        #expect(report.outcomeCount == 500)
        let first = try #require(recorder.indexes.firstIndex(of: 0))
        #expect((50...60).contains(first))
    }

    @Test("Room of the output: a reader that takes nothing for a while holds up the run, and loses nothing") func slowReader() async throws
    {
        let simulation = Simulation { $0.limits.concurrency = 8 }
        let gate = Gate()
        let recorder = Recorder { if $0 == "receive 20" { await gate.pass() } }
        let report = try await simulation.run { fetcher in
            async let report = fetcher.run(RequestList(Simulation.requests(200)), into: recorder)
            while recorder.calls.last != "receive 20" { await Task.yield() }
            for _ in 0..<1000 { await Task.yield() }
            // What was in flight is over by now, and nothing new has started.
            #expect(simulation.log.running == 0 && simulation.log.starts.count <= 40)
            gate.open()
            return try await report
        }
        #expect(report.outcomeCount == 200 && recorder.indexes.count == 200)
    }

    @Test(
        "The turn to stream: large bodies in any order stream one after the other, the first index among them",
        arguments: [Configuration.Bodies.Streaming.inInputOrder, .inCompletionOrder, .independently])
    func turns(streaming: Configuration.Bodies.Streaming) async throws {
        let simulation = Simulation {
            $0.limits.concurrency = 3
            $0.bodies.streaming = streaming
            $0.retry.delay = .milliseconds(100)
        } _: { request, attempt in
            if request.index == 0 && attempt == 1 { return SimulatedEngine.Reply(status: 503) }
            return SimulatedEngine.Reply(after: .milliseconds(10 + (request.index * 7) % 13), parts: 2)
        }
        let recorder = Recorder()
        let report = try await simulation.run { try await $0.run(RequestList(Simulation.requests(40)), into: recorder) }
        #expect(report.outcomeCount == 40 && report.failureCount == 0)
        guard streaming != .independently else { return }
        var open: String?
        for call in recorder.calls {
            let (verb, index) = (call.prefix { $0 != " " }, String(call.drop { $0 != " " }))
            switch verb {
            case "begin":
                #expect(open == nil)
                open = index
            case "part": #expect(open == index)
            case "end":
                #expect(open == index)
                open = nil
            default: break
            }
        }
    }

    @Test(
        "Spill: with a full disk bodies wait for their turn, and the first index still gets a place",
        arguments: [Configuration.Bodies.Streaming.inInputOrder, .off],
        [(Duration.milliseconds(100), 8, 3), (.seconds(5), 8, 1), (.seconds(5), 2, 1)])
    func fullDisk(streaming: Configuration.Bodies.Streaming, rest: (delay: Duration, perHost: Int, hosts: Int)) async throws {
        let simulation = Simulation {
            $0.limits.concurrency = 2
            $0.limits.perHost = rest.perHost
            $0.bodies.streaming = streaming
            $0.retry.delay = rest.delay
        } _: { request, attempt in
            if request.index == 0 && attempt == 1 { return SimulatedEngine.Reply(status: 503) }
            return SimulatedEngine.Reply(parts: streaming == .off ? 0 : 1, isStarved: true)
        }
        let recorder = Recorder()
        let report = try await simulation.run {
            try await $0.run(RequestList(Simulation.requests(30, hosts: Array(["a", "b", "c"].prefix(rest.hosts)))), into: recorder)
        }
        #expect(report.outcomeCount == 30 && report.failureCount == 0)
        // One beyond the limit, for the first index alone.
        #expect(simulation.log.mostRunning <= 3)
    }

    // MARK: Life

    @Test("After close every call throws, and close waits for calls that are under way") func closed() async throws {
        let simulation = Simulation { _ in
        } _: { _, _ in
            SimulatedEngine.Reply(after: .seconds(1))
        }
        let fetcher = simulation.fetcher
        let call = Task { try await fetcher.fetch(Request("http://a/")) }
        while simulation.log.starts.isEmpty { await Task.yield() }
        await fetcher.close()
        #expect(try await call.value.isOK)
        await #expect(throws: ClosedFetcher.self) { try await fetcher.fetch(Request("http://a/")) }
        await #expect(throws: ClosedFetcher.self) { try await fetcher.run(RequestList(Simulation.requests(1)), into: Recorder()) }
        await #expect(throws: ClosedFetcher.self) { for try await _ in fetcher.outcomes(of: RequestList(Simulation.requests(1))) {} }
        await fetcher.close()
    }

    @Test("A fetcher may be closed, or dropped, on its own loop's thread") func closedOnLoop() async throws {
        let simulation = Simulation()
        try await simulation.run { fetcher in
            _ = try await fetcher.gather(Simulation.requests(3))
            await fetcher.close()
        }
        for _ in 0..<20 {
            var dropped: Simulation? = Simulation()
            let loop = try dropped!.fetcher.dispatcher.loops[0].loop
            let task = Task(executorPreference: loop) { [fetcher = dropped!.fetcher] in
                try await fetcher.gather(Simulation.requests(3)).count
            }
            dropped = nil
            #expect(try await task.value == 3)
        }
    }

    @Test("Dropping the iterator of outcomes cancels the run") func droppedIterator() async throws {
        let simulation = Simulation { _ in
        } _: { _, _ in
            SimulatedEngine.Reply(after: .seconds(1))
        }
        try await simulation.run { fetcher in
            for try await outcome in fetcher.outcomes(of: RequestList(Simulation.requests(100_000))) where outcome.index > 10 { break }
            while simulation.log.running > 0 { await Task.yield() }
        }
        #expect(simulation.log.starts.count < 100_000)
    }

    @Test("Outcomes come as a sequence, each once") func sequence() async throws {
        let indexes = try await Simulation().run { fetcher in
            var indexes: [Int] = []
            for try await outcome in fetcher.outcomes(of: RequestList(Simulation.requests(3000))) { indexes.append(outcome.index) }
            return indexes
        }
        #expect(indexes.sorted() == Array(0..<3000))
    }
}

/// A source that yields three requests at a time.
private final class SmallBatches: RequestSource {
    private let rest: Mutex<ArraySlice<Request>>

    init(_ requests: [Request]) { rest = Mutex(requests[...]) }

    func next() async throws -> [Candidate]? {
        rest.withLock { rest in
            defer { rest = rest.dropFirst(3) }
            return rest.isEmpty ? nil : rest.prefix(3).map { .request($0) }
        }
    }
}

/// Lets nobody through until it is opened.
private final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            return state.waiting
        }
        for each in waiting { each.resume() }
    }
}
