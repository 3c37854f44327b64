// Durations and sizes as people write them on a command line.

import ArgumentParser
import FetchKit

/// A duration: seconds as in curl (`2.5`), or with a unit (`500ms`, `2s`, `1m`, `1h`).
struct TimeLimit: ExpressibleByArgument, Equatable {
    let duration: Duration

    init?(argument: String) {
        let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)]
        guard let unit = units.first(where: { argument.hasSuffix($0.suffix) }),
            let number = Double(argument.dropLast(unit.suffix.count)), number >= 0, number * unit.seconds < 1e9
        else { return nil }
        duration = .microseconds(Int64(number * unit.seconds * 1_000_000))
    }

    init(_ duration: Duration) { self.duration = duration }

    var defaultValueDescription: String { "\(duration.components.seconds)" }
}

/// A size in bytes, or in powers of 1024 with a letter (`100k`, `16M`, `2G`), as in curl and wget.
struct ByteCount: ExpressibleByArgument, Equatable {
    let bytes: Int

    init?(argument: String) {
        let powers: [Character: Int] = ["k": 10, "m": 20, "g": 30, "t": 40]
        let shift = argument.last.flatMap { powers[Character($0.lowercased())] }
        guard let number = Double(shift == nil ? argument[...] : argument.dropLast()), number >= 0 else { return nil }
        let bytes = number * Double(1 << (shift ?? 0))
        guard bytes < 1e18 else { return nil }
        self.bytes = Int(bytes)
    }

    init(_ bytes: Int) { self.bytes = bytes }

    var defaultValueDescription: String { bytes % (1 << 20) == 0 ? "\(bytes >> 20)M" : "\(bytes)" }
}

/// A number of at least 1.
struct PositiveCount: ExpressibleByArgument, Equatable {
    let value: Int

    init?(argument: String) {
        guard let value = Int(argument), value >= 1, value <= 1_000_000 else { return nil }
        self.value = value
    }

    init(_ value: Int) { self.value = value }

    var defaultValueDescription: String { "\(value)" }
}

/// So many in so much time: `10/s`, `30/m`, `1000/h`; without a unit per second.
struct RateLimit: ExpressibleByArgument, Equatable {
    let rate: Rate

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        let periods: [Substring: Duration] = ["s": .seconds(1), "m": .seconds(60), "h": .seconds(3600)]
        guard parts.count <= 2, let count = Double(parts[0]), count > 0, count < 1e7,
            let period = periods[parts.count == 2 ? parts[1] : "s"],
            period / count < .seconds(86_400 * 366)
        else { return nil }
        rate = Rate(count, per: period)
    }
}

/// A number of failures, or a share of the outcomes (`5%`).
struct FailureLimit: ExpressibleByArgument {
    let most: Configuration.Limits.Failures

    init?(argument: String) {
        if argument.hasSuffix("%") {
            guard let percent = Double(argument.dropLast()), (0...100).contains(percent) else { return nil }
            most = .percent(percent)
        } else {
            guard let count = Int(argument), count >= 0 else { return nil }
            most = .count(count)
        }
    }
}

/// A host and where it is to be found: `HOST:PORT:ADDRESS[,ADDRESS]...`, as in curl's `--resolve`. `*` is any host.
struct Resolve: ExpressibleByArgument {
    let override: HostOverride

    init?(argument: String) {
        let text = argument.hasPrefix("+") ? argument.dropFirst() : argument[...]
        // An IPv6 address as host is in brackets.
        let afterHost = text.hasPrefix("[") ? text.firstIndex(of: "]") ?? text.startIndex : text.startIndex
        guard let hostEnd = text[afterHost...].firstIndex(of: ":"), hostEnd > text.startIndex else { return nil }
        let rest = text[text.index(after: hostEnd)...]
        guard let portEnd = rest.firstIndex(of: ":"), let port = Int(rest[..<portEnd]), (1...65535).contains(port) else { return nil }
        let addresses = rest[rest.index(after: portEnd)...].split(separator: ",", omittingEmptySubsequences: false).map {
            IPAddress(String($0))
        }
        guard !addresses.isEmpty, !addresses.contains(nil) else { return nil }
        override = HostOverride(host: String(text[..<hostEnd]), port: port, addresses: addresses.compactMap { $0 })
    }
}

/// `HOST1:PORT1:HOST2:PORT2` as in curl's `--connect-to`; each part may be empty.
struct ConnectTo: ExpressibleByArgument {
    let detour: Detour

    init?(argument: String) {
        var parts: [String] = []
        var rest = argument[...]
        while true {
            // An IPv6 address is in brackets.
            let afterHost = rest.hasPrefix("[") ? rest.firstIndex(of: "]") ?? rest.startIndex : rest.startIndex
            guard let end = rest[afterHost...].firstIndex(of: ":") else { break }
            parts.append(String(rest[..<end]))
            rest = rest[rest.index(after: end)...]
        }
        parts.append(String(rest))
        guard parts.count == 4, [parts[1], parts[3]].allSatisfy({ $0.isEmpty || Int($0).map { (1...65535).contains($0) } ?? false }) else {
            return nil
        }
        detour = Detour(host: parts[0], port: Int(parts[1]), toHost: parts[2], toPort: Int(parts[3]))
    }
}

/// A range of addresses: `10.0.0.0/8`, `fd00::/8`, or one address.
struct AddressRangeArgument: ExpressibleByArgument {
    let range: AddressRange

    init?(argument: String) {
        guard let range = AddressRange(argument) else { return nil }
        self.range = range
    }
}
