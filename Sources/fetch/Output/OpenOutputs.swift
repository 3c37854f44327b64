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
    let statistics: OutputTarget?
    /// The files that the template of -w names.
    let writeOutFiles: [OutputTarget]
    /// What becomes the index of WARC files.
    let index: OutputTarget?
    let jar: CookieFile?

    /// Throws `OutputTarget.Uncreatable`.
    init(_ settings: OutputSettings) throws {
        // The directory first: when it cannot be, no file has been emptied for nothing.
        files = try settings.directory.map { try BodyFiles($0) }
        if settings.createsDirectories, let file = settings.file { try OutputTarget.makeDirectories(for: file) }
        target =
            try settings.file.map { try OutputTarget(file: settings.format == .warc ? WARCFormat.name(of: $0, settings.warcMaxSize) : $0) }
            ?? .standardOutput
        if settings.format == .warc, let file = settings.file {
            index = try WARCFiles.openIndex(of: file, target)
        } else {
            index = nil
        }
        manifest = try settings.manifest.map { try OutputTarget(file: $0) }
        statistics = try settings.statistics.map { $0 == "-" ? .standardError : try OutputTarget(file: $0) }
        // There a dash is a file like any other, because %{stdout} is there too.
        writeOutFiles =
            try settings.writeOut?.files.map { try OutputTarget(file: $0.name == "-" ? "./-" : $0.name, appends: $0.isAppended) } ?? []
        jar = try settings.cookieJar.map { try CookieFile($0) }
        // Only now, when all are ours.
        let opened = [target, index, manifest, statistics].compactMap(\.self) + writeOutFiles
        for output in opened { try output.empty() }
    }

    /// To be called on the thread that writes.
    func makeStream(
        _ settings: OutputSettings, _ report: Reporter.Style, _ configuration: Configuration, memory: BodyMemory, store: SpillStore,
        progress: Progress
    ) -> OutputStream {
        var report = report
        report.statistics = statistics
        return OutputStream(
            format: settings.makeFormat(self, isSaved: files != nil, configuration), isOrdered: settings.isOrdered,
            isTerminal: settings.isTerminal, writer: DescriptorWriter(target), files: files,
            manifest: manifest.map { Manifest(DescriptorWriter($0)) }, memory: memory, store: store,
            reporter: Reporter(report, RunFacts.Limits(configuration, isOrdered: settings.isOrdered), progress),
            progress: progress)
    }
}

extension OutputSettings {
    /// The format of the stream. `isSaved` says that bodies have files.
    fileprivate func makeFormat(_ outputs: OpenOutputs, isSaved: Bool, _ configuration: Configuration) -> any OutcomeFormat {
        switch format {
        case .body: withWriteOut(outputs, isSaved ? NoneFormat() : bodyFormat)
        case .none: withWriteOut(outputs, NoneFormat())
        case .jsonl: JSONLinesFormat(includesBody: includesBody)
        case .csv: CSVFormat(columns ?? Column.usual)
        case .tar: TarFormat(includesFailed: includesFailedBodies, template: entryNames, isOneOfSeveral: isOneOfSeveral)
        case .warc: WARCFormat(outputs.target, index: outputs.index, file: file, maxSize: warcMaxSize, configuration: configuration)
        case .har: HARFormat(includesBody: includesBody)
        }
    }

    private var bodyFormat: any OutcomeFormat {
        BodyFormat(isTerminal: isTerminal, isOneOfSeveral: isOneOfSeveral, includesFailed: includesFailedBodies, showsHeads: showsHeads)
    }

    private func withWriteOut(_ outputs: OpenOutputs, _ format: any OutcomeFormat) -> any OutcomeFormat {
        writeOut.map {
            WriteOutFormat($0, files: outputs.writeOutFiles, base: format, isFile: file != nil, isTerminal: isatty(STDOUT_FILENO) == 1)
        } ?? format
    }
}
