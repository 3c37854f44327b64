// What the options about patience and names mean for the run.

import ArgumentParser
import FetchKit

extension Settings {
    mutating func set(_ options: MannersOptions) throws {
        configuration.rate = options.rate?.rate
        configuration.perHostRate = options.perHostRate?.rate
        configuration.isAdaptive = !options.isNotAdaptive
        guard options.retry >= 0 else { throw ValidationError("--retry takes a number from 0 on.") }
        configuration.retry.retries = options.retry
        // curl's 0 is its own growing delay.
        configuration.retry.delay = options.retryDelay.flatMap { $0.duration == .zero ? nil : $0.duration }
        configuration.retry.maxTime = options.retryMaxTime.flatMap { $0.duration == .zero ? nil : $0.duration }
        configuration.retry.retriesAllErrors = options.retryAllErrors
        configuration.retry.longestRetryAfter = options.maxRetryAfter.duration
        configuration.hostTimeout = options.hostTimeout.duration == .zero ? nil : options.hostTimeout.duration
        configuration.breakerDelay = options.breakerDelay.duration == .zero ? nil : options.breakerDelay.duration
    }

    mutating func set(_ options: RunOptions) throws {
        configuration.deadline = options.deadline?.duration
        if options.failEarly && options.maxErrors != nil { throw ValidationError("--fail-early and --max-errors exclude each other.") }
        configuration.mostFailures = options.failEarly ? .count(0) : options.maxErrors?.most
        configuration.limit = options.limit?.value
        configuration.fetchesEqualOnce = options.dedupe
    }
}
