// Dates and waits as HTTP writes them (RFC 9110 sections 5.6.7 and 10.2.3).

internal import CLinux
internal import Glibc

/// Seconds since 1970 of an HTTP date in any of its three forms; nil for anything else.
package func httpDate(_ text: String) -> Int? {
    for format in ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"] {
        var time = tm()
        let isWhole = text.withCString { start in strptime(start, format, &time).map { $0.pointee == 0 } ?? false }
        if isWhole { return timegm(&time) }
    }
    return nil
}

/// The date as HTTP writes it now; nil for what is no date of this era.
package func httpDate(_ seconds: Int) -> String? {
    var time = tm()
    var seconds = time_t(seconds)
    guard gmtime_r(&seconds, &time) != nil else { return nil }
    var text = [CChar](repeating: 0, count: 64)
    guard strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &time) > 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

extension ResponseHead {
    /// How long the server asks to wait: `Retry-After` in seconds, or as a date, which is compared with the response's
    /// own `Date`, because clocks differ. Nil when it is absent or makes no sense; a date in the past is no wait.
    func retryAfter(now: Int) -> Duration? {
        guard let value = values(of: "retry-after").first else { return nil }
        let text = String(decoding: value, as: UTF8.self)
        if !value.isEmpty, value.allSatisfy({ $0 &- 48 < 10 }) {
            // More than a century is as good as more than an hour.
            return .seconds(min(Int(text) ?? .max, 3_200_000_000))
        }
        guard let date = httpDate(text) else { return nil }
        let sent = values(of: "date").first.flatMap { httpDate(String(decoding: $0, as: UTF8.self)) }
        return .seconds(max(0, date - (sent ?? now)))
    }
}
