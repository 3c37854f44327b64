// Times and numbers of a fixed width.

import Glibc

/// RFC 3339 in UTC with microseconds.
package func timestamp(_ microseconds: Int64) -> String {
    var seconds = time_t(microseconds / 1_000_000)
    var date = tm()
    gmtime_r(&seconds, &date)
    var text: [UInt8] = []
    text.reserveCapacity(27)
    let parts = [
        (date.tm_year + 1900, 4, "-"), (date.tm_mon + 1, 2, "-"), (date.tm_mday, 2, "T"), (date.tm_hour, 2, ":"), (date.tm_min, 2, ":"),
        (date.tm_sec, 2, "."), (CInt(microseconds % 1_000_000), 6, "Z"),
    ]
    for (number, width, end) in parts {
        JSONText.append(UInt(max(0, number)), width: width, to: &text)
        text.append(contentsOf: end.utf8)
    }
    return String(decoding: text, as: UTF8.self)
}

/// A number with leading zeros.
package func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
