// How fast, and what is done about failures; and when a run ends before its input does.

import FetchKit

extension OptionTable {
    static let rates = [
        Option(
            "rate", .rate, "Requests started over all hosts: 10/s, 30/m, 1000/h. Evenly spaced.", rank: 4,
            meanings: "--wait --random-wait --delay --rate-limit --qps"
        ) { $0.configuration.rates.total = try $1.rate() },
        Option(
            "per-host-rate", .rate, "The same for one scheme, host and port, redirects and retries included.",
            meanings: "--rate-per-host --host-request-interval"
        ) { $0.configuration.rates.perHost = try $1.rate() },
        Option(
            turning: "no-adaptive",
            "Do not slow down for a host that says 429 or 503, or refuses connections, nor pause it for its Retry-After."
        ) { $0.configuration.rates.isAdaptive = !$1 },
        Option(
            "retry", .number, "Retries of a request that failed. Only failures that may pass are tried again; 0 is none.",
            standard: { "\($0.retry.limit)" }, rank: 6, meanings: "--tries -t --max-tries --retries --max-retries"
        ) { $0.configuration.retry.limit = try $1.number(0...1_000_000) },
        Option(
            "retry-delay", .time, "Between two tries.", standard: { _ in "random, growing from 500ms to 1m" },
            meanings: "--waitretry --retry-wait --retry-wait-time"
        ) {
            // curl's 0 is its own growing delay.
            $0.configuration.retry.delay = try $1.limit()
        },
        Option("retry-max-time", .time, "No retry starts later than this after a URL's first try.", standard: { _ in "none" }) {
            $0.configuration.retry.maxTime = try $1.limit()
        },
        Option(turning: "retry-all-errors", "Retry whatever fails, not only what may pass.", meanings: "--retry-on-http-error") {
            $0.configuration.retry.retriesAllErrors = $1
        },
        Option(
            "max-retry-after", .time, "The longest Retry-After to wait for. A host that asks for more is not waited for.",
            standard: { "\($0.retry.longestRetryAfter.components.seconds)" }
        ) { $0.configuration.retry.longestRetryAfter = try $1.duration() },
        Option(
            "breaker-delay", .time,
            "How long a host that cannot be reached pauses after 5 failures in a row (10 if it has answered). Then twice as long each time; "
                + "one that never answered is given up after the 4th time. 0 never pauses and never gives up.",
            standard: { "\($0.retry.breakerDelay?.components.seconds ?? 0)" }
        ) { $0.configuration.retry.breakerDelay = try $1.limit() },
        Option(
            "host-timeout", .time,
            "How long a host that has answered may be unreachable until it is given up. Its URLs wait meanwhile; 0 never gives up.",
            standard: { "\($0.retry.hostTimeout?.components.seconds ?? 0)" }
        ) { $0.configuration.retry.hostTimeout = try $1.limit() },
    ]

    static let run = [
        Option(
            "deadline", .time, "Time limit for the whole run. What is not fetched by then is cancelled, status 75.", rank: 7,
            meanings: "--stop"
        ) { $0.configuration.limits.deadline = try $1.duration() },
        Option(
            "max-errors", .init("n|n%"), "Stop, with status 75, when more than n, or n% of at least 20, have failed.",
            meanings: "--halt --max-host-error"
        ) { $0.configuration.limits.failures = try $1.failures() },
        Option(turning: "fail-early", "Stop, with status 75, at the first failure.") {
            $0.configuration.limits.failures = $1 ? .count(0) : nil
        },
        Option("limit", .number, "Stop reading after so many URLs.") { $0.configuration.limits.requests = try $1.number() },
        Option(turning: "dedupe", "Fetch equal URLs once. Costs up to 32 bytes of memory for each different one.", meanings: "--unique") {
            $0.configuration.limits.fetchesEqualRequestsOnce = $1
        },
    ]

    static let limits = [
        Option(
            "max-time", letter: "m", .time, "Time limit for one attempt: 10, 500ms, 2m. With all its redirects, waiting left out.",
            standard: { _ in "none" }, rank: 5, meanings: "--timeout --read-timeout --request-timeout"
        ) { $0.configuration.timeouts.total = try $1.limit() },
        Option(
            "connect-timeout", .time, "For name lookup, connection and TLS handshake.",
            standard: { "\($0.timeouts.connect.components.seconds)" }, meanings: "--dns-timeout"
        ) {
            // curl's own limit where there is none.
            $0.configuration.timeouts.connect = try $1.limit() ?? .seconds(300)
        },
        Option(
            "speed-time", letter: "y", .time, "Give up a transfer that is below --speed-limit for so long. 0 is never.",
            standard: { "\($0.timeouts.stall.components.seconds)" }
        ) {
            // libcurl counts in whole seconds, and 0 means never.
            $0.configuration.timeouts.stall = .seconds((try $1.duration().microseconds + 999_999) / 1_000_000)
        },
        Option(
            "speed-limit", letter: "Y", .number, "Bytes per second.", standard: { "\($0.timeouts.stallSpeed)" },
            meanings: "--lowest-speed-limit"
        ) { $0.configuration.timeouts.stallSpeed = try $1.number() },
        Option("max-filesize", .size, "The largest body, after decoding: 10k, 5M, 1G.", standard: { _ in "none" }, meanings: "--quota") {
            $0.configuration.bodies.maxSize = Int64(try $1.size())
        },
        Option(
            "max-ratio", .number, "How many times a compressed body may grow, once there are more than 10 MB of it. 0 is any.",
            standard: { "\($0.bodies.maxCompressionRatio ?? 0)" }
        ) {
            let ratio = try $1.number(0...1_000_000)
            $0.configuration.bodies.maxCompressionRatio = ratio == 0 ? nil : ratio
        },
        Option(
            "body-memory", .size, "Bytes of bodies held in memory. More goes to a file in $TMPDIR.",
            standard: { "\($0.bodies.memory >> 20)M" }
        ) { $0.configuration.bodies.memory = try $1.size() },
    ]
}
