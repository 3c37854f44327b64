// Everything that a run writes to, opened before the first request: what cannot be made is an error of the command line, not of the
// first URL.

import FetchFormats
import FetchKit
import Glibc

/// The outputs of a run.
struct OpenOutputs: Sendable {
    let target: OutputTarget
    let files: BodyFiles?
    let manifest: OutputTarget?
    let heads: OutputTarget?
    let failedLines: OutputTarget?
    let statistics: OutputTarget?
    /// The files that the template of -w names.
    let writeOutFiles: [OutputTarget]
    /// What becomes the index of an archive.
    let index: OutputTarget?
    let jar: CookieFile?

    /// Throws `OutputTarget.Uncreatable`.
    init(_ settings: OutputSettings) throws {
        // The directory first: when it cannot be, no file has been emptied for nothing.
        files = try settings.directory.map { try BodyFiles($0) }
        if settings.createsDirectories, let file = settings.file { try OutputTarget.makeDirectories(for: file) }
        let target = try settings.firstFile.map { try OutputTarget(file: $0) } ?? .standardOutput
        index = try settings.format.needs.archive.flatMap { try ArchiveFile.openIndex($0, of: target) }
        manifest = try settings.manifest.map { try OutputTarget(file: $0) }
        heads = try settings.heads.map { try OutputTarget(file: $0) }
        // URLs and headers may have passwords: nobody else may read a new file.
        failedLines = try settings.failedLines.map { try OutputTarget(file: $0, mode: 0o600) }
        statistics = try settings.statistics.map { $0 == "-" ? .standardError : try OutputTarget(file: $0) }
        // There a dash is a file like any other, because %{stdout} is there too.
        writeOutFiles = try settings.writeOutFiles.map { try OutputTarget(file: $0.name == "-" ? "./-" : $0.name, appends: $0.isAppended) }
        jar = try settings.cookieJar.map { try CookieFile($0) }
        self.target = target
        // Only now, when all are ours.
        let opened = [target, index, manifest, heads, failedLines, statistics].compactMap(\.self) + writeOutFiles
        for output in opened { try output.empty() }
    }

    /// To be called on the thread that writes.
    func makeStream(
        _ settings: OutputSettings, _ report: Reporter.Style, _ configuration: Configuration, memory: BodyMemory, store: SpillStore,
        progress: Progress
    ) -> OutputStream {
        var report = report
        report.statistics = statistics
        let archive = settings.format.needs.archive.map {
            ArchiveFile(
                target, index: index, names: $0, maxSize: settings.maxFileSize, temporaryDirectory: configuration.bodies.spillDirectory)
        }
        let writers = Writers(target, archive: archive, files: writeOutFiles, progress: progress)
        return OutputStream(
            format: settings.format, isOrdered: settings.isOrdered, isTerminal: settings.isTerminal, writers: writers, files: files,
            manifest: manifest.map { Manifest(DescriptorWriter($0)) },
            heads: heads.map { HeadStream(writers.writer(for: $0), line: ReorderBuffer(memory: memory, store: store)) },
            failedLines: failedLines.map { FailedLines(DescriptorWriter($0)) }, line: ReorderBuffer(memory: memory, store: store),
            reporter: Reporter(report, RunFacts.Limits(configuration, isOrdered: settings.isOrdered), progress), progress: progress)
    }
}
