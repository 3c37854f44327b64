// --output-dir: the only way from a safe path to a file. The directory is opened once; what somebody puts into it, a link, a pipe,
// a folder of the wrong name, is never followed, opened or replaced.

import FetchFormats
import Glibc

/// A directory that files are written into. Not Sendable: one thread writes all files.
final class OutputDirectory {
    /// As the user wrote it, for messages.
    private let path: String
    private let root: Folder
    /// Where the last file went: the next one mostly goes there too.
    private var last: (path: String, folder: Folder)?
    private var temporaryCount = 0
    /// Not private, so that tests can play an old kernel.
    var known = KnownCalls()

    /// Opens the directory. It and those above it are made where they are missing; links among them are the user's own.
    init(_ path: String) throws(FileError) {
        self.path = path.count > 1 && path.last == "/" ? String(path.dropLast()) : path
        var descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 && errno == ENOENT && !path.isEmpty {
            try Self.makeDirectory(path)
            descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard descriptor >= 0 else { throw .failed(path: path, operation: .open, errno: errno) }
        root = Folder(descriptor)
    }

    private static func makeDirectory(_ path: String) throws(FileError) {
        let bytes = Array(path.utf8)
        for end in bytes.indices.dropFirst() where bytes[end] == UInt8(ascii: "/") {
            // Only the last failure counts: a directory above may exist and be read-only.
            _ = mkdir(String(decoding: bytes[..<end], as: UTF8.self), 0o777)
        }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .failed(path: path, operation: .makeDirectory, errno: errno) }
    }

    /// Makes the folders that the file will be in.
    func makeDirectories(for path: SafePath) throws(FileError) { _ = try madeFolder(of: path) }

    /// A new file under a temporary name beside the final one, which it gets with `OpenFile.commit`.
    func create(_ path: SafePath) throws(FileError) -> OpenFile {
        for _ in 0..<100 {
            let folder = try madeFolder(of: path)
            temporaryCount += 1
            let name = temporaryName(for: path.name)
            let descriptor = folder.open(name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666, &known)
            if descriptor >= 0 {
                var status = stat()
                let result = fstat(descriptor, &status)
                let file = OpenFile(
                    path, in: self, folder: folder, temporaryName: name, descriptor: descriptor, opened: status, isPartial: false)
                guard result == 0 else { throw .failed(path: text(of: path), operation: .open, errno: errno) }
                return file
            }
            if errno == ENOENT && forget(folder) { continue }
            // Left by a process that had our number and was killed.
            if errno != EEXIST { break }
        }
        throw .failed(path: text(of: path), operation: .create, errno: errno)
    }

    /// `NAME.part`, new or as an earlier run left it, to write on at its end.
    func openPartial(_ path: SafePath) throws(FileError) -> OpenFile {
        let partial = path.partial
        for attempt in 0..<100 {
            let folder = try madeFolder(of: path)
            // Asked before it is opened, because opening a pipe or a device does something.
            if let status = folder.status(partial.name) { try refuse(status, partial) }
            let descriptor = folder.open(partial.name, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY, mode: 0o666, &known)
            if descriptor < 0 {
                if errno == ENOENT && forget(folder) { continue }
                break
            }
            // Two who write on at its end would make something of it that neither of them meant (flock(2)).
            let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
            var status = stat()
            let result = fstat(descriptor, &status)
            let file = OpenFile(
                path, in: self, folder: folder, temporaryName: partial.name, descriptor: descriptor, opened: status, isPartial: true)
            guard result == 0 else { throw .failed(path: text(of: partial), operation: .open, errno: errno) }
            // One that only asks (`refuseLockedPart`) has the lock for a moment.
            if !isLocked && attempt < 5 {
                usleep(1000)
                continue
            }
            guard isLocked else { throw partInUse(path) }
            // The one that had the lock has made a whole file of it meanwhile.
            guard file.bearsItsName else { continue }
            try refuse(status, partial)
            return file
        }
        throw .failed(path: text(of: partial), operation: .open, errno: errno)
    }

    /// What is there under the name; nil when nothing is.
    func status(_ path: SafePath) throws(FileError) -> FileStatus? {
        guard let folder = try folder(of: path, isMaking: false) else { return nil }
        if let status = folder.status(path.name) { return FileStatus(status) }
        if errno == ENOENT { return nil }
        throw .failed(path: text(of: path), operation: .read, errno: errno)
    }

