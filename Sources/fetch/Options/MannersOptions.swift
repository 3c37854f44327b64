// The options about patience: with servers that are busy, with hosts that are away, and with the run as a whole.

import ArgumentParser

struct MannersOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Requests started over all hosts: 10/s, 30/m, 1000/h; evenly spaced.", valueName: "rate"))
    var rate: RateLimit?

    @Option(help: ArgumentHelp("The same for one scheme, host and port, redirects and retries included.", valueName: "rate"))
    var perHostRate: RateLimit?

    @Flag(
        name: .customLong("no-adaptive"),
        help: "Do not slow down for a host that says 429 or 503, or refuses connections, nor pause it for its Retry-After.")
    var isNotAdaptive = false

    @Option(help: ArgumentHelp("Tries after the first one, for failures that may pass; 0 is none.", valueName: "n"))
    var retry = 2

    @Option(help: ArgumentHelp("Between two tries. (default: random, growing from 500ms to 1m)", valueName: "time"))
    var retryDelay: TimeLimit?

    @Option(help: ArgumentHelp("No retry starts later than this after a URL's first try. (default: none)", valueName: "time"))
    var retryMaxTime: TimeLimit?

    @Flag(help: "Retry whatever fails, not only what may pass.")
    var retryAllErrors = false

    @Option(help: ArgumentHelp("The longest Retry-After to wait for; a host that asks for more is left alone.", valueName: "time"))
    var maxRetryAfter = TimeLimit(.seconds(300))

    @Option(
        help: ArgumentHelp(
            "How long a host that cannot be reached pauses after 5 failures in a row (10 if it has answered), then twice as long; one "
                + "that never answered is given up after the 4th time. 0 never pauses and never gives up.", valueName: "time"))
    var breakerDelay = TimeLimit(.seconds(1))

    @Option(
        help: ArgumentHelp(
            "A host that has answered is given up when it could not be reached for so long; its URLs wait. 0 never gives up.",
            valueName: "time"))
    var hostTimeout = TimeLimit(.seconds(60))
}

struct RunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("For the whole run; what is not fetched by then is cancelled, status 75.", valueName: "time"))
    var deadline: TimeLimit?

    @Option(help: ArgumentHelp("Stop, with status 75, when more than n, or n% of at least 20, have failed.", valueName: "n|n%"))
    var maxErrors: FailureLimit?

    @Flag(help: "Stop, with status 75, at the first failure.")
    var failEarly = false

    @Option(help: ArgumentHelp("Stop reading after so many URLs.", valueName: "n"))
    var limit: PositiveCount?

    @Flag(help: "Fetch equal URLs once. Costs up to 32 bytes of memory for each different one.")
    var dedupe = false
}
