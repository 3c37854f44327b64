// The descriptors that the formats' outlets are made of.

import FetchFormats
import FetchKit
import Glibc

/// What a format writes to. Lives on the output's thread.
struct Writers {
    private(set) var stream: DescriptorWriter
    private let archive: ArchiveFile?
    /// Standard output where the stream is a file, and the files that the template of -w names.
    private let others: [DescriptorWriter]
    private let standardOutput: DescriptorWriter?
    private(set) var outlets: Outlets

    init(_ target: OutputTarget, archive: ArchiveFile?, files: [OutputTarget], progress: Progress) {
        self.archive = archive
        stream = archive?.writer ?? DescriptorWriter(target)
        let files = files.map { DescriptorWriter($0) }
        standardOutput = target.descriptor == OutputTarget.standardOutput.descriptor ? nil : DescriptorWriter(.standardOutput)
        others = files + [standardOutput].compactMap(\.self)
        outlets = Outlets(
            stream: stream, standardOutput: standardOutput, standardError: StandardError(progress), files: files, archive: archive)
    }

    /// The one that writes to the target: no descriptor has two.
    func writer(for target: OutputTarget) -> DescriptorWriter {
        target.descriptor == STDOUT_FILENO ? standardOutput ?? stream : DescriptorWriter(target)
    }

    /// Goes on to the next file of an archive where the one at hand is full. True when that is new.
    mutating func makeRoom() throws -> Bool {
        guard let next = try archive?.next() else { return false }
        stream = next
        outlets.stream = next
        return true
    }

    /// What was written up to here is of use without what follows.
    func endRecord() {
        stream.endRecord()
        archive?.endRecord()
    }

    func flushOthers() throws { for writer in others { try writer.flush() } }

    /// The stream has got its end: waits until all is written.
    func finish() throws {
        try stream.settle()
        try archive?.finish()
        for writer in others { try writer.close() }
    }
}

/// As with every other line for people: when nobody can read it, the run goes on.
private final class StandardError: ByteSink {
    private let progress: Progress

    init(_ progress: Progress) { self.progress = progress }

    func write(_ bytes: UnsafeRawBufferPointer) {
        progress.write(Array(bytes))
        progress.flush()
    }
}
