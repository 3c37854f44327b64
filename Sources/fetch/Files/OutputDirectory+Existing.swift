// What the directory holds from an earlier run, or from another program.

import FetchFormats
import Glibc

extension OutputDirectory {
    /// Opens what must be a regular file, to read it.
    func open(_ path: SafePath) throws(FileError) -> CInt {
        guard let folder = try folder(of: path, isMaking: false) else {
            throw .failed(path: text(of: path), operation: .open, errno: ENOENT)
        }
        let descriptor = folder.open(path.name, O_RDONLY | O_NONBLOCK | O_NOCTTY, &known)
        guard descriptor >= 0 else { throw .failed(path: text(of: path), operation: .open, errno: errno) }
        var status = stat()
        if fstat(descriptor, &status) == 0, FileStatus(status).isRegular { return descriptor }
        _ = close(descriptor)
        throw .unsafe(path: text(of: path), reason: "it is \(FileStatus(status).kindName)")
    }

    /// Throws when another process writes to `NAME.part` (flock(2)).
    func refuseLockedPart(of path: SafePath) throws(FileError) {
        guard let descriptor = try? open(path.partial) else { return }
        defer { _ = close(descriptor) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK { throw partInUse(path) }
    }

    func partInUse(_ path: SafePath) -> FileError { .unsafe(path: text(of: path.partial), reason: "another program is writing to it") }

    /// The path with other folders where files have their names.
    func unobstructed(_ path: SafePath) throws(FileError) -> SafePath {
        var path = path
        while true {
            do {
                _ = try folder(of: path, isMaking: false)
                return path
            } catch {
                guard case .obstructed(_, let depth) = error, path.components[depth].utf8.count < 250 else { throw error }
                path = path.sidestepping(depth)
            }
        }
    }

    /// Gives the file a new change time, and changes nothing else: chmod(2) to what it is.
    func touch(_ path: SafePath) {
        guard let folder = try? folder(of: path, isMaking: false), let status = folder.status(path.name) else { return }
        _ = fchmodat(folder.descriptor, path.name, status.st_mode & 0o7777, 0)
    }

    /// Turns a file that another program left unfinished into a part that can be continued.
    func makePartial(_ path: SafePath) throws(FileError) {
        guard let folder = try folder(of: path, isMaking: false), let status = folder.status(path.name), FileStatus(status).isRegular else {
            return
        }
        if !folder.moveWithoutReplacing(path.name, to: folder, path.partial.name, &known) {
            throw .failed(path: text(of: path), operation: .rename, errno: errno)
        }
    }
}
