// The files of an archive: one, or one after the other as each gets full. Each is whole at any time, and an index lies beside them.

import FetchFormats
import FetchKit
import Glibc

/// Writes to the file at hand and knows where in it the next record begins.
final class ArchiveFile: Archive {
    private(set) var writer: DescriptorWriter
    /// The file at hand.
    private var path: String
    private let descriptor: CInt
    private let names: ArchiveNames
    private let maxSize: Int?
    private var number = 0
    private let index: CDXIndex?
    private var hasRecord = false
    /// The first file of several stays open, and locked: it stands for all of them.
    private var first: CInt = -1

    init(_ target: OutputTarget, index: OutputTarget?, names: ArchiveNames, maxSize: Int?, temporaryDirectory: String) {
        self.names = names
        self.maxSize = maxSize
        descriptor = target.descriptor
        writer = DescriptorWriter(target)
        path = target.name
        self.index = index.map { CDXIndex($0, path: names.index, temporaryDirectory: temporaryDirectory) }
    }

    deinit { if first >= 0 { close(first) } }

    /// Opens what becomes the index; nil where there is none: a pipe or a device has no offsets, and nothing belongs beside it.
    static func openIndex(_ names: ArchiveNames, of target: OutputTarget) throws -> OutputTarget? {
        guard target.isRegular, !target.name.hasPrefix("/dev/"), !target.name.hasPrefix("/proc/") else { return nil }
        return try OutputTarget(file: names.index + ".part")
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    var position: Int { writer.position }

    /// Opens the next file where the one at hand is full. To be called before a record.
    func next() throws -> DescriptorWriter? {
        guard let maxSize, hasRecord, writer.position >= maxSize else { return nil }
        try writer.settle()
        number += 1
        path = names.part(number)
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
        hasRecord = false
        return writer
    }

    func endRecord() { hasRecord = true }

    func note(_ line: [UInt8]) throws { try index?.add(line) }

    func finish() throws { try index?.finish() }
}
