import Testing

@testable import FetchKit

@Suite("Schedule") struct ScheduleTests {
    @Test("Never more than the concurrency at once") func concurrency() throws {
        let schedule = VirtualSchedule { $0.concurrency = 3 }
        for host in ["a", "b", "c", "d", "e"] { try schedule.add("\(host)1", "\(host)2") }
        #expect(schedule.startAll() == ["a1", "b1", "c1"])
        schedule.finish("b1")
        #expect(schedule.startAll() == ["d1"])
        #expect(schedule.schedule.active == 3 && schedule.schedule.waiting == 6)
    }

    @Test("Never more than the limit of one host at once, and the others go on") func perHost() throws {
        let schedule = VirtualSchedule { $0.perHost = 2 }
        try schedule.add("a1", "a2", "a3", "a4", "b1")
        #expect(schedule.startAll().sorted() == ["a1", "a2", "b1"])
        schedule.finish("a1")
        #expect(schedule.startAll() == ["a3"])
    }

    @Test("Hosts are served in turn, although the list is sorted by host") func roundRobin() throws {
        let schedule = VirtualSchedule { $0.concurrency = 6 }
        for host in ["a", "b", "c"] { try schedule.add("\(host)0", "\(host)1", "\(host)2", "\(host)3") }
        #expect(schedule.startAll() == ["a0", "b0", "c0", "a1", "b1", "c1"])
    }

    @Test("A redirect goes before what waits for the same host") func redirectFirst() throws {
        let schedule = VirtualSchedule { $0.concurrency = 1 }
        try schedule.add("a1", "a2")
        try schedule.add("a0", goesFirst: true)
        #expect(schedule.startOne() == "a0")
    }

    @Test("What waits can be taken out, wherever it waits, and what runs can still finish") func removal() throws {
        let schedule = VirtualSchedule { $0.concurrency = 1 }
        try schedule.add("a1", "a2", "b1")
        try schedule.add("b2", after: .seconds(5))
        #expect(schedule.startAll() == ["a1"])
        var inner = schedule.schedule
        let rest = inner.removeAllWaiting(of: schedule.run, now: schedule.now)
        #expect(rest.sorted() == ["a2", "b1", "b2"])
        #expect(inner.waiting == 0)
        if case .nothing = inner.next(now: schedule.now + .seconds(10)) {} else { Issue.record("something is left") }
        inner.finished(schedule.running["a1"]!, now: schedule.now)
        #expect(inner.active == 0)
    }

    @Test("A retry waits for its time, and goes first then") func delay() throws {
        let schedule = VirtualSchedule { $0.concurrency = 1 }
        try schedule.add("a1", after: .milliseconds(500))
        try schedule.add("a2", "a3")
        #expect(schedule.startAll() == ["a2"])
        schedule.pass(.milliseconds(600))
        schedule.finish("a2")
        #expect(schedule.startAll() == ["a1"])
    }

    @Test("A list sorted by host takes hardly longer than the ideal") func sortedHosts() throws {
        let schedule = VirtualSchedule {
            $0.concurrency = 64
            $0.perHost = 4
        }
        let names = (1...50).map { String(repeating: "h", count: $0) }
        for name in names { for number in 0..<200 { try schedule.add("\(name)\(number)") } }
        var ended = 0
        // Everything takes 50 ms, so that it goes in rounds.
        while case let started = schedule.startAll(), !started.isEmpty {
            schedule.pass(.milliseconds(50))
            for job in started { schedule.finish(job) }
            ended += started.count
        }
        let ideal = 10_000 * 50 / 64
        #expect(ended == 10_000 && schedule.time * 10 <= ideal * 13)
    }

    // MARK: Rates

    @Test("A rate spaces starts evenly, over all hosts") func rate() throws {
        let schedule = VirtualSchedule { $0.rate = Rate(4, per: .seconds(1)) }
        try schedule.add("a1", "b1", "c1", "a2")
        #expect((0..<4).compactMap { _ in schedule.startNext()?.time } == [0, 250, 500, 750])
    }

    @Test("A rate for each host does not slow the others") func hostRate() throws {
        let schedule = VirtualSchedule { $0.perHostRate = Rate(60, per: .seconds(60)) }
        try schedule.add("a1", "a2", "a3", "b1", "b2")
        var starts: [String: Int] = [:]
        while let next = schedule.startNext() { starts[next.job] = next.time }
        #expect(starts == ["a1": 0, "b1": 0, "a2": 1000, "b2": 1000, "a3": 2000])
    }

