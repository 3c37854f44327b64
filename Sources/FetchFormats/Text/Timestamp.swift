// Times and numbers of a fixed width.

import Glibc

extension ByteBuffer {
    /// RFC 3339 in UTC with microseconds, of microseconds since 1970.
    mutating func append(timestamp microseconds: Int64) {
        var seconds = time_t(microseconds / 1_000_000)
        var date = tm()
        gmtime_r(&seconds, &date)
        append(date.tm_year + 1900, 4, "-")
        append(date.tm_mon + 1, 2, "-")
        append(date.tm_mday, 2, "T")
        append(date.tm_hour, 2, ":")
        append(date.tm_min, 2, ":")
        append(date.tm_sec, 2, ".")
        append(CInt(microseconds % 1_000_000), 6, "Z")
    }

    private mutating func append(_ number: CInt, _ width: Int, _ end: Unicode.Scalar) {
        append(decimal: UInt(max(0, number)), width: width)
        append(UInt8(ascii: end))
    }
}

/// RFC 3339 in UTC with microseconds.
package func timestamp(_ microseconds: Int64) -> String {
    var text = ByteBuffer(capacity: 32)
    text.append(timestamp: microseconds)
    return text.string
}

/// A number with leading zeros.
package func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
