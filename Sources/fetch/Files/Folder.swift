// A directory that is held open. Every call names a file by a folder's descriptor and one name in it, so that nothing that is
// planted or moved meanwhile can lead elsewhere.

internal import CLinux
import Glibc

/// What the kernel or the file system was found to lack.
struct KnownCalls {
    var openat2 = true
    var renameat2 = true
    var linkat = true
}

/// An open directory; closed with its last user.
final class Folder {
    let descriptor: CInt

    init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { _ = close(descriptor) }

    /// Opens a path below the folder without following any link, or fails like open(2). With old kernels only one component
    /// can be opened so.
    func open(_ path: String, _ flags: CInt, mode: mode_t = 0, _ known: inout KnownCalls) -> CInt {
        let flags = flags | O_NOFOLLOW | O_CLOEXEC
        if known.openat2 {
            let resolve = CLINUX_RESOLVE_BENEATH | CLINUX_RESOLVE_NO_SYMLINKS | CLINUX_RESOLVE_NO_MAGICLINKS
            while true {
                let result = clinux_openat2(descriptor, path, flags, mode, resolve)
                // EAGAIN: something was renamed meanwhile, so that the kernel could not tell whether it is beneath.
                if result < 0 && (errno == EINTR || errno == EAGAIN) { continue }
                // EPERM: from filters that do not know the call yet.
                if result >= 0 || (errno != ENOSYS && errno != EPERM) { return result }
                if errno == ENOSYS { known.openat2 = false }
                break
            }
        }
        guard path != "..", !path.utf8.contains(UInt8(ascii: "/")) else {
            errno = EXDEV
            return -1
        }
        while true {
            let result = openat(descriptor, path, flags, mode)
            if result >= 0 || errno != EINTR { return result }
        }
    }

    func openFolder(_ path: String, _ known: inout KnownCalls) -> Folder? {
        let result = open(path, O_RDONLY | O_DIRECTORY, &known)
        return result < 0 ? nil : Folder(result)
    }

    /// What a name stands for, links not followed; nil with `errno`.
    func status(_ name: String) -> stat? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    /// Gives a file a name that nothing has yet; false with `errno`, which is EEXIST when something has it.
    func moveWithoutReplacing(_ name: String, to folder: Folder, _ newName: String, _ known: inout KnownCalls) -> Bool {
        if known.renameat2 {
            if clinux_renameat2(descriptor, name, folder.descriptor, newName, UInt32(CLINUX_RENAME_NOREPLACE)) == 0 { return true }
            guard errno == EINVAL || errno == ENOSYS else { return false }
            known.renameat2 = false
        }
        if known.linkat {
            if linkat(descriptor, name, folder.descriptor, newName, 0) == 0 {
                _ = unlinkat(descriptor, name, 0)
                return true
            }
            guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS else { return false }
            known.linkat = false
        }
        // The file system has neither, as sshfs: an empty file of ours takes the name first.
        let claim = folder.open(newName, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666, &known)
        guard claim >= 0 else { return false }
        _ = close(claim)
        if renameat(descriptor, name, folder.descriptor, newName) == 0 { return true }
        let reason = errno
        _ = unlinkat(folder.descriptor, newName, 0)
        errno = reason
        return false
    }
}
