// What can be wrong with a file or with all of them, in words for the person at the terminal.

import Glibc

/// Why a file cannot be written.
enum FileError: Error, Equatable, CustomStringConvertible {
    enum Operation: String {
        case open, create, read
        case makeDirectory = "make the directory"
        case write = "write to"
        case rename = "give its name to"
        case remove
    }

    /// A call failed.
    case failed(path: String, operation: Operation, errno: Int32)
    /// A file has the name of a folder of the path, the one that many folders down.
    case obstructed(path: String, depth: Int)
    /// Something is in the way that no file may replace and no path may lead through.
    case unsafe(path: String, reason: String)

    /// Whether other files will fare no better: the disk is full, the directory is gone or not ours to write to. What is not
    /// known to be about one name is taken to be about all.
    var isFatal: Bool {
        switch self {
        case .unsafe, .obstructed: false
        case .failed(_, _, let errno):
            switch errno {
            case ENAMETOOLONG, EISDIR, ENOTDIR, ELOOP, EEXIST, ENOTEMPTY: false
            // What this file system calls no name, a file that is too large for it, a folder that is another file system,
            // and a pipe that came in between.
            case EILSEQ, EINVAL, EFBIG, EXDEV, ETXTBSY, ENXIO: false
            default: true
            }
        }
    }

    var description: String {
        switch self {
        case .failed(let path, let operation, let errno): "cannot \(operation.rawValue) \(path): \(String(cString: strerror(errno)))"
        case .obstructed(let path, _): "will not write to \(path): it is a file where a directory should be"
        case .unsafe(let path, let reason): "will not write to \(path): \(reason)"
        }
    }
}

/// What a file is, as far as files of ours care.
struct FileStatus {
    /// A time of the file system, since 1970.
    struct Time: Hashable, Comparable {
        let seconds: Int
        let nanoseconds: Int

        static func < (a: Time, b: Time) -> Bool { (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds) }
    }

    let size: Int
    let modificationTime: Time
    let changeTime: Time
    private let kind: mode_t

    init(_ status: stat) {
        size = Int(status.st_size)
        modificationTime = Time(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        changeTime = Time(seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec)
        kind = status.st_mode & S_IFMT
    }

    var isRegular: Bool { kind == S_IFREG }
    var isDirectory: Bool { kind == S_IFDIR }

    /// With its article.
    var kindName: String {
        switch kind {
        case S_IFREG: "a file"
        case S_IFDIR: "a directory"
        case S_IFLNK: "a symbolic link"
        case S_IFIFO: "a named pipe"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }
}