    /// Removes the file, or the link or pipe, that has the name, if there is one.
    func remove(_ path: SafePath) throws(FileError) {
        guard let folder = try folder(of: path, isMaking: false) else { return }
        guard unlinkat(folder.descriptor, path.name, 0) < 0 && errno != ENOENT else { return }
        if errno == EISDIR { throw .unsafe(path: text(of: path), reason: "it is a directory") }
        throw .failed(path: text(of: path), operation: .remove, errno: errno)
    }

    /// Gives a finished file its name. False when something has the name and is not to be replaced.
    func move(_ name: String, from folder: Folder, to path: SafePath, replacing: Bool) throws(FileError) -> Bool {
        let destination = try madeFolder(of: path)
        if replacing {
            // A link or a pipe would only be replaced, not followed; but whoever put it there meant something.
            if let status = destination.status(path.name), status.st_mode & S_IFMT != S_IFREG {
                throw .unsafe(path: text(of: path), reason: "it is \(FileStatus(status).kindName)")
            }
            if renameat(folder.descriptor, name, destination.descriptor, path.name) == 0 { return true }
        } else {
            if folder.moveWithoutReplacing(name, to: destination, path.name, &known) { return true }
            if errno == EEXIST { return false }
        }
        throw .failed(path: text(of: path), operation: .rename, errno: errno)
    }

    /// The path as messages name it.
    func text(of path: SafePath) -> String { text(of: path.components[...]) }

    private func text(of components: ArraySlice<String>) -> String {
        "\(path == "/" ? "" : path)/\(components.joined(separator: "/"))"
    }

    // MARK: Folders

    private func madeFolder(of path: SafePath) throws(FileError) -> Folder {
        guard let folder = try folder(of: path, isMaking: true) else {
            throw .failed(path: text(of: path.folders), operation: .makeDirectory, errno: ENOENT)
        }
        return folder
    }

    func folder(of path: SafePath, isMaking: Bool) throws(FileError) -> Folder? {
        if path.folders.isEmpty { return root }
        let text = path.folders.joined(separator: "/")
        // Byte by byte: two folders may differ in nothing but their Unicode normalisation.
        if let last, last.path.utf8.elementsEqual(text.utf8) { return last.folder }
        var folder = known.openat2 ? root.openFolder(text, &known) : nil
        // Whatever was wrong, step by step it is found out where.
        if folder == nil { folder = try walk(path.folders, isMaking: isMaking) }
        guard let folder else { return nil }
        last = (text, folder)
        return folder
    }

    private func walk(_ names: ArraySlice<String>, isMaking: Bool) throws(FileError) -> Folder? {
        var folder = root
        for (position, name) in zip(names.indices, names) {
            var next = folder.openFolder(name, &known)
            if next == nil && errno == ENOENT {
                guard isMaking else { return nil }
                guard mkdirat(folder.descriptor, name, 0o777) == 0 || errno == EEXIST else {
                    throw .failed(path: text(of: names[...position]), operation: .makeDirectory, errno: errno)
                }
                next = folder.openFolder(name, &known)
            }
            guard let next else {
                let reason = errno
                let text = text(of: names[...position])
                if let status = folder.status(name).map(FileStatus.init), !status.isDirectory {
                    if status.isRegular { throw .obstructed(path: text, depth: position - names.startIndex) }
                    throw .unsafe(path: text, reason: "it is \(status.kindName) where a directory should be")
                }
                throw .failed(path: text, operation: .open, errno: reason)
            }
            folder = next
        }
        return folder
    }

    /// Whether it is worth while to look for the folder again: it was remembered, and is gone since.
    private func forget(_ folder: Folder) -> Bool {
        defer { if last?.folder === folder { last = nil } }
        return last?.folder === folder
    }

    // MARK: Files

    private func refuse(_ status: stat, _ path: SafePath) throws(FileError) {
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unsafe(path: text(of: path), reason: "it is \(FileStatus(status).kindName)")
        }
        guard status.st_nlink == 1 else {
            throw .unsafe(path: text(of: path), reason: "it has a second name, so that another file would change with it")
        }
    }

    /// `.NAME-PID.COUNT-part`: hidden, so that no safe path has the same name. As much of the name as fits.
    private func temporaryName(for name: String) -> String {
        let end = "-\(getpid()).\(temporaryCount)-part"
        let bytes = Array(name.utf8)
        var length = min(bytes.count, 254 - end.utf8.count)
        while length < bytes.count && bytes[length] & 0xC0 == 0x80 { length -= 1 }
        return ".\(String(decoding: bytes[..<length], as: UTF8.self))\(end)"
    }
}
