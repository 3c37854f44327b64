// All options, found by name and by letter.

import FetchFormats

/// The options of the command line.
enum OptionTable {
    /// Options of one topic, under the title that the help gives them.
    struct Group: Sendable {
        let title: String
        let options: [Option]

        init(_ title: String, _ options: [Option]) { (self.title, self.options) = (title, options) }
    }

    static let groups = [
        Group("Input", input), Group("Concurrency", concurrency), Group("Rate limits and retries", rates), Group("The whole run", run),
        Group("Requests", requests), Group("Authentication and cookies", authentication), Group("Limits", limits),
        Group("Connections", connections), Group("TLS", tls), Group("Names and addresses", names), Group("Address guard", addressGuard),
        Group("Output", output), Group("A file for each body", files), Group("Messages", messages), Group("Compatibility", compatibility),
    ]

    static let all = groups.flatMap(\.options)

    /// What stands without an option is a URL.
    static let operand = option(name: "url")!.option

    /// Options of which one at most can be given.
    static let alternatives = [
        ["glob", "globoff"], ["fail-early", "max-errors"], ["http1.1", "http2", "http3"], ["ipv4", "ipv6"], ["ordered", "unordered"],
        ["skip-existing", "no-clobber"],
    ]

    private static let byName: [String: Int] = {
        var indices: [String: Int] = [:]
        for (index, option) in all.enumerated() { for name in [option.name] + option.aliases { indices[name] = index } }
        return indices
    }()

    private static let byLetter: [Character: Int] = {
        var indices: [Character: Int] = [:]
        for (index, option) in all.enumerated() { if let letter = option.letter { indices[letter] = index } }
        return indices
    }()

    static func option(letter: Character) -> Option? { byLetter[letter].map { all[$0] } }

    /// The option of that name, and whether the name turns it on: `no-` before a switch, or left away from one, turns it off.
    static func option(name: some StringProtocol) -> (option: Option, isOn: Bool)? {
        let name = String(name)
        if let index = byName[name] { return (all[index], true) }
        let opposite = name.hasPrefix("no-") ? String(name.dropFirst(3)) : "no-\(name)"
        guard let index = byName[opposite], all[index].value == nil else { return nil }
        return (all[index], false)
    }
}
