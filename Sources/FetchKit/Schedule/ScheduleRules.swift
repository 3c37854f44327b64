// What a schedule is told at the beginning: the limits that it keeps.

/// The limits that a schedule keeps.
struct ScheduleRules {
    var concurrency = 64
    var perHost = 8
    var rate: Rate?
    var perHostRate: Rate?
    /// Whether hosts that are overrun get less (`HostWindow`, `HostPause`).
    var isAdaptive = true
    /// The longest pause that a host may ask for; who asks for more is not asked again.
    var longestRetryAfter = Duration.seconds(300)
    /// How long a host that cannot be reached pauses at first; nil never gives up.
    var breakerDelay: Duration? = .seconds(1)
    /// How long a host that has answered may be away before it is given up; nil never gives up.
    var hostTimeout: Duration? = .seconds(60)
}

extension ScheduleRules {
    init(_ configuration: Configuration) {
        concurrency = configuration.limits.concurrency
        perHost = configuration.limits.perHost
        rate = configuration.rates.total
        perHostRate = configuration.rates.perHost
        isAdaptive = configuration.rates.isAdaptive
        longestRetryAfter = configuration.retry.longestRetryAfter
        breakerDelay = configuration.retry.breakerDelay
        hostTimeout = configuration.retry.hostTimeout
    }
}
