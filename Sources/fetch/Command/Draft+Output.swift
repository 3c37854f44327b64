// What the options about output mean together: which files, and what must be kept of each outcome for them.

import FetchFormats
import FetchKit

extension Draft {
    mutating func settleOutput() throws {
        output.isOrdered = isOrdered ?? output.format.isOrdered
        output.file = try outputFile()
        output.isTerminal = output.file == nil && surroundings.isTerminal(1)
        try settleFiles()
        try settleWriteOut()
        try settleColumns()
        try settleWARC()
        if output.manifest != nil { configuration.bodies.areHashed = true }
        if configuration.bodies.areHashed { output.directory?.hashes = true }
        // Names that hold the hash of the body need no hash of the file.
        if output.directory?.template.needsBody ?? output.entryNames?.needsBody ?? false {
            configuration.bodies.areHashed = true
        }
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

    private mutating func settleWriteOut() throws {
        guard let writeOut else { return }
        guard [.body, .none].contains(output.format) else { throw UsageError("-w goes with --format body and none") }
        let parsed = WriteOut(writeOut)
        output.writeOut = parsed
        configuration.recording.formUnion(parsed.recording)
        for name in parsed.unknownNames { settings.tell("unknown --write-out variable: '\(name)'") }
    }

    private mutating func settleColumns() throws {
        guard let columns else { return }
        guard output.format == .csv else { throw UsageError("--columns goes with --format csv") }
        do {
            output.columns = try columns.split(separator: ",").map { name throws(UnknownColumn) in try Column(String(name)) }
        } catch {
            throw UsageError("--columns: \(error)")
        }
        if output.columns!.isEmpty { throw UsageError("--columns needs the name of one column at least") }
    }

    private mutating func settleWARC() throws {
        guard output.format == .warc else {
            if output.warcMaxSize != nil { throw UsageError("--warc-max-size goes with --format warc") }
            return
        }
        if isOrdered == true { throw UsageError("a WARC file has no order: leave --ordered away") }
        if output.directory != nil { throw UsageError("a WARC file holds bodies itself: leave --output-dir away") }
        if output.warcMaxSize != nil && output.file == nil { throw UsageError("--warc-max-size needs -o FILE") }
        configuration.recording.formUnion([.connection, .requests, .wire])
        // The standard knows HTTP/1.1 only; whoever wants HTTP/2 says so.
        if configuration.http.version == .automatic { configuration.http.version = .http1_1 }
    }

    /// Which bodies are needed, and in which way they come.
    mutating func settleBodies() throws {
        if output.isTerminal, [.tar, .warc].contains(output.format) {
            throw UsageError("a \(output.format.rawValue) archive cannot be shown on a terminal: send it to a file (-o FILE) or a pipe")
        }
        if output.format == .har { configuration.recording.formUnion([.connection, .requests]) }
        switch output.format {
        case _ where output.directory != nil: configuration.bodies.kept = output.includesFailedBodies ? .all : .successful
        case .none, .warc: configuration.bodies.kept = .none
        case .jsonl, .har: configuration.bodies.kept = output.includesBody ? .all : .none
        case .csv: configuration.bodies.kept = output.columns?.contains { $0.needsBody } ?? false ? .all : .none
        case .tar, .body: configuration.bodies.kept = output.includesFailedBodies ? .all : .successful
        }
        if let directory = output.directory {
            configuration.bodies.streaming = .independently
            configuration.bodies.areContinued = directory.continues
            // What is to be continued must be on disk early.
            if directory.continues { configuration.bodies.streamingThreshold = 64 << 10 }
            output.includesBody = false
        } else if output.format == .body && !output.isTerminal {
            configuration.bodies.streaming = output.isOrdered ? .inInputOrder : .inCompletionOrder
        }
    }
}
