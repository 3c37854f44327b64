// A file on its way. It bears its final name only when it is whole: until then it has a temporary name or, where a later run may
// go on with it, NAME.part.

import FetchFormats
import Glibc

/// A file that is being written. Given up without a word, a temporary one is removed, and a `.part` stays.
final class OpenFile {
    /// What it will be called.
    let path: SafePath
    /// Bytes so far; for a partial file with those that were there before.
    private(set) var size: Int
    private let directory: OutputDirectory
    private let folder: Folder
    private let temporaryName: String
    /// What the file was when it was opened.
    private let opened: stat
    private let isPartial: Bool
    /// -1 once closed.
    private(set) var descriptor: CInt
    /// It has its temporary name and nobody else has taken charge of it.
    private var isPending = true
    private var modificationTime: Int?
    /// The first thing that went wrong. What was lost once stays lost, whatever a second try says.
    private var failure: FileError?

    /// `opened` is what the file is by now; `isPartial` says that it was there before or will stay.
    init(
        _ path: SafePath, in directory: OutputDirectory, folder: Folder, temporaryName: String, descriptor: CInt, opened: stat,
        isPartial: Bool
    ) {
        self.path = path
        self.directory = directory
        self.folder = folder
        self.temporaryName = temporaryName
        self.descriptor = descriptor
        self.opened = opened
        self.isPartial = isPartial
        size = Int(opened.st_size)
    }

    deinit {
        if !isPartial { discard() }
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    /// Appends all bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        if let failure { throw failure }
        var rest = bytes
        while !rest.isEmpty {
            let count = PendingWrites.during { Glibc.write(descriptor, rest.baseAddress, rest.count) }
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                size += count
            } else if count == 0 || errno != EINTR {
                throw fail(count == 0 ? EIO : errno)
            }
        }
    }

    /// Starts a partial file anew, because the server did.
    func removeContents() throws(FileError) {
        if let failure { throw failure }
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw fail(errno) }
        size = 0
    }

    /// The time that the file shall show in the end. A file system that cannot keep it has its own.
    func setModificationTime(secondsSince1970 seconds: Int) { modificationTime = seconds }

    /// Closes the file and gives it its final name, or another one that only the body could tell. False when something has that
    /// name and is not to be replaced: the file is still there, and may be given another name.
    func commit(as newPath: SafePath? = nil, replacing: Bool) throws(FileError) -> Bool {
        if let failure { throw failure }
        precondition(isPending, "a file gets its name once")
        guard bearsItsName else {
            // Where the whole directory has gone, this is not about one file.
            try directory.makeDirectories(for: newPath ?? path)
            let error = FileError.unsafe(
                path: directory.text(of: isPartial ? path.partial : path),
                reason: "\(isPartial ? "it" : "its temporary file") was replaced while it was being written")
            failure = error
            throw error
        }
        try finish()
        guard try directory.move(temporaryName, from: folder, to: newPath ?? path, replacing: replacing) else { return false }
        isPending = false
        return true
    }

    /// Closes a partial file and leaves it to a later run.
    func keep() throws(FileError) {
        try finish()
        isPending = false
    }

    /// Removes what was written.
    func discard() {
        if isPending && bearsItsName { _ = unlinkat(folder.descriptor, temporaryName, 0) }
        isPending = false
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    private func finish() throws(FileError) {
        guard descriptor >= 0 else { return }
        if let modificationTime {
            // UTIME_OMIT (utimensat(2)) leaves the time of the last access alone.
            let times = [timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2), timespec(tv_sec: modificationTime, tv_nsec: 0)]
            _ = futimens(descriptor, times)
        }
        try close()
    }

    /// A partial file has a name that another URL can have for its own, and whoever may write to the directory can put something in
    /// the place of a temporary one: what bears the name now must be what was written.
    /// To be asked before the file is closed, because then its number can be another's.
    var bearsItsName: Bool {
        guard let named = folder.status(temporaryName) else { return false }
        return named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
    }

    private func close() throws(FileError) {
        let result = Glibc.close(descriptor)
        descriptor = -1
        // The descriptor is closed whatever close(2) says; NFS reports here what did not fit.
        guard result == 0 || errno == EINTR else { throw fail(errno) }
    }

    private func fail(_ errno: Int32) -> FileError {
        let error = FileError.failed(path: directory.text(of: path), operation: .write, errno: errno)
        failure = failure ?? error
        return error
    }
}
