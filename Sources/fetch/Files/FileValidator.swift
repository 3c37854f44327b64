// Which version of a body a file holds a part of, so that the rest can be asked for and nothing else is put behind it. Kept with the
// file as an extended attribute (xattr(7)), where there are such; the time of the file has to do elsewhere.

import FetchFormats
import CLinux
import FetchKit
import Glibc

private let attribute = "user.fetch.validator"
private let mostBytes = 1024

extension OpenFile {
    /// Remembers the version with the file, or that nobody knows it, if the file system can.
    func remember(validator: String?) {
        let bytes = Array((validator ?? "").utf8)
        _ = fsetxattr(descriptor, attribute, bytes, bytes.count <= mostBytes ? bytes.count : 0, 0)
    }
}

extension OutputDirectory {
    /// The version that the file remembers: nil when it remembers nothing, empty when nobody knew.
    func validator(of path: SafePath) -> String? {
        guard let descriptor = try? open(path) else { return nil }
        defer { _ = close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: mostBytes)
        let count = fgetxattr(descriptor, attribute, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return isFieldValue(text) ? text : ""
    }

    /// The hash of all that is in the file.
    func sha256(of path: SafePath) throws(FileError) -> [UInt8] {
        let descriptor = try open(path)
        defer { _ = close(descriptor) }
        let hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return hash.finish() }
            if count > 0 {
                buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            } else if errno != EINTR {
                throw .failed(path: text(of: path), operation: .read, errno: errno)
            }
        }
    }
}
