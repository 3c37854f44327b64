// One file in two roles: what is read would be emptied, or one output would overwrite the other.

import FetchFormats
import FetchKit

extension Draft {
    /// Throws `UsageError` when a file that is written has another role as well. Only the jar may be a file of cookies that is read,
    /// because it is written at the end.
    func refuseSameFiles() throws {
        var seen: [String: String] = [:]
        let lists = (readsStandardInput ? ["-"] : []) + settings.lists
        // Of two options that read a file, -b is the one that counts least.
        for (option, file) in filesRead + lists.map({ ("-i", $0) }) {
            guard let identity = surroundings.identity(file == "-" ? .descriptor(0) : .path(file)) else { continue }
            if option != "-b" || seen[identity] == nil { seen[identity] = option }
        }
        // What a shell has opened may serve several purposes; but to read what is written has no end.
        if output.file == nil, output.format.needs.writes, let other = surroundings.identity(.descriptor(1)).flatMap({ seen[$0] }) {
            throw UsageError("the file of \(other) cannot be standard output at once")
        }
        for (option, file) in filesWritten {
            guard file != "-", let identity = surroundings.identity(.path(file)) else { continue }
            if let other = seen[identity], !(option == "-c" && other == "-b") {
                throw UsageError("\(file.shown) cannot be the file of \(other) and of \(option) at once")
            }
            seen[identity] = option
        }
    }

    /// Options and the files that they have written to.
    private var filesWritten: [(option: String, file: String)] {
        var files: [(String, String?)] = [
            ("--manifest", output.manifest), ("-D", output.heads), ("--failed", output.failedLines), ("--stats", output.statistics),
            ("-c", output.cookieJar),
        ]
        if let file = output.file {
            files.append(("-o", output.firstFile ?? file))
            files.append(("the index of -o", output.format.needs.archive?.index))
        }
        files += output.writeOutFiles.map { ("-w", $0.name == "-" ? "./-" : $0.name) }
        return files.compactMap { option, file in file.map { (option, $0) } }
    }
}
