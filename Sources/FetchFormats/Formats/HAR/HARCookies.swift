// Cookies as an HTTP archive lists them, read as browsers read them (RFC 6265 sections 5.1.1 and 5.2).

import FetchKit
import Glibc

extension JSONWriter {
    /// The cookies of a request: their values say who the user is, so that only the names are told.
    mutating func addRequestCookies(_ head: HeadFields) {
        array("cookies") { json in
            for field in head.fields where head.isNamed(field, "cookie") {
                for pair in head.value(field).split(separator: UInt8(ascii: ";")) {
                    // Without a name all of it may be the secret.
                    let name = pair.firstIndex(of: UInt8(ascii: "=")).map { pair[..<$0].trimmed } ?? []
                    json.object {
                        $0.add("name", latin1: name)
                        $0.add("value", "***")
                    }
                }
            }
        }
    }

    /// The cookies that a response sets; `end` is when it came, in microseconds since 1970.
    mutating func addResponseCookies(_ head: HeadFields, end: Int64) {
        array("cookies") { json in
            for field in head.fields where head.isNamed(field, "set-cookie") {
                guard let cookie = HARCookie(head.value(field)) else { continue }
                cookie.write(into: &json, end: end)
            }
        }
    }
}

/// A cookie that a response sets.
private struct HARCookie {
    let name: ArraySlice<UInt8>
    let value: ArraySlice<UInt8>
    private var path: ArraySlice<UInt8>?
    private var domain: ArraySlice<UInt8>?
    /// In seconds since 1970.
    private var expires: Int?
    /// In seconds from now on; counts more than `expires`.
    private var maxAge: Int?
    private var isHTTPOnly = false
    private var isSecure = false
    private var sameSite: ArraySlice<UInt8>?

    /// Nil for what is no cookie.
    init?(_ field: ArraySlice<UInt8>) {
        let parts = field.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard let pair = parts.first, let sign = pair.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        name = pair[..<sign].trimmed
        value = pair[(sign + 1)...].trimmed
        for part in parts.dropFirst() {
            let sign = part.firstIndex(of: UInt8(ascii: "="))
            set(part[..<(sign ?? part.endIndex)].trimmed, sign.map { part[($0 + 1)...].trimmed } ?? [])
        }
    }

    private mutating func set(_ attribute: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        switch true {
        case attribute.equalsIgnoringCase("path"): path = value
        case attribute.equalsIgnoringCase("domain"): domain = value
        case attribute.equalsIgnoringCase("expires"): expires = CookieDate.seconds(value) ?? expires
        case attribute.equalsIgnoringCase("max-age"): maxAge = Self.number(value) ?? maxAge
        case attribute.equalsIgnoringCase("httponly"): isHTTPOnly = true
        case attribute.equalsIgnoringCase("secure"): isSecure = true
        case attribute.equalsIgnoringCase("samesite"): sameSite = value
        default: break
        }
    }

    func write(into json: inout JSONWriter, end: Int64) {
        json.object { json in
            json.add("name", latin1: name)
            json.add("value", latin1: value)
            if let path { json.add("path", latin1: path) }
            if let domain { json.add("domain", latin1: domain) }
            if let seconds = maxAge.map({ Int(end / 1_000_000) + $0 }) ?? expires {
                json.add("expires", timestamp(Int64(min(max(0, seconds), CookieDate.latest)) * 1_000_000))
            }
            json.add("httpOnly", isHTTPOnly)
            json.add("secure", isSecure)
            if let sameSite { json.add("sameSite", latin1: sameSite) }
        }
    }

    /// Digits, perhaps with a sign; what is longer than any life is as good as for ever.
    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.allSatisfy({ $0 &- 48 < 10 }) else { return nil }
        let number = digits.reduce(0) { min($0 * 10 + Int($1 - 48), CookieDate.latest) }
        return digits.count < text.count ? -number : number
    }
}

/// The date of a cookie, which servers write in any way that a browser of 1995 understood.
enum CookieDate {
    /// The end of the year 9999, beyond which dates have no common form.
    static let latest = 253_402_300_799

    /// Seconds since 1970; nil for what is no date.
    static func seconds(_ text: ArraySlice<UInt8>) -> Int? {
        var day, month, year: Int?
        var time: (hour: Int, minute: Int, second: Int)?
        for token in text.split(whereSeparator: isDelimiter) {
            if time == nil, let found = clock(token) {
                time = found
            } else if day == nil, let number = number(token, digits: 1...2) {
                day = number
            } else if month == nil, let found = index(ofMonth: token) {
                month = found
            } else if year == nil, let number = number(token, digits: 2...4) {
                year = number < 70 ? number + 2000 : number < 100 ? number + 1900 : number
            }
        }
        guard let day, let month, let year, let time, (1...31).contains(day), year >= 1601, time.hour < 24, time.minute < 60,
            time.second < 60
        else { return nil }
        var date = tm()
        (date.tm_year, date.tm_mon, date.tm_mday) = (CInt(year - 1900), CInt(month - 1), CInt(day))
        (date.tm_hour, date.tm_min, date.tm_sec) = (CInt(time.hour), CInt(time.minute), CInt(time.second))
        return timegm(&date)
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x20...0x2F, 0x3B...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    private static func clock(_ token: ArraySlice<UInt8>) -> (Int, Int, Int)? {
        let parts = token.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = number(parts[0], digits: 1...2), let minute = number(parts[1], digits: 1...2),
            let second = number(parts[2], digits: 1...2)
        else { return nil }
        return (hour, minute, second)
    }

    /// The number at the beginning, if it has that many digits.
    private static func number(_ token: ArraySlice<UInt8>, digits: ClosedRange<Int>) -> Int? {
        let number = token.prefix { $0 &- 48 < 10 }
        guard digits.contains(number.count) else { return nil }
        return number.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    /// 1 for January.
    private static func index(ofMonth token: ArraySlice<UInt8>) -> Int? {
        let names: [String] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        return names.firstIndex { token.prefix(3).equalsIgnoringCase($0) }.map { $0 + 1 }
    }
}
