// What the options about output mean for the run: which format, which files, and what must be kept of each outcome for them.

import FetchFormats
import ArgumentParser
import FetchKit
import Glibc

extension Settings {
    mutating func set(_ options: OutputOptions, _ files: FileOptions) throws {
        if options.ordered && options.unordered { throw ValidationError("--ordered and --unordered exclude each other.") }
        output.format = options.format
        output.isOrdered = options.ordered || (options.format.isOrdered && !options.unordered)
        output.includesFailedBodies = options.failWithBody
        output.includesBody = options.body
        output.showsHeads = template.method == "HEAD"
        output.file = try Self.file(options.output, isOneOfSeveral: output.isOneOfSeveral)
        output.createsDirectories = options.createsDirectories
        output.warcMaxSize = options.warcMaxSize?.bytes
        try set(files)
        if files.continueAt != nil, template.headers.contains(where: { $0.name.lowercased() == "range" }) {
            throw ValidationError("-C - asks for ranges itself: leave -r away.")
        }
        try setWriteOut(options)
        try setColumns(options)
        try setWARC(options)
        if options.sha256 || output.manifest != nil {
            configuration.bodies.areHashed = true
            output.directory?.hashes = true
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

    private mutating func set(_ options: FileOptions) throws {
        if let offset = options.continueAt, offset != "-" {
            throw ValidationError("-C takes \"-\": what is there decides where to go on.")
        }
        if options.continueAt != nil, options.outputDir == nil, !options.remoteName, let file = output.file {
            return try setContinuation(file)
        }
        guard options.outputDir != nil || options.remoteName else {
            if output.format == .tar, let name = options.name {
                output.entryNames = try FileSettings.template(name)
                if output.entryNames!.needsBody { configuration.bodies.areHashed = true }
            }
            let needing = [
                ("--name", options.name != nil && output.format != .tar), ("--skip-existing", options.skipExisting),
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
        if let file = output.file, output.format == .body {
            // As with curl, a name below the directory.
            guard !output.isOneOfSeveral, options.name == nil, !options.remoteName else {
                throw ValidationError("-o names one file: with --output-dir it goes with a single URL, or with a --format of records.")
            }
            options.name = file.replacing("{", with: "{{").replacing("}", with: "}}")
            output.file = nil
        }
        output.directory = try FileSettings(options)
        output.directory!.includesFailed = output.includesFailedBodies
        if output.directory!.template.needsBody { configuration.bodies.areHashed = true }
    }

    /// `-C - -o FILE`, as with curl: one body, of which the file may hold the first part.
    private mutating func setContinuation(_ file: String) throws {
        guard output.format == .body, !output.isOneOfSeveral else {
            throw ValidationError("-C - with -o takes one URL and --format body; for several there is --output-dir.")
        }
        output.directory = try FileSettings(continuing: file)
        output.file = nil
    }

    private mutating func setWriteOut(_ options: OutputOptions) throws {
        guard let text = options.writeOut else { return }
        guard [.body, .none].contains(options.format) else { throw ValidationError("-w goes with --format body and none.") }
        // Of a file, curl takes no line ends: those of the output are written \n.
        let template =
            text.hasPrefix("@")
            ? try contents(ofFile: String(text.dropFirst()), limit: .text).filter { ![0x0A, 0x0D, 0].contains($0) } : Array(text.utf8)
        let writeOut = WriteOut(template)
        output.writeOut = writeOut
        configuration.recording.formUnion(writeOut.recording)
        for name in writeOut.unknownNames {
            notice = (notice.map { $0 + "; " } ?? "") + "unknown --write-out variable: '\(name)'"
        }
    }

    private mutating func setColumns(_ options: OutputOptions) throws {
        guard let list = options.columns else { return }
        guard options.format == .csv else { throw ValidationError("--columns goes with --format csv.") }
        do { output.columns = try list.split(separator: ",").map { try Column(String($0)) } } catch { throw ValidationError("\(error)") }
        if output.columns!.isEmpty { throw ValidationError("--columns needs the name of one column at least.") }
    }

    private mutating func setWARC(_ options: OutputOptions) throws {
        guard options.format == .warc else {
            if options.warcMaxSize != nil { throw ValidationError("--warc-max-size goes with --format warc.") }
            return
        }
        if options.ordered { throw ValidationError("A WARC file has no order: leave --ordered away.") }
        if output.directory != nil { throw ValidationError("A WARC file holds bodies itself: leave --output-dir away.") }
        if options.warcMaxSize != nil && output.file == nil { throw ValidationError("--warc-max-size needs -o FILE.") }
        if options.warcMaxSize?.bytes == 0 { throw ValidationError("--warc-max-size takes a size from 1 on.") }
        configuration.recording.formUnion([.connection, .requests, .wire])
        // The standard knows HTTP/1.1 only; whoever wants HTTP/2 says so.
        if configuration.http.version == .automatic { configuration.http.version = .http1_1 }
    }

    /// Which bodies are needed, and in which way they come.
    mutating func setBodies() throws {
        if output.isTerminal, [.tar, .warc].contains(output.format) {
            throw ValidationError("A \(output.format.rawValue) archive is nothing for a terminal: send it to a file (-o FILE) or a pipe.")
        }
        if output.format == .har { configuration.recording.formUnion([.connection, .requests]) }
        let isSaved = output.directory != nil
        switch output.format {
        case _ where isSaved: configuration.bodies.kept = output.includesFailedBodies ? .all : .successful
        case .none, .warc: configuration.bodies.kept = .none
        case .jsonl, .har: configuration.bodies.kept = output.includesBody ? .all : .none
        case .csv: configuration.bodies.kept = output.columns?.contains { $0.needsBody } ?? false ? .all : .none
        case .tar, .body: configuration.bodies.kept = output.includesFailedBodies ? .all : .successful
        }
        if isSaved {
            configuration.bodies.streaming = .independently
            configuration.bodies.areContinued = output.directory!.continues
            // What is to be continued must be on disk early.
            if configuration.bodies.areContinued { configuration.bodies.streamingThreshold = 64 << 10 }
            output.includesBody = false
        } else if output.format == .body && !output.isTerminal {
            configuration.bodies.streaming = output.isOrdered ? .inInputOrder : .inCompletionOrder
        }
    }
}
