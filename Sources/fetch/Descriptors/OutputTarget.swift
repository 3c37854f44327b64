// Where a stream of bytes goes that the user named: a file, opened before the first request, or standard output.

import FetchKit
import Glibc

/// An open descriptor and its name for messages.
struct OutputTarget: Sendable {
    let descriptor: CInt
    let name: String

    static let standardError = OutputTarget(descriptor: STDERR_FILENO, name: "standard error")
    static let standardOutput = OutputTarget(descriptor: STDOUT_FILENO, name: "standard output")

    /// Opens a file, or goes on at its end; `-` is standard output. A regular file is locked until the process ends or the
    /// descriptor is closed, and keeps what it has until `empty()`; one that is appended to may have other writers.
    ///
    /// Throws `Uncreatable`, also where another process has the file.
    init(file: String, appends: Bool = false, mode: mode_t = 0o666) throws {
        if file == "-" {
            self = .standardOutput
            return
        }
        while true {
            let flags = O_WRONLY | O_CREAT | (appends ? O_APPEND : 0) | O_CLOEXEC
            // A named pipe is open when it has a reader.
            let descriptor = PendingWrites.during { open(file, flags, mode) }
            if descriptor < 0 && errno == EINTR { continue }
            guard descriptor >= 0 else { throw Uncreatable(description: "cannot create \(file): \(String(cString: strerror(errno)))") }
            self.init(descriptor: descriptor, name: file)
            if appends || !isRegular { return }
            guard lock() else {
                close(descriptor)
                throw Uncreatable(description: "cannot write to \(file): it is in use by another process")
            }
            // The process that had the lock before may have put another file in its place.
            if hasItsName { return }
            close(descriptor)
        }
    }

    private init(descriptor: CInt, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Removes what was in a regular file before. Throws `Uncreatable`.
    func empty() throws {
        guard descriptor > STDERR_FILENO, isRegular, fcntl(descriptor, F_GETFL) & O_APPEND == 0 else { return }
        while ftruncate(descriptor, 0) != 0 {
            guard errno == EINTR else { throw Uncreatable(description: "cannot empty \(name): \(String(cString: strerror(errno)))") }
        }
    }

    var isRegular: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// False when another process has the lock (flock(2)). A file system without locks goes without.
    private func lock() -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            if errno != EINTR { break }
        }
        return true
    }

    private var hasItsName: Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(name, &named) == 0 && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
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

    /// An output that cannot be made; the run does not start.
    struct Uncreatable: Error, CustomStringConvertible {
        let description: String
    }
}
