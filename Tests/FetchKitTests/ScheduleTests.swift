import Testing

@testable import FetchKit

@Suite("Schedule") struct ScheduleTests {
    private func origin(_ name: String) throws -> Origin { try HTTPURL("http://\(name)/").origin }

    @Test("Never more than the concurrency at once") func concurrency() throws {
        var schedule = Schedule<Int>(concurrency: 3, perHost: 8)
        for job in 0..<10 { schedule.add(job, for: try origin("h\(job)")) }
        let started = (0..<10).compactMap { _ in schedule.next() }
        #expect(started.map(\.job) == [0, 1, 2])
        #expect(schedule.active == 3 && schedule.waiting == 7)
        schedule.finished(started[1].host)
        let (third, none) = (schedule.next(), schedule.next())
        #expect(third?.job == 3 && none == nil)
    }

    @Test("Never more than the limit of one host at once, and the others go on") func perHost() throws {
        var schedule = Schedule<String>(concurrency: 10, perHost: 2)
        for number in 0..<5 { schedule.add("a\(number)", for: try origin("a")) }
        schedule.add("b0", for: try origin("b"))
        var started: [(job: String, host: Schedule<String>.HostID)] = []
        while let next = schedule.next() { started.append(next) }
        #expect(Set(started.map(\.job)) == ["a0", "a1", "b0"])
        schedule.finished(started[0].host)
        let (third, none) = (schedule.next(), schedule.next())
        #expect(third?.job == "a2" && none == nil)
    }

    @Test("Hosts are served in turn, although the list is sorted by host") func roundRobin() throws {
        var schedule = Schedule<String>(concurrency: 6, perHost: 4)
        for host in ["a", "b", "c"] {
            for number in 0..<4 { schedule.add("\(host)\(number)", for: try origin(host)) }
        }
        var order: [String] = []
        while let next = schedule.next() { order.append(next.job) }
        #expect(order == ["a0", "b0", "c0", "a1", "b1", "c1"])
    }

    @Test("A redirect goes before what waits for the same host") func redirectFirst() throws {
        var schedule = Schedule<Int>(concurrency: 1, perHost: 1)
        schedule.add(1, for: try origin("a"))
        schedule.add(2, for: try origin("a"))
        schedule.add(0, for: try origin("a"), goesFirst: true)
        let next = schedule.next()
        #expect(next?.job == 0)
    }

    @Test("What waits can be taken out, and what runs can still finish") func removal() throws {
        var schedule = Schedule<Int>(concurrency: 1, perHost: 1)
        for job in 0..<4 { schedule.add(job, for: try origin(job < 2 ? "a" : "b")) }
        let next = schedule.next()
        let first = try #require(next)
        let rest = schedule.removeAllWaiting()
        #expect(rest.sorted() == [1, 2, 3])
        let none = schedule.next()
        #expect(schedule.waiting == 0 && none == nil)
        schedule.finished(first.host)
        schedule.add(9, for: try origin("a"))
        let last = schedule.next()
        #expect(last?.job == 9)
    }

    /// Random sequences with a fixed seed for each argument: every request starts exactly once, no limit is exceeded, and
    /// nothing waits that could start.
    @Test("Holds its promises in any sequence", arguments: 0..<200) func properties(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let (concurrency, perHost) = (Int.random(in: 1...8, using: &random), Int.random(in: 1...4, using: &random))
        let origins = try (0..<6).map { try self.origin("h\($0)") }
        var schedule = Schedule<(id: Int, host: Int)>(concurrency: concurrency, perHost: perHost)
        var running: [(host: Int, slot: Schedule<(id: Int, host: Int)>.HostID)] = []
        var waiting = [Int](repeating: 0, count: origins.count)
        var started: Set<Int> = []
        var added = 0
        for _ in 0..<400 {
            if Bool.random(using: &random) {
                let host = Int.random(in: 0..<origins.count, using: &random)
                schedule.add((added, host), for: origins[host], goesFirst: Bool.random(using: &random))
                waiting[host] += 1
                added += 1
            } else if let index = running.indices.randomElement(using: &random) {
                schedule.finished(running.remove(at: index).slot)
            }
            while let (job, slot) = schedule.next() {
                #expect(started.insert(job.id).inserted)
                running.append((job.host, slot))
                waiting[job.host] -= 1
            }
            #expect(running.count <= concurrency)
            let isFull = running.count == concurrency
            for host in origins.indices {
                let active = running.count { $0.host == host }
                #expect(active <= perHost)
                #expect(waiting[host] == 0 || active == perHost || isFull)
            }
        }
        #expect(schedule.waiting == added - started.count)
    }
}

/// A generator whose sequence is the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

@Suite("Order window") struct OrderWindowTests {
    @Test("The next one is the lowest that has not finished", arguments: 0..<50) func next(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        var window = OrderWindow(budget: 1000)
        var finished: Set<Int> = []
        for index in (0..<100).shuffled(using: &random) {
            window.finish(index)
            finished.insert(index)
            #expect(window.next == (0...100).first { !finished.contains($0) })
        }
    }

    @Test("Admits only what the budget allows") func budget() {
        var window = OrderWindow(budget: 3)
        #expect(window.admits(2) && !window.admits(3))
        window.finish(1)
        #expect(!window.admits(3))
        window.finish(0)
        #expect(window.admits(4) && !window.admits(5))
    }
}
