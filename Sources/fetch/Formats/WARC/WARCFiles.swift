// The files that -o names: one, or one after the other with --warc-max-size; each is whole at any time, and an index lies beside them.

import FetchKit
import Glibc

/// Writes to the file at hand and knows where in it we are.
final class WARCFiles {
    private(set) var writer: DescriptorWriter
    /// The file at hand.
    private var path: String
    private let descriptor: CInt
    private let file: String
    private let maxSize: Int?
    private var number = 0
    private let index: CDXIndex?
    /// The file at hand has no record yet.
    private(set) var isNew = true

    init(_ target: OutputTarget, file: String, maxSize: Int?, temporaryDirectory: String) {
        self.file = file
        self.maxSize = maxSize
        descriptor = target.descriptor
        writer = DescriptorWriter(target)
        path = target.name
        var status = stat()
        // A pipe or a device has no offsets, and nothing belongs beside it.
        let isFile = fstat(target.descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        index =
            isFile && !file.hasPrefix("/dev/") && !file.hasPrefix("/proc/")
            ? CDXIndex(Self.indexName(of: file), temporaryDirectory: temporaryDirectory) : nil
    }

    /// The name of the file at hand, without folders.
    var name: String { Self.lastComponent(path) }

    /// Whether files of that name are packed: all but those that say they are not.
    static func compresses(_ file: String) -> Bool { !file.hasSuffix(".warc") }

    /// The name of one file of several.
    static func name(of file: String, number: Int) -> String {
        "\(stem(of: file))-\(digits(number, 5))\(compresses(file) ? ".warc.gz" : ".warc")"
    }

    /// The name of the index of all of them.
    static func indexName(of file: String) -> String { stem(of: file) + ".cdxj" }

    /// The name without what says that it is a WARC file.
    private static func stem(of file: String) -> String {
        for ending in [".warc.gz", ".warc", ".gz"] where file.hasSuffix(ending) && lastComponent(file) != ending {
            return String(file.dropLast(ending.count))
        }
        return file
    }

    private static func lastComponent(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Writes what `write` writes; when that fails, what was whole before is whole again.
    func write(_ write: (WARCFiles) throws -> Void) throws {
        do { try write(self) } catch {
            writer.abandon()
            throw error
        }
    }

    /// To be called before a capture: goes on to the next file when the one at hand is full.
    func makeRoom() throws {
        guard let maxSize, !isNew, writer.position >= maxSize else { return }
        try settle()
        number += 1
        path = Self.name(of: file, number: number)
        let next = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard next >= 0 else { throw OutputError.failed(name: path, errno: errno) }
        defer { close(next) }
        // The descriptor stays the same, because others know it.
        guard dup2(next, descriptor) >= 0 else { throw OutputError.failed(name: path, errno: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        writer = DescriptorWriter(descriptor, name: path)
        isNew = true
    }

    /// What was written up to here is of use without what follows.
    func endRecords() {
        writer.endRecord()
        isNew = false
    }

    /// Adds a line to the index for the record from `start` up to here.
    func note(_ entry: CDXEntry, from start: Int, digest: String) throws {
        // Of a record that is not packed, the two empty lines behind it do not count for other tools.
        let length = writer.position - start - (Self.compresses(file) ? 0 : 4)
        try index?.add(entry.line(digest: digest, length: length, offset: start, file: name))
    }

    func finish() throws {
        try settle()
        try index?.finish()
    }

    /// Some file systems say only when a file is closed that there was no room (close(2)); closing a copy of the descriptor is
    /// enough for that.
    private func settle() throws {
        try writer.flush()
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        if copy >= 0 && close(copy) != 0 && errno != EINTR { throw OutputError.failed(name: path, errno: errno) }
    }
}
