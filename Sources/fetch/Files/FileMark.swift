// Whose file a file is, kept with it as an extended attribute (xattr(7)), so that processes that share a directory give a URL one
// name. Where there are no such attributes, a file that is new belongs to somebody else.

import FetchFormats
import CLinux
import FetchKit
import Glibc

private let attribute = "user.fetch.origin"

/// The run that wrote a file, and the URL that it is of.
struct FileMark: Equatable {
    /// A number of the process's own.
    let run: String
    /// A hash: a URL may hold secrets.
    let url: String

    init(run: String, url: String) {
        self.run = run
        self.url = String(hexadecimal(SHA256.hash(Array(url.utf8))).prefix(16))
    }

    fileprivate init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2 else { return nil }
        run = String(parts[0])
        url = String(parts[1])
    }

    static func makeRun() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }

    fileprivate var bytes: [UInt8] { Array("\(run) \(url)".utf8) }
}

extension OpenFile {
    /// Notes the mark with the file, if the file system can.
    func remember(mark: FileMark) { _ = fsetxattr(descriptor, attribute, mark.bytes, mark.bytes.count, 0) }
}

extension OutputDirectory {
    /// The mark of a file; nil when it has none.
    func mark(of path: SafePath) -> FileMark? {
        guard let descriptor = try? open(path) else { return nil }
        defer { _ = close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = fgetxattr(descriptor, attribute, &bytes, bytes.count)
        return count > 0 ? FileMark(String(decoding: bytes[..<count], as: UTF8.self)) : nil
    }

    /// Marks a file that is there. It gets a new change time by that, also where it cannot be marked.
    func setMark(_ mark: FileMark, of path: SafePath) {
        if let descriptor = try? open(path) {
            defer { _ = close(descriptor) }
            if fsetxattr(descriptor, attribute, mark.bytes, mark.bytes.count, 0) == 0 { return }
        }
        touch(path)
    }
}
