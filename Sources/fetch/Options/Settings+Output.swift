// What the options about output mean for the run: which format, which files, and what must be kept of each outcome for them.

import FetchFormats
import ArgumentParser
import FetchKit
import Glibc

extension Settings {
    mutating func set(_ options: OutputOptions, _ files: FileOptions) throws {
        if options.ordered && options.unordered { throw ValidationError("--ordered and --unordered exclude each other.") }
        let format = options.format
        if options.ordered && format.order == .alwaysCompletion {
            throw ValidationError("--format \(format.name) has no order: leave --ordered away.")
        }
        output.isOrdered = options.ordered || (format.order == .input && !options.unordered)
        output.file = try Self.file(options.output, isOneOfSeveral: output.isOneOfSeveral)
        output.createsDirectories = options.createsDirectories
        output.maxFileSize = options.warcMaxSize?.bytes
        var made = FormatSettings(clock: { WallClock.now }, random: { .random(in: .min ... .max) })
        try set(files, format, &made, includesFailed: options.failWithBody)
        if files.continueAt != nil, template.headers.contains(where: { $0.name.lowercased() == "range" }) {
            throw ValidationError("-C - asks for ranges itself: leave -r away.")
        }
        let given: [(name: String, option: Format.Option, isGiven: Bool)] = [
            ("-w", .writeOut, options.writeOut != nil), ("--columns", .columns, options.columns != nil),
            ("--warc-max-size", .maxFileSize, options.warcMaxSize != nil),
        ]
        for (name, option, isGiven) in given where isGiven && !format.options.contains(option) {
            let formats = Format.all.filter { $0.options.contains(option) }.map(\.name)
            throw ValidationError("\(name) goes with --format \(formats.joined(separator: " and ")).")
        }
        if options.warcMaxSize != nil && output.file == nil { throw ValidationError("--warc-max-size needs -o FILE.") }
        if options.warcMaxSize?.bytes == 0 { throw ValidationError("--warc-max-size takes a size from 1 on.") }
        made.includesFailedBodies = options.failWithBody
        made.includesBodies = options.body
        made.savesBodies = output.directory != nil
        made.showsHeads = template.method == "HEAD"
        made.isOneOfSeveral = output.isOneOfSeveral
        made.columns = options.columns
        made.writeOut = try writeOut(options.writeOut)
        made.file = output.file
        made.userAgent = configuration.http.userAgent
        made.isTerminal = isatty(STDOUT_FILENO) == 1
        made.isErrorTerminal = isatty(STDERR_FILENO) == 1
        output.writeOutFiles = made.writeOut?.files ?? []
        do { output.format = try format.make(made) } catch { throw ValidationError("\(error)") }
        if output.isTerminal && format.refusesTerminal {
            throw ValidationError("A \(format.name) archive is nothing for a terminal: send it to a file (-o FILE) or a pipe.")
        }
        if output.directory != nil && !format.allowsBodyFiles {
            throw ValidationError("--format \(format.name) holds bodies itself: leave --output-dir away.")
        }
        provide(output.format.needs, hashes: options.sha256 || output.manifest != nil)
    }

    /// What the format and the files of bodies need of the run.
    private mutating func provide(_ needs: FormatNeeds, hashes: Bool) {
        configuration.recording.formUnion(needs.recording)
        // Whoever wants another version says so.
        if let version = needs.version, configuration.http.version == .automatic { configuration.http.version = version }
        configuration.bodies.areHashed = hashes || needs.hashes || output.directory?.template.needsBody ?? false
        output.directory?.hashes = hashes
        configuration.bodies.kept = output.directory?.bodies ?? needs.bodies
        if let directory = output.directory {
            configuration.bodies.streaming = .independently
            configuration.bodies.areContinued = directory.continues
            // What is to be continued must be on disk early.
            if directory.continues { configuration.bodies.streamingThreshold = 64 << 10 }
        } else if needs.streams {
            configuration.bodies.streaming = output.isOrdered ? .inInputOrder : .inCompletionOrder
        }
    }

    /// Where curl takes a file for each URL, there is one for all here: that must not go unnoticed.
    private static func file(_ names: [String], isOneOfSeveral: Bool) throws -> String? {
        guard let name = names.last, name != "-" else { return nil }
        if names.count > 1 { throw ValidationError("-o names the one file of the stream; for a file each there is --output-dir.") }
        if name.isEmpty { throw ValidationError("-o needs the name of a file.") }
        if isOneOfSeveral, name.contains(/#[0-9]/) {
            throw ValidationError("-o names one file for all; for a file each there is --output-dir with --name.")
        }
        return name
    }

    private mutating func set(_ options: FileOptions, _ format: Format, _ made: inout FormatSettings, includesFailed: Bool) throws {
        if let offset = options.continueAt, offset != "-" {
            throw ValidationError("-C takes \"-\": what is there decides where to go on.")
        }
        if options.continueAt != nil, options.outputDir == nil, !options.remoteName, let file = output.file {
            return try setContinuation(file, format)
        }
        guard options.outputDir != nil || options.remoteName else {
            if format.options.contains(.entryNames) { made.entryNames = try options.name.map { try FileSettings.template($0) } }
            let needing = [
                ("--name", options.name != nil && !format.options.contains(.entryNames)), ("--skip-existing", options.skipExisting),
                ("--no-clobber", options.noClobber),
                ("--shard-dirs", options.shardDirs), ("-R", options.remoteTime), ("-C", options.continueAt != nil),
                ("--manifest", options.manifest != nil),
            ]
            if let (name, _) = needing.first(where: \.1) { throw ValidationError("\(name) needs --output-dir or -O.") }
            return
        }
        if options.skipExisting && options.noClobber { throw ValidationError("--skip-existing and --no-clobber exclude each other.") }
        output.manifest = options.manifest
        var options = options
        if let file = output.file, format.options.contains(.bodyName) {
            // As with curl, a name below the directory.
            guard !output.isOneOfSeveral, options.name == nil, !options.remoteName else {
                throw ValidationError("-o names one file: with --output-dir it goes with a single URL, or with a --format of records.")
            }
            options.name = file.replacing("{", with: "{{").replacing("}", with: "}}")
            output.file = nil
        }
        output.directory = try FileSettings(options)
        if includesFailed { output.directory!.bodies = .all }
    }

    /// `-C - -o FILE`, as with curl: one body, of which the file may hold the first part.
    private mutating func setContinuation(_ file: String, _ format: Format) throws {
        guard format.options.contains(.bodyName), !output.isOneOfSeveral else {
            throw ValidationError("-C - with -o takes one URL and --format body; for several there is --output-dir.")
        }
        output.directory = try FileSettings(continuing: file)
        output.file = nil
    }

    private mutating func writeOut(_ text: String?) throws -> WriteOut? {
        guard let text else { return nil }
        // Of a file, curl takes no line ends: those of the output are written \n.
        let template =
            text.hasPrefix("@")
            ? try contents(ofFile: String(text.dropFirst()), limit: .text).filter { ![0x0A, 0x0D, 0].contains($0) } : Array(text.utf8)
        let writeOut = WriteOut(template)
        for name in writeOut.unknownNames {
            notice = (notice.map { $0 + "; " } ?? "") + "unknown --write-out variable: '\(name)'"
        }
        return writeOut
    }
}
