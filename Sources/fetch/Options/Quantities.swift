// Durations and sizes as people write them on a command line.

import ArgumentParser

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
