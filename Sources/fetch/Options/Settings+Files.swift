// One file in two roles: what is read would be emptied, or one output would overwrite the other.

import ArgumentParser
import Glibc

extension Settings {
    /// Throws `ValidationError` when a file that is written has another role as well.
    func refuseSameFiles(_ command: Fetch) throws {
        let outputs = [("-o", output.file), ("--manifest", output.manifest), ("--stats", output.statistics)]
        let inputs = command.input.lists.map { ("-i", Optional($0)) } + command.input.config.map { ("-K", Optional($0)) }
        var seen: [String: String] = [:]
        for (option, name) in outputs + inputs {
            guard let name, name != "-", let identity = Self.identity(of: name) else { continue }
            if let other = seen[identity], other != option || outputs.contains(where: { $0.0 == option }) {
                throw ValidationError("\(name) cannot be the file of \(other) and of \(option) at once.")
            }
            seen[identity] = option
        }
    }

    /// What two names of one file have in common; nil for what can have two roles, such as a device.
    private static func identity(of name: String) -> String? {
        var status = stat()
        guard stat(name, &status) == 0 else { return name }
        return status.st_mode & S_IFMT == S_IFREG ? "\(status.st_dev) \(status.st_ino)" : nil
    }
}
