// What the output thread does with each item: give the body its file, place the record in the line, write it, and say on standard
// error what a person should know. Lives on that thread alone.

import FetchFormats
import FetchKit
import Glibc

/// One stream of records in one format, the files of bodies beside it, and the remarks on standard error.
struct OutputStream {
    private let format: any OutcomeFormat
    private let isOrdered: Bool
    private var writers: Writers
    private let files: BodyFiles?
    private let manifest: Manifest?
    private var heads: HeadStream?
    private let failedLines: FailedLines?
    private var line: ReorderBuffer
    private var reporter: Reporter
    /// Position of the next outcome when the order is that of arrival.
    private var arrivals = 0
    /// Position of the body that streams.
    private var streaming: Int?
    private var hasRecords = false
    /// The stream has got its end, and people their report.
    private var hasTrailer = false
    private var hasReported = false
    private let isTerminal: Bool
    private let progress: Progress
    /// Outcomes that went well until their body could not be saved.
    private(set) var failures = 0

    init(
        format: any OutcomeFormat, isOrdered: Bool, isTerminal: Bool, writers: Writers, files: BodyFiles?, manifest: Manifest?,
        heads: HeadStream?, failedLines: FailedLines?, line: ReorderBuffer, reporter: Reporter, progress: Progress
    ) {
        self.format = format
        self.isOrdered = isOrdered
        self.isTerminal = isTerminal
        self.writers = writers
        self.files = files
        self.manifest = manifest
        self.heads = heads
        self.failedLines = failedLines
        self.line = line
        self.reporter = reporter
        self.progress = progress
    }

    /// The descriptor whose reader may leave; -1 when nothing is ever written to it.
    var watchedDescriptor: CInt { format.needs.writes ? writers.stream.descriptor : -1 }

    var hasRoom: Bool { line.hasRoom && heads?.hasRoom ?? true }

    mutating func start() throws {
        try format.encodeHead(into: writers.outlets)
        guard writers.stream.hasBuffered else { return }
        try writers.stream.flush(trailer: format.trailer)
        writers.stream.endRecord()
    }

    mutating func write(_ item: Output.Item) throws {
        switch item {
        case .outcome(let outcome):
            try place(outcome)
        case .begin(let outcome):
            if let files { return try files.begin(outcome) }
            let position = takePosition(outcome)
            streaming = position
            try heads?.write(outcome, at: position)
            try beginRecord()
            try format.encodeBegin(Record(outcome, bodies: .none), into: writers.outlets)
        case .part(let body, let index):
            if let files { return try files.append(body, to: index) }
            try writers.stream.write(body)
        case .planned(let line):
            try writers.stream.write(line)
            writers.stream.endRecord()
        case .end(let outcome):
            if files != nil { return try place(outcome, isStreamed: true) }
            try format.encodeEnd(Record(outcome, bodies: .none), into: writers.outlets)
            writers.endRecord()
            streaming = nil
            try advance()
            try report(outcome, nil)
        }
    }

    mutating func flush() throws {
        let stream = writers.stream
        if isTerminal && stream.hasBuffered { progress.erase() }
        try stream.flush(trailer: format.trailer)
        if isTerminal { progress.block(!stream.endsLine) }
        try writers.flushOthers()
        try manifest?.flush()
        try heads?.flush()
        try failedLines?.flush()
        reporter.flush()
    }

    mutating func finish(_ report: RunReport) throws {
        try writers.stream.write(format.trailer)
        writers.stream.endRecord()
        try writers.stream.flush()
        hasTrailer = true
        try writers.finish()
        try manifest?.finish()
        try heads?.finish()
        try failedLines?.finish(isInputRead: report.isInputRead)
        files?.finish()
        hasReported = true
        try reporter.finish(report)
    }

    /// An output takes no more: leaves what is there in order, the other outputs too.
    mutating func abandon(_ report: RunReport) {
        if !hasTrailer { writers.stream.abandon(trailer: format.trailer) }
        manifest?.abandon()
        heads?.abandon()
        failedLines?.abandon()
        files?.finish()
        if !hasReported { try? reporter.finish(report) }
    }

    private mutating func place(_ outcome: Outcome, isStreamed: Bool = false) throws {
        let record = try files?.save(outcome, isStreamed: isStreamed) ?? Record(outcome, bodies: format.needs.bodies)
        if files != nil {
            if outcome.isOK && !record.outcome.isOK { failures += 1 }
            try manifest?.write(record)
        }
        let position = takePosition(outcome)
        try heads?.write(outcome, at: position)
        var remark: Remark?
        if position == line.next && streaming == nil {
            if try writers.makeRoom() { try start() }
            try beginRecord()
            remark = try format.encode(record, into: writers.outlets)
            writers.endRecord()
            try advance()
        } else {
            try line.hold(position) { [format, writers] in
                var outlets = writers.outlets
                outlets.stream = $0
                remark = try format.encode(record, into: outlets)
            }
        }
        try report(record.outcome, remark, record.file)
    }

    private mutating func takePosition(_ outcome: Outcome) -> Int {
        if isOrdered { return outcome.index }
        arrivals += 1
        return arrivals - 1
    }

    private mutating func beginRecord() throws {
        if hasRecords && !format.separator.isEmpty { try writers.stream.write(format.separator) }
        hasRecords = true
    }

    private mutating func advance() throws {
        while let run = line.advance() {
            try heads?.advance()
            try beginRecord()
            try run.forEachPiece { [stream = writers.stream] in try stream.write($0) }
            writers.endRecord()
        }
        try heads?.advance()
    }

    /// On a terminal both streams meet, so that the body must be out before the line that follows it.
    private mutating func report(_ outcome: Outcome, _ remark: Remark?, _ file: SavedFile? = nil) throws {
        try failedLines?.write(outcome)
        reporter.report(outcome, remark, file)
        if isTerminal { try flush() }
    }
}
