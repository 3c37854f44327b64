// What the options about output mean together: which format, which files, and what must be kept of each outcome for them.

import FetchFormats
import FetchKit

extension Draft {
    mutating func settleOutput() throws {
        output.isOrdered = isOrdered ?? (format.order == .input)
        output.file = try outputFile()
        output.isTerminal = output.file.map(surroundings.isTerminalFile) ?? surroundings.isTerminal(1)
        try settleFiles()
        try settleHeads()
        try makeFormat()
        provide(output.format.needs)
    }

    /// Where curl takes a file for each URL, there is one for all here: that must not go unnoticed.
    private func outputFile() throws -> String? {
        guard let name = outputs.last, name != "-" else { return nil }
        if outputs.count > 1 { throw UsageError("-o names the one file of all results; use --output-dir to write one file per URL") }
        if name.isEmpty { throw UsageError("-o needs the name of a file") }
        if output.isOneOfSeveral, name.contains(/#[0-9]/) {
            throw UsageError("-o names one file for all; use --output-dir with --name to write one file per URL")
        }
        return name
    }

    /// Heads stand before bodies in the stream, or go into a stream of their own.
    private mutating func settleHeads() throws {
        if output.failedLines == "-" { throw UsageError("--failed writes to a file; one that is called - is ./-") }
        let holdsBodies = format.options.contains(.heads) && output.directory == nil
        if includesHeads && !holdsBodies {
            throw UsageError("--include puts heads before the bodies of the stream, and there are none: use -D FILE")
        }
        if output.heads == "-" && output.file == nil {
            if holdsBodies {
                (includesHeads, output.heads) = (true, nil)
            } else if format.name != Format.none.name && !format.options.contains(.heads) {
                throw UsageError("-D - mixes heads with the records on standard output: use -D FILE")
            }
        }
        formatSettings.includesHeads = holdsBodies && (includesHeads || template.method == "HEAD")
    }

    private mutating func makeFormat() throws {
        if isOrdered == true && format.order == .alwaysCompletion {
            throw UsageError("--format \(format.name) has no order: leave --ordered away")
        }
        for (option, typed) in formatOptions where !format.options.contains(option) {
            let formats = Format.all.filter { $0.options.contains(option) }.map(\.name)
            throw UsageError("\(typed) goes with --format \(formats.joined(separator: " and "))")
        }
        if output.maxFileSize != nil && output.file == nil { throw UsageError("--warc-max-size needs -o FILE") }
        if output.isTerminal && format.refusesTerminal {
            throw UsageError("a \(format.name) archive cannot be shown on a terminal: send it to a file (-o FILE) or a pipe")
        }
        if output.directory != nil && !format.allowsBodyFiles {
            throw UsageError("--format \(format.name) holds bodies itself: leave --output-dir away")
        }
        formatSettings.savesBodies = output.directory != nil
        formatSettings.isOneOfSeveral = output.isOneOfSeveral
        formatSettings.file = output.file
        formatSettings.userAgent = configuration.http.userAgent
        output.writeOutFiles = formatSettings.writeOut?.files ?? []
        formatSettings.isTerminal = output.isTerminal
        formatSettings.isOutputTerminal = surroundings.isTerminal(1)
        formatSettings.isErrorTerminal = surroundings.isTerminal(2)
        formatSettings.areFilesTerminals = output.writeOutFiles.map { surroundings.isTerminalFile($0.name) }
        for name in formatSettings.writeOut?.unknownNames ?? [] { settings.tell("unknown --write-out variable: '\(name)'") }
        do { output.format = try format.make(formatSettings) } catch { throw UsageError("\(error)") }
    }

    /// What the format and the files of bodies need of the run.
    private mutating func provide(_ needs: FormatNeeds) {
        let hashes = wantsHashes || needs.hashes || output.manifest != nil
        configuration.recording.formUnion(needs.recording)
        // Whoever wants another version says so.
        if let version = needs.version, configuration.http.version == .automatic { configuration.http.version = version }
        configuration.bodies.areHashed = hashes || output.directory?.template.needsBody ?? false
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
}