    @Test("Who comes late catches up 100 ms, not more") func catchUp() throws {
        let schedule = VirtualSchedule { $0.rate = Rate(50, per: .seconds(1)) }
        for number in 0..<100 { try schedule.add("a\(number)", "b\(number)", "c\(number)", "d\(number)") }
        schedule.startAll()
        schedule.pass(.seconds(1))
        // One that is due, and 100 ms at 20 ms each.
        #expect(schedule.startAll().count == 6)
    }

    @Test("A rate is kept for a host that had nothing to do in between") func rateOfIdleHost() throws {
        let schedule = VirtualSchedule { $0.perHostRate = Rate(1, per: .seconds(1)) }
        try schedule.add("a1")
        schedule.startAll()
        schedule.finish("a1")
        try schedule.add("a2")
        #expect(schedule.startNext()?.time == 1000)
    }

    // MARK: Hosts that are overrun

    @Test("Too much halves the window, twenty successes give one back") func window() throws {
        let schedule = VirtualSchedule()
        for number in 0..<100 { try schedule.add("a\(number)") }
        let first = schedule.startAll()
        #expect(first.count == 8)
        // All of them were under way together: one sign, not eight.
        for job in first { schedule.finish(job, .reset) }
        let second = schedule.startAll()
        #expect(second.count == 4)
        for job in second { schedule.finish(job) }
        for _ in 0..<4 { for job in schedule.startAll() { schedule.finish(job) } }
        #expect(schedule.startAll().count == 5)
    }

    @Test("Retry-After stops the host, not the others") func retryAfter() throws {
        let schedule = VirtualSchedule { $0.perHost = 1 }
        try schedule.add("a1", "a2", "b1", "b2")
        schedule.startAll()
        schedule.finish("a1", .throttled(retryAfter: .seconds(7)))
        schedule.finish("b1")
        #expect(schedule.startAll() == ["b2"])
        let next = try #require(schedule.startNext())
        #expect(next.job == "a2" && (7000...7700).contains(next.time))
    }

    @Test("A shorter Retry-After does not shorten the pause that has begun") func shorterRetryAfter() throws {
        let schedule = VirtualSchedule { $0.perHost = 2 }
        try schedule.add("a1", "a2", "a3")
        schedule.startAll()
        schedule.finish("a1", .throttled(retryAfter: .seconds(7)))
        schedule.finish("a2", .throttled(retryAfter: .seconds(1)))
        let next = try #require(schedule.startNext())
        #expect(next.job == "a3" && (7000...7700).contains(next.time))
    }

