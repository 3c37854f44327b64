// What the meaning of a command line depends on besides its words. A run asks the system; a test has values of its own.

import FetchKit
import Glibc

/// The environment, the files and the standard streams of a process, as far as options ask for them.
struct Surroundings {
    /// A variable of the environment.
    var variable: (String) -> String? = { getenv($0).map { String(cString: $0) } }
    /// The bytes of a file; `-` is standard input. Throws `UnreadableFile`.
    var contents: (String, FileLimit) throws -> [UInt8] = { try fetch.contents(ofFile: $0, limit: $1) }
    /// A file to send, which is read while it is sent. Throws `RequestBody.UnusableFile`.
    var body: (String) throws -> RequestBody = { try RequestBody.file($0) }
    var exists: (String) -> Bool = { access($0, F_OK) == 0 }
    /// Why a file cannot be read; nil when it can.
    var obstacle: (String) -> String? = { access($0, R_OK) == 0 ? nil : String(cString: strerror(errno)) }
    /// What the names of one file have in common; nil for what can have two roles, such as a device.
    var identity: (FileName) -> String? = { $0.identity }
    /// Whether a standard stream is a terminal, by its descriptor.
    var isTerminal: (CInt) -> Bool = { isatty($0) == 1 }
    /// Whether a file is a terminal, such as `/dev/tty`. Only devices are opened for that, because opening a pipe may block.
    var isTerminalFile: (String) -> Bool = { name in
        var status = stat()
        guard stat(name, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else { return false }
        let descriptor = open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        return descriptor >= 0 && isatty(descriptor) == 1
    }
    /// Whether a line on standard error can be drawn again.
    var canRedraw = fetch.canRedraw(STDERR_FILENO)
    /// What libcurl can do, by the names of `CurlLibrary`.
    var libcurlHas: (String) -> Bool = { CurlLibrary.current.has($0) }

    /// A file by its name, or a standard stream.
    enum FileName: Hashable {
        case path(String)
        case descriptor(CInt)

        fileprivate var identity: String? {
            var status = stat()
            switch self {
            case .descriptor(let descriptor): return fstat(descriptor, &status) == 0 ? Self.identity(status) : nil
            case .path(let name):
                if stat(name, &status) == 0 { return Self.identity(status) }
                // One that is still to be made is known by its folder.
                let slash = name.utf8.lastIndex(of: UInt8(ascii: "/"))
                let folder = slash.map { $0 == name.startIndex ? "/" : String(name[..<$0]) } ?? "."
                let base = slash.map { name[name.utf8.index(after: $0)...] } ?? name[...]
                return stat(folder, &status) == 0 ? "\(status.st_dev) \(status.st_ino) \(base)" : name
            }
        }

        private static func identity(_ status: stat) -> String? {
            status.st_mode & S_IFMT == S_IFREG ? "\(status.st_dev) \(status.st_ino)" : nil
        }
    }
}
