// One file in two roles: what is read would be emptied, or one output would overwrite the other.

import FetchFormats
import ArgumentParser
import FetchKit
import Glibc

extension Settings {
    /// Throws `ValidationError` when a file that is written has another role as well. Only the jar may be a file of cookies that is
    /// read, because it is written at the end.
    func refuseSameFiles(_ command: Fetch, _ configFiles: [String]) throws {
        var seen: [String: String] = [:]
        for (option, name) in filesRead(command, configFiles) {
            guard let identity = name == "-" ? Self.identity(of: STDIN_FILENO) : Self.identity(of: name) else { continue }
            seen[identity] = option
        }
        // What a shell has opened may serve several purposes; but to read what is written has no end.
        if let identity = Self.identity(of: STDOUT_FILENO), output.file == nil, output.format.needs.writes, let other = seen[identity] {
            throw ValidationError("The file of \(other) cannot be standard output at once.")
        }
        for (option, name) in filesWritten {
            guard name != "-", let identity = Self.identity(of: name) else { continue }
            if let other = seen[identity], !(option == "-c" && other == "-b") {
                throw ValidationError("\(name) cannot be the file of \(other) and of \(option) at once.")
            }
            seen[identity] = option
        }
    }

    /// Options and the files that they have written to.
    private var filesWritten: [(option: String, name: String)] {
        var files: [(String, String?)] = [
            ("--manifest", output.manifest), ("--stats", output.statistics), ("-c", output.cookieJar),
        ]
        if let file = output.file {
            files.append(("-o", output.firstFile ?? file))
            files.append(("the index of -o", output.format.needs.archive?.index))
        }
        files += output.writeOutFiles.map { ("-w", $0.name == "-" ? "./-" : $0.name) }
        return files.compactMap { option, name in name.map { (option, $0) } }
    }

    /// Options and the files that they read; `-` is standard input. That of `-b` last, because it alone may be written, too.
    private func filesRead(_ command: Fetch, _ configFiles: [String]) -> [(option: String, name: String)] {
        let request = command.request
        var files: [(String, String?)] = command.readsStandardInput ? [("-i", "-")] : []
        files += command.authentication.cookies.filter { !$0.contains("=") && !$0.isEmpty }.map { ("-b", $0) }
        files += command.input.lists.map { ("-i", $0) } + configFiles.map { ("-K", $0) }
        files += request.headers.filter { $0.hasPrefix("@") }.map { ("-H", String($0.dropFirst())) }
        files += request.data.map { ("-d", $0.piece.file) }
        if let text = command.output.writeOut, text.hasPrefix("@") { files.append(("-w", String(text.dropFirst()))) }
        files += [
            ("--netrc-file", Self.netrcFile(command.authentication)), ("--cacert", configuration.tls.caFile),
            ("-E", configuration.tls.certificate), ("--key", configuration.tls.certificateKey),
        ]
        if let key = configuration.tls.pinnedPublicKey, !key.hasPrefix("sha256//") { files.append(("--pinnedpubkey", key)) }
        return files.compactMap { option, name in name.map { (option, $0) } }
    }

    /// What two names of one file have in common; nil for what can have two roles, such as a device.
    private static func identity(of name: String) -> String? {
        var status = stat()
        if stat(name, &status) == 0 { return identity(status) }
        // One that is still to be made is known by its folder.
        let slash = name.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { $0 == name.startIndex ? "/" : String(name[..<$0]) } ?? "."
        let base = slash.map { name[name.utf8.index(after: $0)...] } ?? name[...]
        return stat(folder, &status) == 0 ? "\(status.st_dev) \(status.st_ino) \(base)" : name
    }

    private static func identity(of descriptor: CInt) -> String? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? identity(status) : nil
    }

    private static func identity(_ status: stat) -> String? {
        status.st_mode & S_IFMT == S_IFREG ? "\(status.st_dev) \(status.st_ino)" : nil
    }
}
