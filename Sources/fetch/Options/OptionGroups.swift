// The options, by purpose, as `--help` shows them. What a user typed, and nothing else; what the program needs is made of it
// in `Settings`.

import ArgumentParser

struct InputOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("URLs to fetch; - is a list on standard input. Without a scheme a URL means http://.", valueName: "url"))
    var urls: [String] = []

    @Option(
        name: [.customShort("i"), .customLong("input")],
        help: ArgumentHelp("Read URLs from a file, one a line; - is standard input. Can be repeated.", valueName: "file"))
    var lists: [String] = []

    @Option(help: ArgumentHelp("A URL, for config files.", visibility: .hidden))
    var url: [String] = []

    @Flag(help: "Expand {a,b} and [1-9] in lists as well, not only in URL arguments.")
    var glob = false

    @Flag(name: [.customShort("g"), .customLong("globoff")], help: "Take {} and [] in URL arguments as they are.")
    var globoff = false

    @Option(
        name: [.customShort("K"), .customLong("config")],
        help: ArgumentHelp("Read options from a file, one a line, in curl's syntax (up to 1 MiB). Can be repeated.", valueName: "file"))
    var config: [String] = []
}

struct ConcurrencyOptions: ParsableArguments {
    @Option(
        name: [.customShort("j"), .customLong("concurrency"), .customLong("parallel-max")],
        help: ArgumentHelp("Transfers at once. (default: 64)", valueName: "n"))
    var concurrency: PositiveCount?

    @Option(
        name: [.customLong("per-host"), .customLong("parallel-max-host")],
        help: ArgumentHelp("Transfers at once for one scheme, host and port. (default: 8, or what -j says)", valueName: "n"))
    var perHost: PositiveCount?

    @Option(help: ArgumentHelp("Event loops, each on a thread of its own.", valueName: "n"))
    var threads = PositiveCount(1)

    @Option(
        help: ArgumentHelp(
            "URLs read ahead, so that a sorted list keeps many hosts busy. (default: max(10000, 20 x concurrency))", valueName: "n"))
    var lookAhead: PositiveCount?
}

struct LimitOptions: ParsableArguments {
    @Option(
        name: [.customShort("m"), .long],
        help: ArgumentHelp(
            "For one attempt with all its redirects, waiting left out. Seconds, or 500ms, 2s, 1m. (default: none)", valueName: "time"))
    var maxTime: TimeLimit?

    @Option(help: ArgumentHelp("For name lookup, connection and TLS handshake.", valueName: "time"))
    var connectTimeout = TimeLimit(.seconds(10))

    @Option(
        name: [.customShort("y"), .long],
        help: ArgumentHelp("Give up a transfer that is below --speed-limit for so long; 0 is never.", valueName: "seconds"))
    var speedTime = TimeLimit(.seconds(30))

    @Option(name: [.customShort("Y"), .long], help: ArgumentHelp("Bytes per second.", valueName: "n"))
    var speedLimit = PositiveCount(1)

    @Option(help: ArgumentHelp("The largest body, after decoding; 10k, 5M, 1G. (default: none)", valueName: "size"))
    var maxFilesize: ByteCount?

    @Option(
        help: ArgumentHelp("How many times a compressed body may grow, once there are more than 10 MB of it; 0 is any.", valueName: "n"))
    var maxRatio = 100

    @Option(help: ArgumentHelp("Bytes of bodies held in memory; more goes to a file in $TMPDIR.", valueName: "size"))
    var bodyMemory = ByteCount(16 << 20)
}

struct ReportOptions: ParsableArguments {
    @Flag(help: "A line of timings per URL, on standard error.")
    var timings = false

    @Flag(inversion: .prefixedNo, help: "Counts, errors and percentiles at the end, on standard error. (default: on a terminal)")
    var summary: Bool?

    @Flag(help: "In the summary, a table of the hosts.")
    var hosts = false

    @Option(help: ArgumentHelp("Write what the summary says to a file, as JSON; - is standard error.", valueName: "file"))
    var stats: String?

    @Flag(inversion: .prefixedNo, help: "A line that tells how it goes, on standard error. (default: on a terminal)")
    var progress: Bool?

    @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Only errors.")
    var isQuiet = false

    @Flag(name: [.customShort("s"), .customLong("silent")], help: "Not even errors; the exit status still tells.")
    var isSilent = false

    @Flag(name: [.customShort("v"), .customLong("verbose")], help: "Each request with the address dialled, reuse and redirects.")
    var isVerbose = false

    @Flag(name: [.customShort("V"), .customLong("version")], help: "Versions of fetch, libcurl and TLS.")
    var showsVersion = false
}

/// What curl needs to be told and `fetch` does by itself: accepted, and without effect.
struct CompatibilityOptions: ParsableArguments {
    @Flag(name: .customLong("location"), help: .hidden) var location = false
    @Flag(name: .customLong("show-error"), help: .hidden) var showError = false
    @Flag(name: .customLong("fail"), help: .hidden) var fail = false
    @Flag(name: .customLong("parallel"), help: .hidden) var parallel = false
    @Flag(name: .customLong("basic"), help: .hidden) var basic = false
}
