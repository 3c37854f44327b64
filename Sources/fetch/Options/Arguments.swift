// From argv to what the argument parser sees: one-letter options made long, config files put in their place.

internal import CLinux

/// The arguments of the command line.
enum Arguments {
    /// A config file may name another; so deep.
    private static let deepest = 10

    /// What follows the program's name. From C's `main`, because `CommandLine.arguments` is empty where `/proc` cannot be read.
    static var ofProcess: [String] {
        guard let words = clinux_arguments() else { return [] }
        return (0..<Int(clinux_argument_count())).dropFirst().compactMap { words[$0].map { String(cString: $0) } }
    }

    /// Throws `Input.Unusable` for a config file that cannot be used.
    static func expand(_ arguments: [String], depth: Int = 0) throws -> [String] {
        var expanded: [String] = []
        let flat = ShortOptions.expand(arguments)
        for (position, argument) in flat.enumerated() {
            if argument == "--" { return expanded + flat[position...] }
            guard argument.hasPrefix("--config=") else {
                expanded.append(argument)
                continue
            }
            let file = String(argument.dropFirst("--config=".count))
            guard depth < deepest else {
                throw Input.Unusable("cannot read \(file): config files within config files are nested too deeply")
            }
            let text = try contents(ofFile: file)
            do {
                expanded += try expand(ConfigFile(text, name: file == "-" ? "standard input" : file).arguments, depth: depth + 1)
            } catch let error as ConfigError {
                throw Input.Unusable(error.description)
            }
        }
        return expanded
    }
}
