// Whole files, for bodies and headers. Small ones, read once, before they are needed.

import FetchKit
import Glibc

/// How many bytes a file may have. One without an end, such as `/dev/zero`, would fill the memory.
enum FileLimit: Int {
    /// Options, headers, templates, passwords.
    case text = 0x10_0000
    case cookies = 0x1000_0000
    /// What is sent.
    case body = 0x4000_0000

    var description: String { self == .text ? "1 MiB" : self == .cookies ? "256 MiB" : "1 GiB" }
}

/// A named file that cannot be used; the run does not start.
struct UnreadableFile: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A file to send, as a line of a list names it. It is no pipe, terminal or device: a list must not be able to hold up the program.
@Sendable func bodyOfFile(named name: String) throws(InvalidURL) -> RequestBody {
    do { return try .file(name) } catch { throw InvalidURL(reason: error.description) }
}

/// The bytes of a file; `-` is standard input. Throws for one that is larger than `limit`.
func contents(ofFile name: String, limit: FileLimit) throws(UnreadableFile) -> [UInt8] {
    let descriptor = name == "-" ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw UnreadableFile("cannot read \(name): \(String(cString: strerror(errno)))") }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    let tooLarge = UnreadableFile("cannot read \(name == "-" ? "standard input" : name): it is larger than \(limit.description)")
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_size > limit.rawValue { throw tooLarge }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = read(descriptor, &block, block.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw UnreadableFile("cannot read \(name): \(String(cString: strerror(errno)))") }
        if count == 0 { return bytes }
        guard bytes.count + count <= limit.rawValue else { throw tooLarge }
        bytes += block[..<count]
    }
}
