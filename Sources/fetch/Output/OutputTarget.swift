// Where a stream of bytes goes that the user named: a file, opened before the first request, or standard output.

import FetchKit
import Glibc

/// An open descriptor and its name for messages.
struct OutputTarget: Sendable {
    let descriptor: CInt
    let name: String

    static let standardError = OutputTarget(descriptor: STDERR_FILENO, name: "standard error")
    static let standardOutput = OutputTarget(descriptor: STDOUT_FILENO, name: "standard output")

    /// Creates or empties a file, or goes on at its end; `-` is standard output.
    init(file: String, appends: Bool = false) throws {
        if file == "-" {
            self = .standardOutput
            return
        }
        let descriptor = open(file, O_WRONLY | O_CREAT | (appends ? O_APPEND : O_TRUNC) | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Uncreatable(description: "cannot create \(file): \(String(cString: strerror(errno)))") }
        self.init(descriptor: descriptor, name: file)
    }

    /// Makes the folders of a file that are missing, with curl's mode. Throws `Uncreatable`.
    static func makeDirectories(for file: String) throws {
        for end in file.utf8.indices.dropFirst() where file.utf8[end] == UInt8(ascii: "/") {
            let folder = String(file[..<end])
            guard mkdir(folder, 0o750) != 0, errno != EEXIST else { continue }
            let reason = errno
            // A folder above that is there may be one where nothing can be made, or on a file system that is read only.
            if access(folder, F_OK) != 0 {
                throw Uncreatable(description: "cannot make the directory \(folder): \(String(cString: strerror(reason)))")
            }
        }
    }

    private init(descriptor: CInt, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// An output that cannot be made; the run does not start.
    struct Uncreatable: Error, CustomStringConvertible {
        let description: String
    }
}
