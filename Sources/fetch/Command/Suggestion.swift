// What is said of an option that is not there: by what it means to other programs, then by its letters.

import FetchFormats

/// What to use in place of an unknown option.
enum Suggestion {
    /// `typed` with its dashes. What follows a letter in the same argument is not shown: it may be a secret.
    static func unknown(_ typed: String) -> UsageError {
        let name = typed.hasPrefix("--no-") ? "--\(typed.dropFirst(5))" : typed
        if let advice = advice(for: typed) ?? advice(for: name) { return UsageError("there is no \(typed): \(advice)") }
        if name != typed, OptionTable.option(name: name.dropFirst(2)) != nil {
            return UsageError("there is no \(typed): only a switch has its opposite")
        }
        if typed.hasPrefix("--"), let option = option(like: typed.dropFirst(2)) {
            return UsageError("there is no \(typed.shown): did you mean \(option.signature)?")
        }
        return UsageError("there is no option \(typed.shown); fetch --help-all lists all")
    }

    /// What to do in place of an option of another program, with its dashes; nil for one that nobody knows.
    static func advice(for typed: String) -> String? {
        option(meaning: typed).map { "use \($0.advice)" } ?? ForeignOptions.reason(for: typed)
    }

    private static func option(meaning typed: String) -> Option? {
        OptionTable.all.first { $0.meanings.split(separator: " ").contains { $0 == typed } }
    }

    /// The option whose name takes the fewest changes, if those are few for a name of that length.
    private static func option(like name: Substring) -> Option? {
        // Longer than any name of ours.
        guard name.utf8.count < 40 else { return nil }
        let shown = OptionTable.all.filter { !$0.help.isEmpty }
        if let option = shown.first(where: { $0.name.hasPrefix(name) && name.count > 2 }) { return option }
        let candidates = shown.flatMap { option in
            let meanings = option.meanings.split(separator: " ").filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
            return ([option.name] + option.aliases + meanings).map { (option, distance(Array($0.utf8), Array(name.utf8))) }
        }
        let best = candidates.min { $0.1 < $1.1 }
        return best.flatMap { $0.1 <= max(1, name.utf8.count / 4) ? $0.0 : nil }
    }

    /// How many bytes must be put in, taken out, replaced or swapped with their neighbour (optimal string alignment).
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(rows[i][j + 1], row[j]) + 1
                cost = min(cost, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}

extension Option {
    /// The option and what it does, for a suggestion.
    var advice: String { "\(signature) (\(help.prefix { $0 != "." }))" }
}
