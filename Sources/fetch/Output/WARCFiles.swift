// The files that -o names: one, or one after the other with --warc-max-size; each is whole at any time, and an index lies beside them.

import FetchFormats
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
    /// The first file of several stays open, and locked: it stands for all of them.
    private var first: CInt = -1

    init(_ target: OutputTarget, index: OutputTarget?, file: String, maxSize: Int?, temporaryDirectory: String) {
        self.file = file
        self.maxSize = maxSize
        descriptor = target.descriptor
        writer = DescriptorWriter(target)
        path = target.name
        self.index = index.map { CDXIndex($0, path: Self.indexName(of: file), temporaryDirectory: temporaryDirectory) }
    }

    deinit { if first >= 0 { close(first) } }

    /// Opens what becomes the index; nil where there is none: a pipe or a device has no offsets, and nothing belongs beside it.
    static func openIndex(of file: String, _ target: OutputTarget) throws -> OutputTarget? {
        guard target.isRegular, !file.hasPrefix("/dev/"), !file.hasPrefix("/proc/") else { return nil }
        return try OutputTarget(file: indexName(of: file) + ".part")
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
        try writer.settle()
        number += 1
        path = Self.name(of: file, number: number)
        let next: OutputTarget
        do {
            next = try OutputTarget(file: path)
            try next.empty()
        } catch let error as OutputTarget.Uncreatable {
            throw OutputError.unusable(error.description)
        }
        defer { close(next.descriptor) }
        if first < 0 { first = fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
        // The descriptor stays the same, because others know it.
        guard dup2(next.descriptor, descriptor) >= 0 else { throw OutputError.failed(name: path, errno: errno) }
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
        try writer.settle()
        try index?.finish()
    }
}
