// What the judgement about a run is made from, as plain numbers, so that its rules can be tested as tables.

import FetchKit
import Glibc

/// Facts and limits of a run as far as they can have limited it.
struct RunFacts {
    /// The options that could be changed.
    struct Limits: Sendable {
        var concurrency = 64
        var perHost = 8
        var threads = 1
        var resolverThreads = 32
        var rate: Rate?
        var perHostRate: Rate?
        /// Bytes per second.
        var downloadRate: Int?
        var isOrdered = false

        init() {}

        init(_ configuration: Configuration, isOrdered: Bool) {
            concurrency = configuration.limits.concurrency
            perHost = configuration.limits.perHost
            threads = configuration.limits.threads
            resolverThreads = configuration.addresses.resolverThreads
            rate = configuration.rates.total
            perHostRate = configuration.rates.perHost
            downloadRate = configuration.rates.download
            self.isOrdered = isOrdered
        }

        /// The limits of rates, as options.
        var rateOptions: [String] {
            [rate.map { "--rate \(Self.text($0))" }, perHostRate.map { "--per-host-rate \(Self.text($0))" }].compactMap { $0 }
        }

        private static func text(_ rate: Rate) -> String {
            let perSecond = 1 / max(1e-9, rate.interval / .seconds(1))
            for (factor, unit) in [(1.0, "s"), (60, "m")] where perSecond * factor >= 1 {
                return brief(perSecond * factor) + "/" + unit
            }
            return brief(perSecond * 3600) + "/h"
        }

        private static func brief(_ number: Double) -> String {
            let rounded = Int(number.rounded())
            return abs(number - Double(rounded)) < 0.005 || number >= 100 ? String(rounded) : significant(number)
        }
    }

    var limits = Limits()
    var elapsed: Duration
    /// Time that the process spent on all processors together.
    var processorTime: Duration = .zero
    /// The part of the event loops; nil is all of it.
    var loopTime: Duration?
    var processors = 1
    /// Hosts that were asked: each is the work of one loop.
    var hosts = Int.max
    /// Exchanges, redirects included.
    var requests = 0
    var bytesDownloaded: Int64 = 0
    var held: [Hold: Duration] = [:]
    var spent = PhaseTimes.Spent()

    /// Whether the run was long enough to say what limited it. In the first moments everything is new, and nothing typical.
    var isTelling: Bool { elapsed >= .milliseconds(250) && requests > 0 }

    /// What the event loops have used of a processor. Others work beside them: the one that writes, and those that look names up.
    var processorShare: Double { seconds(loopTime ?? processorTime) / wholeTime }
    var bytesPerSecond: Double { Double(bytesDownloaded) / wholeTime }
    var heldInAll: Double { Hold.allCases.reduce(0) { $0 + held($1) } }

    /// Whether more at once was possible but for the limits: only then it matters what the requests did meanwhile.
    var mayAskForMore: Bool { held(.concurrency) + held(.perHost) >= 0.5 || heldInAll < 0.3 }

    /// The share of the run in which nothing new started for that reason.
    func held(_ hold: Hold) -> Double {
        min(1, max(0, seconds(held[hold] ?? .zero) / wholeTime))
    }

    /// The share of the requests' time that went into a step.
    func spent(_ step: KeyPath<PhaseTimes.Spent, Int64>) -> Double {
        spent.total <= 0 ? 0 : min(1, max(0, Double(spent[keyPath: step]) / Double(spent.total)))
    }

    private var wholeTime: Double { max(0.000_001, seconds(elapsed)) }

    /// What this process has used so far.
    static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

/// For rates and shares, where a little is lost.
func seconds(_ duration: Duration) -> Double { Double(duration.microseconds) / 1_000_000 }
