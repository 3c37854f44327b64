// Dates and waits as HTTP writes them (RFC 9110 sections 5.6.7 and 10.2.3).

internal import CLinux
internal import Glibc

/// Seconds since 1970 of an HTTP date in any of its three forms; nil for anything else.
package func httpDate(_ text: String) -> Int? {
    preferredHTTPDate(text) ?? anyHTTPDate(text)
}

/// What strptime(3) makes of it.
func anyHTTPDate(_ text: String) -> Int? {
    for format in ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"] {
        var time = tm()
        let isWhole = text.withCString { start in strptime(start, format, &time).map { $0.pointee == 0 } ?? false }
        if isWhole { return timegm(&time) }
    }
    return nil
}

/// The form that servers send, `Sun, 06 Nov 1994 08:49:37 GMT`; nil for anything else. strptime(3) asks the locale for each name, which
/// is as much work as all the rest of a record.
func preferredHTTPDate(_ text: String) -> Int? {
    var text = text
    return text.withUTF8 { text in
        guard text.count == 29 else { return nil }
        let number = { (range: Range<Int>) in Int(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[range]).decimal ?? -1) }
        let name = { (position: Int) in text[position..<(position + 3)].reduce(0) { $0 << 8 | Int($1) } }
        let (day, year, hour, minute, second) = (number(5..<7), number(12..<16), number(17..<19), number(20..<22), number(23..<25))
        guard days.contains(name(0)), let month = months.firstIndex(of: name(8)), day > 0, day <= 31, year >= 1900, hour >= 0, hour < 24,
            minute >= 0, minute < 60, second >= 0, second <= 60,
            separators.allSatisfy({ text[$0] == $1 })
        else { return nil }
        var time = tm()
        (time.tm_year, time.tm_mon, time.tm_mday) = (CInt(year - 1900), CInt(month), CInt(day))
        (time.tm_hour, time.tm_min, time.tm_sec) = (CInt(hour), CInt(minute), CInt(second))
        return timegm(&time)
    }
}

private let days = names("SunMonTueWedThuFriSat")
private let months = names("JanFebMarAprMayJunJulAugSepOctNovDec")
private let separators = zip([3, 4, 7, 11, 16, 19, 22, 25, 26, 27, 28], ",    :: GMT".utf8).map { ($0, $1) }

private func names(_ text: String) -> [Int] {
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: 3).map { bytes[$0..<($0 + 3)].reduce(0) { $0 << 8 | Int($1) } }
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
        guard let value = self.value(of: "retry-after") else { return nil }
        let text = String(decoding: value, as: UTF8.self)
        if !value.isEmpty, value.allSatisfy({ $0 &- 48 < 10 }) {
            // More than a century is as good as more than an hour.
            return .seconds(min(Int(text) ?? .max, 3_200_000_000))
        }
        guard let date = httpDate(text) else { return nil }
        let sent = self.value(of: "date").flatMap { httpDate(String(decoding: $0, as: UTF8.self)) }
        return .seconds(max(0, date - (sent ?? now)))
    }
}