    @Test("Without Retry-After the pause doubles, until an answer is good again") func pauses() throws {
        let schedule = VirtualSchedule { $0.perHost = 1 }
        for number in 0..<6 { try schedule.add("a\(number)") }
        var pauses: [Int] = []
        for number in 0..<5 {
            let before = schedule.time
            #expect(schedule.startNext()?.job == "a\(number)")
            pauses.append(schedule.time - before)
            schedule.finish("a\(number)", number == 3 ? .answered : .throttled(retryAfter: nil))
        }
        let before = schedule.time
        _ = schedule.startNext()
        pauses.append(schedule.time - before)
        let expected = [0...0, 1800...2200, 3600...4400, 7200...8800, 0...0, 1800...2200]
        for (pause, range) in zip(pauses, expected) { #expect(range.contains(pause)) }
    }

    @Test("A host that asks for more patience than there is gets no more requests") func leftAlone() throws {
        let schedule = VirtualSchedule { $0.perHost = 1 }
        try schedule.add("a1", "a2", "b1")
        schedule.startAll()
        schedule.finish("a1", .throttled(retryAfter: .seconds(3 * 86_400)))
        schedule.startAll()
        try schedule.add("a3")
        schedule.startAll()
        #expect(schedule.refused == ["a2", "a3"])
    }

    @Test("--no-adaptive takes no notice") func notAdaptive() throws {
        let schedule = VirtualSchedule { $0.isAdaptive = false }
        for number in 0..<20 { try schedule.add("a\(number)") }
        for job in schedule.startAll() { schedule.finish(job, .throttled(retryAfter: .seconds(7))) }
        #expect(schedule.startAll().count == 8)
    }

    // MARK: Hosts that are away

    @Test("Five failures open the breaker, one request probes, and at last the host is given up") func breaker() throws {
        let schedule = VirtualSchedule { $0.perHost = 1 }
        for number in 0..<20 { try schedule.add("a\(number)") }
        try schedule.add("b1")
        var starts: [Int] = []
        while let next = schedule.startNext() {
            if next.job.hasPrefix("a") { starts.append(next.time) }
            schedule.finish(next.job, next.job == "b1" ? .answered : .refused)
        }
        #expect(starts == [0, 0, 0, 0, 0, 1000, 3000, 7000])
        #expect(schedule.refused.count == 12)
        // Ten minutes later it gets one more chance.
        schedule.pass(.seconds(600))
        #expect(schedule.startAll().isEmpty)
        try schedule.add("a20")
        #expect(schedule.startAll() == ["a20"])
    }

    @Test("A probe that is answered closes the breaker") func probe() throws {
        let schedule = VirtualSchedule()
        for number in 0..<30 { try schedule.add("a\(number)") }
        for job in schedule.startAll() { schedule.finish(job, .lost) }
        #expect(schedule.startAll().isEmpty)
        let probe = try #require(schedule.startNext())
        #expect(probe.time == 1000 && schedule.startAll().isEmpty)
        schedule.finish(probe.job)
        #expect(schedule.startAll().count > 1)
    }

    @Test("After a probe that says nothing about the host the next request is the probe", arguments: [HostReport.nothing, .localShortage])
    func lostProbe(report: HostReport) throws {
        let schedule = VirtualSchedule()
        for number in 0..<30 { try schedule.add("a\(number)") }
        for job in schedule.startAll() { schedule.finish(job, .lost) }
        let probe = try #require(schedule.startNext())
        schedule.finish(probe.job, report)
        let next = try #require(schedule.startNext())
        #expect(next.time == probe.time && schedule.startAll().isEmpty)
        // It fails, so that the host is left alone for twice as long as before.
        schedule.finish(next.job, .lost)
        #expect(schedule.startNext()?.time == next.time + 2000)
    }

    @Test("A host that answers now and then is not away, however many failures are between its answers", arguments: [2, 3, 5, 9])
    func unreliable(period: Int) throws {
        let schedule = VirtualSchedule {
            $0.perHost = 1
            $0.isAdaptive = false
        }
        for number in 0..<1000 { try schedule.add("a\(number)") }
        var started = 0
        while let job = schedule.startOne() {
            #expect(schedule.finish(job, started % period == 0 ? .answered : .lost))
            started += 1
        }
        #expect(started == 1000 && schedule.time == 0)
    }

    @Test("A host that has answered is waited for while it is away, and its failures do not count") func awayHost() throws {
        let schedule = VirtualSchedule()
        for number in 0..<1000 { try schedule.add("a\(number)") }
        schedule.finish(try #require(schedule.startOne()))
        var counted = 0
        // Away for eight seconds; what fails is asked for again, as a run does.
        while let next = schedule.startNext() {
            let isAway = schedule.time < 8000
            if schedule.finish(next.job, isAway ? .refused : .answered) { counted += isAway ? 1 : 0 }
            if isAway { try schedule.add(next.job, goesFirst: true) }
            if !isAway { break }
        }
        for job in schedule.running.keys { schedule.finish(job) }
        while let job = schedule.startOne() { schedule.finish(job) }
        #expect(schedule.time == 15_000 && schedule.refused.isEmpty && counted == Breaker.failuresToOpenAfterAnswers - 1)
    }

    @Test("A host that has answered is given up when it was away for the host timeout, and not before", arguments: [10, 60])
    func givenUp(timeout: Int) throws {
        let schedule = VirtualSchedule {
            $0.perHost = 1
            $0.hostTimeout = .seconds(timeout)
        }
        for number in 0..<100 { try schedule.add("a\(number)") }
        schedule.finish(try #require(schedule.startOne()))
        var probes: [Int] = []
        while let next = schedule.startNext(within: .seconds(300)) {
            probes.append(schedule.time)
            schedule.finish(next.job, .lost)
            if schedule.refused.isEmpty { try schedule.add(next.job, goesFirst: true) }
        }
        #expect(probes.last == timeout * 1000 && !schedule.refused.isEmpty)
        #expect(Array(probes.dropFirst(10).prefix(3)) == [1000, 3000, 7000])
    }

    @Test("A network that is down stops everything, is probed each second, and counts nothing") func networkDown() throws {
        let schedule = VirtualSchedule { $0.concurrency = 200 }
        let names = (1...60).map { String(repeating: "h", count: $0) }
        for name in names { try schedule.add("\(name)1", "\(name)2") }
        let jobs = schedule.startAll()
        #expect(jobs.count == 120)
        let counted = jobs.map { schedule.finish($0, .lost) }
        #expect(counted.filter { $0 }.count == 49 && schedule.schedule.isNetworkDown)
        for name in names { try schedule.add("\(name)3") }
        let first = try #require(schedule.startNext())
        #expect(first.time == 1000 && schedule.startAll().isEmpty)
        #expect(!schedule.finish(first.job, .lost))
        let second = try #require(schedule.startNext())
        #expect(second.time == 2000)
        #expect(schedule.finish(second.job))
        #expect(!schedule.schedule.isNetworkDown && schedule.startAll().count == 58 && schedule.refused.isEmpty)
    }

    @Test("Hosts that refuse are no network that is down") func refusals() throws {
        let schedule = VirtualSchedule { $0.concurrency = 200 }
        for number in 0..<60 { try schedule.add("h" + String(repeating: "x", count: number) + "1") }
        for job in schedule.startAll() { schedule.finish(job, .refused) }
        #expect(!schedule.schedule.isNetworkDown)
    }

    @Test("A machine that runs out of sockets gets less to do for a while") func localShortage() throws {
        let schedule = VirtualSchedule {
            $0.concurrency = 40
            $0.perHost = 100
        }
        for number in 0..<200 { try schedule.add("a\(number)") }
        let jobs = schedule.startAll()
        schedule.finish(jobs[0], .localShortage)
        for job in jobs.dropFirst() { schedule.finish(job) }
        #expect(schedule.startAll().count == 20)
        schedule.pass(.seconds(15))
        #expect(schedule.startAll().count == 3)
    }

    @Test("With many hosts a connection is kept only where it will be of use", arguments: [10, 300])
    func keptConnections(count: Int) throws {
        let schedule = VirtualSchedule {
            $0.concurrency = 10_000
            $0.perHost = 1
        }
        try schedule.add("y1", "y2")
        for number in 0..<count { try schedule.add("h" + String(repeating: "x", count: number) + "1") }
        for job in schedule.startAll() where job != "y1" { #expect(schedule.running[job]!.keepsConnection == (count == 10)) }
        #expect(schedule.running["y1"]!.keepsConnection)
        // Asked a second time while it is remembered: it may well be asked a third time.
        schedule.finish("y1")
        #expect(schedule.startAll() == ["y2"] && schedule.running["y2"]!.keepsConnection)
    }

    // MARK: Everything at once

    /// Random sequences with a fixed seed for each argument, against a plain model of the promises: limits are never exceeded,
    /// every request ends exactly once, and nothing waits that could start.
    @Test("Holds its promises in any sequence", arguments: 0..<300) func properties(seed: Int) throws {
        var random = Jitter(seed: UInt64(seed))
        let concurrency = Int.random(in: 1...8, using: &random)
        let perHost = Int.random(in: 1...4, using: &random)
        let hasRate = seed % 3 == 1
        let isCalm = seed % 3 != 2
        let schedule = VirtualSchedule {
            $0.concurrency = concurrency
            $0.perHost = perHost
            if hasRate { $0.perHostRate = Rate(Double.random(in: 1...20, using: &random), per: .seconds(1)) }
        }
        let hosts = ["a", "b", "c", "d", "e", "f"]
        var waiting: Set<String> = []
        var ended: Set<String> = []
        var added = 0
        let reports: [HostReport] =
            isCalm ? [.answered] : [.answered, .answered, .throttled(retryAfter: nil), .refused, .reset, .lost, .localShortage, .nothing]
        for _ in 0..<400 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let job = "\(hosts.randomElement(using: &random)!)\(added)"
                added += 1
                waiting.insert(job)
                let delay =
                    Int.random(in: 0..<4, using: &random) == 0 ? Duration.milliseconds(Int.random(in: 0...500, using: &random)) : nil
                try schedule.add(job, goesFirst: Bool.random(using: &random), after: isCalm && !hasRate ? nil : delay)
            case 2:
                if let job = schedule.running.keys.sorted().randomElement(using: &random) {
                    schedule.finish(job, reports.randomElement(using: &random)!)
                    #expect(ended.insert(job).inserted)
                }
            default: schedule.pass(.milliseconds(Int.random(in: 0...300, using: &random)))
            }
            for job in schedule.startAll() { #expect(waiting.remove(job) != nil) }
            for job in schedule.refused where waiting.remove(job) != nil { ended.insert(job) }
            #expect(schedule.running.count <= concurrency)
            for host in hosts {
                let active = schedule.running.keys.count { $0.hasPrefix(host) }
                #expect(active <= perHost)
                if isCalm && !hasRate && schedule.running.count < concurrency && active < perHost {
                    #expect(!waiting.contains { $0.hasPrefix(host) })
                }
            }
            #expect(schedule.schedule.waiting == waiting.count)
        }
        // And whatever it was: left to itself, everything comes to an end.
        var steps = 0
        while !waiting.isEmpty || !schedule.running.isEmpty, steps < 10_000 {
            steps += 1
            for job in schedule.running.keys.sorted() {
                schedule.finish(job)
                ended.insert(job)
            }
            if let next = schedule.startNext() { #expect(waiting.remove(next.job) != nil) }
            for job in schedule.refused where waiting.remove(job) != nil { ended.insert(job) }
        }
        #expect(ended.count == added)
    }

    // MARK: Several runs

    @Test("A place at a host goes round-robin over the runs that wait for it") func runsInTurn() throws {
        let schedule = VirtualSchedule { $0.perHost = 1 }
        let other = schedule.addRun()
        for number in 0..<1000 { try schedule.add("a\(number)") }
        #expect(schedule.startAll() == ["a0"])
        try schedule.add("ax", run: other)
        schedule.finish("a0")
        let next = schedule.startAll()
        schedule.finish(next[0])
        // Within two service times, however many wait in the other run.
        #expect((next + schedule.startAll()).contains("ax"))
    }

    @Test("Ten runs at one host get a place each, before any gets two") func manyRuns() throws {
        let schedule = VirtualSchedule { $0.perHost = 2 }
        let runs = [schedule.run] + (1..<10).map { _ in schedule.addRun() }
        for (position, run) in runs.enumerated() { for number in 0..<3 { try schedule.add("a\(position)\(number)", run: run) } }
        var started: [String] = []
        while started.count < 30 {
            let next = schedule.startAll()
            #expect(next.count <= 2)
            for job in next { schedule.finish(job) }
            started += next
        }
        for round in 0..<3 { #expect(Set(started[(round * 10)..<(round * 10 + 10)].map { $0.dropFirst().first }).count == 10) }
    }

    @Test("A run that is blocked is passed over, and gets its turn when it is not") func blockedRun() throws {
        let schedule = VirtualSchedule { $0.perHost = 1 }
        let other = schedule.addRun()
        try schedule.add("a1", "b1", "c1")
        try schedule.add("a2", "b2", run: other)
        schedule.setBlocked(schedule.run, true)
        #expect(schedule.startAll().sorted() == ["a2", "b2"])
        schedule.finish("a2")
        #expect(schedule.startAll().isEmpty)
        schedule.setBlocked(schedule.run, false)
        #expect(schedule.startAll().sorted() == ["a1", "c1"])
        schedule.finish("b2")
        #expect(schedule.startAll() == ["b1"])
    }

    @Test("Taking a run out leaves the places to the others") func removedRun() throws {
        let schedule = VirtualSchedule { $0.perHost = 1 }
        let other = schedule.addRun()
        try schedule.add("a1", "a2", run: other)
        try schedule.add("a3")
        #expect(schedule.startAll() == ["a1"])
        schedule.finish("a1")
        #expect(schedule.removeAllWaiting(of: other) == ["a2"])
        #expect(schedule.startAll() == ["a3"])
        #expect(schedule.schedule.waiting == 0)
    }

    @Test("Limits hold over all runs, whatever they ask for and in which order they end") func limitsOverRuns() throws {
        var random = Jitter(seed: 7)
        let schedule = VirtualSchedule {
            $0.concurrency = 5
            $0.perHost = 2
        }
        let runs = [schedule.run] + (1..<4).map { _ in schedule.addRun() }
        var (added, ended) = (0, 0)
        while ended < 2000 {
            if added < 2000 {
                try schedule.add("\(["a", "b", "c"][added % 3])\(added)", run: runs.randomElement(using: &random))
                added += 1
            }
            if Int.random(in: 0..<3, using: &random) == 0 { schedule.setBlocked(runs[1], Bool.random(using: &random)) }
            if added == 2000 { schedule.setBlocked(runs[1], false) }
            schedule.startAll()
            #expect(schedule.running.count <= 5)
            for host in ["a", "b", "c"] { #expect(schedule.running.keys.count { $0.hasPrefix(host) } <= 2) }
            if let job = schedule.running.keys.sorted().randomElement(using: &random), added == 2000 || Bool.random(using: &random) {
                schedule.finish(job)
                ended += 1
            }
        }
        #expect(schedule.schedule.waiting == 0 && schedule.schedule.active == 0)
    }

    @Test("The first in line starts beyond the limits, but not before its time") func beyondLimit() throws {
        let schedule = VirtualSchedule {
            $0.concurrency = 1
            $0.perHost = 1
        }
        try schedule.add("a1", "b1", "b0", "b2")
        #expect(schedule.startAll() == ["a1"])
        #expect(schedule.startBeyondLimit("a2") == nil)
        #expect(schedule.startBeyondLimit("b0") == "b0")
        schedule.finish("a1")
        schedule.finish("b0", .throttled(retryAfter: .seconds(2)))
        #expect(schedule.startBeyondLimit("b1") == nil)
        #expect(schedule.schedule.nextAlarm != nil)
        #expect(schedule.startNext()?.job == "b1")
        schedule.finish("b1")
        #expect(schedule.startAll() == ["b2"])
    }

    @Test("A run that joins a host gets the place that was offered to one that is blocked") func offerOfBlockedRun() throws {
        let schedule = VirtualSchedule { $0.concurrency = 1 }
        try schedule.add("a1", "a2", "a3")
        #expect(schedule.startOne() == "a1")
        schedule.setBlocked(schedule.run, true)
        try schedule.add("a9", run: schedule.addRun())
        schedule.finish("a1")
        #expect(schedule.startAll() == ["a9"])
    }

    @Test("A place that was offered to a run that is over goes to others") func offerOfEndedRun() throws {
        let schedule = VirtualSchedule {
            $0.concurrency = 2
            $0.longestRetryAfter = .seconds(1)
        }
        let (other, ending) = (schedule.addRun(), schedule.addRun())
        try schedule.add("b1", "b2", "b3", run: other)
        try schedule.add("a1", "a2", run: ending)
        #expect(schedule.startAll() == ["b1", "a1"])
        schedule.finish("a1", .throttled(retryAfter: .seconds(5)))
        #expect(schedule.startAll() == ["b2"] && schedule.refused == ["a2"])
        schedule.removeRun(ending)
        schedule.pass(.seconds(10))
        for job in ["b1", "b2"] { schedule.finish(job) }
        #expect(schedule.startAll() == ["b3"])
        schedule.finish("b3")
        try schedule.add("a5", run: schedule.addRun())
        #expect(schedule.startNext()?.job == "a5")
    }

    @Test("A host whose pause is long over is asked again, also if nobody looked meanwhile") func longOver() throws {
        let schedule = VirtualSchedule { $0.longestRetryAfter = .seconds(1) }
        try schedule.add("a1")
        schedule.startAll()
        schedule.finish("a1", .throttled(retryAfter: .seconds(5)))
        schedule.startAll()
        schedule.pass(.seconds(1000))
        try schedule.add("a2")
        #expect(schedule.startAll() == ["a2"] && schedule.refused == [])
    }

    @Test("Of two bodies that outgrow memory at once one streams") func oneStreams() {
        var order = StreamingOrder(.inCompletionOrder)
        let answers = [order.mayStart(0, serial: 1, next: 0), order.mayStart(1, serial: 2, next: 0)]
        #expect(answers == [true, false])
    }

    @Test("In input order a body streams when all before it are finished, and not before") func streamsInInputOrder() {
        var order = StreamingOrder(.inInputOrder)
        let answers = [order.mayStart(1, serial: 2, next: 0), order.mayStart(0, serial: 1, next: 0)]
        #expect(answers == [false, true])
        order.start(0)
        let early = order.grantNextTurn(next: 0)
        let hasStreamed = order.finish(0)
        #expect(early == nil && hasStreamed)
        let turn = order.grantNextTurn(next: 1)
        #expect(turn == 2)
    }
}
