// Time that only goes forward. `ContinuousClock.Instant` would do, but its layout is the standard library's secret, and every
// value that holds one is then copied by way of run-time calls: a fifth of the cost of a URL.

internal import CCurl
internal import CLinux
internal import Glibc

/// A moment on the monotonic clock (clock_gettime(2), CLOCK_MONOTONIC).
struct Instant: Comparable, Hashable, Sendable {
    let nanoseconds: Int64

    static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    func duration(to later: Instant) -> Duration { .nanoseconds(later.nanoseconds - nanoseconds) }

    static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    static func - (a: Instant, b: Instant) -> Duration { b.duration(to: a) }

    /// A duration of more than a century is one of a century.
    static func + (moment: Instant, duration: Duration) -> Instant {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = max(-3_200_000_000, min(3_200_000_000, seconds)) * 1_000_000_000 + attoseconds / 1_000_000_000
        return Instant(nanoseconds: moment.nanoseconds + nanoseconds)
    }

    static func - (moment: Instant, duration: Duration) -> Instant { moment + (.zero - duration) }

    static func += (moment: inout Instant, duration: Duration) { moment = moment + duration }
}

/// Time as people write it down, which may jump: not for waiting.
package enum WallClock {
    /// Microseconds since 1970.
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, at least 1: 0 means no limit to libcurl.
    var curlMilliseconds: Int { max(1, Int((microseconds + 999) / 1000)) }

    /// Whole microseconds, rounded down.
    package var microseconds: Int64 { Int64(attoseconds / 1_000_000_000_000) }
}
