// The value of an option, read as what the option needs.

import FetchFormats
import FetchKit

/// The value of an option, and the option as it was typed.
struct Argument {
    let option: String
    let text: String

    /// A whole number.
    func number(_ range: ClosedRange<Int> = 1...1_000_000) throws(UsageError) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw isNot("a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Seconds as in curl (`2.5`), or with a unit (`500ms`, `2s`, `1m`, `1h`).
    func duration() throws(UsageError) -> Duration {
        let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let number = Double(text.dropLast(unit.suffix.count)), number >= 0, number * unit.seconds < 1e9
        else { throw isNot("a time: seconds, or such as 500ms, 2s, 1m, 1h") }
        return .microseconds(Int64(number * unit.seconds * 1_000_000))
    }

    /// The same, where 0 stands for no limit.
    func limit() throws(UsageError) -> Duration? {
        let duration = try duration()
        return duration == .zero ? nil : duration
    }

    /// Bytes, or powers of 1024 with a letter (`100k`, `16M`, `2G`), as in curl and wget.
    func size() throws(UsageError) -> Int {
        let powers: [Character: Int] = ["k": 10, "m": 20, "g": 30, "t": 40]
        let shift = text.last.flatMap { powers[Character($0.lowercased())] }
        let number = Double(shift == nil ? text[...] : text.dropLast()) ?? -1
        let bytes = number * Double(1 << (shift ?? 0))
        guard number >= 0, bytes < 1e18 else { throw isNot("a size: bytes, or such as 100k, 16M, 2G") }
        return Int(bytes)
    }

    /// So many in so much time: `10/s`, `30/m`, `1000/h`; without a unit per second.
    func rate() throws(UsageError) -> Rate {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let periods: [Substring: Duration] = ["s": .seconds(1), "m": .seconds(60), "h": .seconds(3600)]
        guard parts.count <= 2, let count = Double(parts[0]), count > 0, count < 1e7,
            let period = periods[parts.count == 2 ? parts[1] : "s"],
            period / count < .seconds(86_400 * 366)
        else { throw isNot("a rate such as 10/s, 30/m, 1000/h") }
        return Rate(count, per: period)
    }

    /// A number of failures, or a share of the outcomes (`5%`).
    func failures() throws(UsageError) -> Configuration.Limits.Failures {
        if text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) { return .percent(percent) }
        guard let count = Int(text), count >= 0 else { throw isNot("a number, 0 or more, or a share such as 5%") }
        return .count(count)
    }

    /// A host and where it is to be found: `HOST:PORT:ADDRESS[,ADDRESS]...`, as in curl's `--resolve`. `*` is any host.
    func hostOverride() throws(UsageError) -> HostOverride {
        let parts = Self.parts(text.hasPrefix("+") ? text.dropFirst() : text[...], atMost: 3)
        let addresses = parts.last?.split(separator: ",", omittingEmptySubsequences: false).map { IPAddress(String($0)) } ?? []
        guard parts.count == 3, !parts[0].isEmpty, let port = Int(parts[1]), (1...65535).contains(port), !addresses.isEmpty,
            !addresses.contains(nil)
        else { throw isNot("HOST:PORT:ADDRESS[,ADDRESS]...") }
        return HostOverride(host: String(parts[0]), port: port, addresses: addresses.compactMap { $0 })
    }

    /// `HOST1:PORT1:HOST2:PORT2` as in curl's `--connect-to`; each part may be empty.
    func detour() throws(UsageError) -> Detour {
        let parts = Self.parts(text[...], atMost: 5)
        guard parts.count == 4, [parts[1], parts[3]].allSatisfy({ $0.isEmpty || Int($0).map { (1...65535).contains($0) } ?? false }) else {
            throw isNot("HOST1:PORT1:HOST2:PORT2")
        }
        return Detour(host: String(parts[0]), port: Int(parts[1]), toHost: String(parts[2]), toPort: Int(parts[3]))
    }

    /// A range of addresses: `10.0.0.0/8`, `fd00::/8`, or one address.
    func addressRange() throws(UsageError) -> AddressRange {
        guard let range = AddressRange(text) else { throw isNot("an address, or a range of them such as 10.0.0.0/8") }
        return range
    }

    /// A set of schemes in curl's way of writing: `=https`, `-http`, `http,https`.
    func schemes() throws(UsageError) -> Set<String> {
        let known: Set = ["http", "https"]
        var schemes = known
        for item in text.split(separator: ",") {
            let name = item.drop { "=+-".contains($0) }
            let named: Set<String> = name == "all" ? known : [String(name)]
            guard named.isSubset(of: known) else { throw isNot("a choice of http and https, such as =https or -http") }
            switch item.first {
            case "=": schemes = named
            case "-": schemes.subtract(named)
            default: schemes.formUnion(named)
            }
        }
        guard !schemes.isEmpty else { throw UsageError("\(option): '\(text.shown)' leaves no scheme") }
        return schemes
    }

    func version() throws(UsageError) -> Configuration.TLS.Version {
        let versions: [String: Configuration.TLS.Version] = ["1.0": .v1_0, "1.1": .v1_1, "1.2": .v1_2, "1.3": .v1_3]
        guard let version = versions[text] else { throw isNot("1.0, 1.1, 1.2 or 1.3") }
        return version
    }

    /// `user:password`. What it is instead is not shown: it may be a password.
    func credentials(_ scheme: Credentials.Scheme = .basic) throws(UsageError) -> Credentials {
        guard text.contains(":") else { throw UsageError("\(option) takes user:password; for an empty password write user:") }
        return Credentials(pair: text, scheme: scheme)
    }

    /// What may stand in a header. Not shown otherwise: it may be a password.
    func fieldValue() throws(UsageError) -> String {
        guard isFieldValue(text) else { throw UsageError("\(option) must not contain line breaks or other control characters") }
        return text
    }

    /// A value that can only say what is so anyway.
    func mustBe(_ value: String, otherwise: String) throws(UsageError) {
        guard text.lowercased() == value else { throw UsageError("\(option) takes '\(value)' only: \(otherwise)") }
    }

    func isNot(_ what: String) -> UsageError { UsageError("\(option): '\(text.shown)' is not \(what)") }

    /// The parts between colons; an IPv6 address at the beginning of a part is in brackets. What is too much stays with the last part.
    private static func parts(_ text: Substring, atMost count: Int) -> [Substring] {
        var parts: [Substring] = []
        var rest = text
        while parts.count + 1 < count {
            let afterHost = rest.hasPrefix("[") ? rest.firstIndex(of: "]") ?? rest.startIndex : rest.startIndex
            guard let end = rest[afterHost...].firstIndex(of: ":") else { break }
            parts.append(rest[..<end])
            rest = rest[rest.index(after: end)...]
        }
        return parts + [rest]
    }
}
