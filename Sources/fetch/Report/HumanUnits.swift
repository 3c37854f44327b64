// Numbers as a person reads them. Machines get seconds and bytes.

import FetchFormats
import FetchKit

/// At most four significant characters and a unit: `850us`, `12.3ms`, `1.25s`, `2m05s`.
func human(_ duration: Duration) -> String {
    let microseconds = duration.microseconds
    switch microseconds {
    case ..<1000: return "\(microseconds)us"
    case ..<1_000_000: return significant(Double(microseconds) / 1000) + "ms"
    case ..<60_000_000: return significant(Double(microseconds) / 1_000_000) + "s"
    default:
        let seconds = Int(microseconds / 1_000_000)
        if seconds < 3600 { return "\(seconds / 60)m\(digits(seconds % 60, 2))s" }
        return "\(seconds / 3600)h\(digits(seconds / 60 % 60, 2))m"
    }
}

/// Powers of 1024 under curl's letters: `512B`, `1.50K`, `2.00G`.
func human(bytes: Int64) -> String {
    var value = Double(bytes)
    if bytes < 1024 { return "\(bytes)B" }
    for unit in ["K", "M", "G", "T"] {
        value /= 1024
        if value < 1024 || unit == "T" { return significant(value) + unit }
    }
    return ""
}

/// Three significant digits.
func significant(_ value: Double) -> String {
    let decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
    let scale = decimals == 2 ? 100.0 : decimals == 1 ? 10.0 : 1.0
    let scaled = Int((value * scale).rounded())
    if decimals == 0 { return String(scaled) }
    let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: Int(scale))
    return "\(whole).\(digits(fraction, decimals))"
}

/// A large number with thin groups: `1,234,567`.
func grouped(_ number: Int) -> String {
    let text = Array(String(number))
    return text.enumerated().reduce(into: "") { result, element in
        if element.offset > 0 && (text.count - element.offset) % 3 == 0 { result += "," }
        result.append(element.element)
    }
}

/// A number and what is counted: `1 URL`, `2,000 URLs`.
func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
}

extension String {
    /// Padded with blanks at the left, for columns of numbers.
    func aligned(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
