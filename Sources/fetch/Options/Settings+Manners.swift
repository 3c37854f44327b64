// What the options about patience and names mean for the run.

import ArgumentParser
import FetchKit

extension Settings {
    mutating func set(_ options: MannersOptions) throws {
        configuration.rates.total = options.rate?.rate
        configuration.rates.perHost = options.perHostRate?.rate
        configuration.rates.isAdaptive = !options.isNotAdaptive
        guard options.retry >= 0 else { throw ValidationError("--retry takes a number from 0 on.") }
        configuration.retry.retries = options.retry
        // curl's 0 is its own growing delay.
        configuration.retry.delay = options.retryDelay.flatMap { $0.duration == .zero ? nil : $0.duration }
        configuration.retry.maxTime = options.retryMaxTime.flatMap { $0.duration == .zero ? nil : $0.duration }
        configuration.retry.retriesAllErrors = options.retryAllErrors
        configuration.retry.longestRetryAfter = options.maxRetryAfter.duration
        configuration.retry.hostTimeout = options.hostTimeout.duration == .zero ? nil : options.hostTimeout.duration
        configuration.retry.breakerDelay = options.breakerDelay.duration == .zero ? nil : options.breakerDelay.duration
    }

    mutating func set(_ options: RunOptions) throws {
        configuration.limits.deadline = options.deadline?.duration
        if options.failEarly && options.maxErrors != nil { throw ValidationError("--fail-early and --max-errors exclude each other.") }
        configuration.limits.failures = options.failEarly ? .count(0) : options.maxErrors?.most
        configuration.limits.requests = options.limit?.value
        configuration.limits.fetchesEqualOnce = options.dedupe
    }
}
