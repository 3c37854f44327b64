// What the output thread does with each item: place it in the line, write it, and say on standard error what a person should
// know. Lives on that thread alone.

import FetchKit
import Glibc

/// Standard output in one format, with its remarks on standard error.
struct OutputStream {
    private let format: any OutcomeFormat
    private let isOrdered: Bool
    private let standardOutput: DescriptorWriter
    private var line: WaitingLine
    private var reporter: Reporter
    /// Position of the next outcome when the order is that of arrival.
    private var arrivals = 0
    /// Position of the body that streams.
    private var streaming: Int?
    private let isTerminal: Bool

    init(
        format: any OutcomeFormat, isOrdered: Bool, isTerminal: Bool, memory: BodyMemory, store: SpillStore,
        reporter: Reporter, progress: WriteProgress
    ) {
        self.format = format
        self.isOrdered = isOrdered
        self.isTerminal = isTerminal
        self.reporter = reporter
        standardOutput = DescriptorWriter(STDOUT_FILENO, name: "standard output", progress: progress)
        line = WaitingLine(memory: memory, store: store)
    }

    /// The descriptor whose reader may leave; -1 when nothing is ever written to it.
    var watchedDescriptor: CInt { format is NoneFormat ? -1 : STDOUT_FILENO }

    var hasRoom: Bool { line.hasRoom }

    mutating func write(_ item: Output.Item) throws {
        switch item {
        case .outcome(let outcome):
            try place(outcome)
        case .begin(let outcome):
            streaming = takePosition(outcome)
            try format.encodeStart(outcome, into: standardOutput)
        case .part(let body):
            try body.forEachPiece { try standardOutput.write($0) }
        case .end(let outcome):
            try format.encodeEnd(outcome, into: standardOutput)
            streaming = nil
            try advance()
            try report(outcome, nil)
        }
    }

    mutating func flush() throws {
        try standardOutput.flush()
        reporter.flush()
    }

    mutating func finish(_ report: RunReport) throws {
        try flush()
        reporter.finish(report)
    }

    private mutating func place(_ outcome: Outcome) throws {
        let position = takePosition(outcome)
        var remark: Remark?
        if position == line.next && streaming == nil {
            remark = try format.encode(outcome, into: standardOutput)
            try advance()
        } else {
            try line.hold(position) { [format] in remark = try format.encode(outcome, into: $0) }
        }
        try report(outcome, remark)
    }

    private mutating func takePosition(_ outcome: Outcome) -> Int {
        if isOrdered { return outcome.index }
        arrivals += 1
        return arrivals - 1
    }

    private mutating func advance() throws {
        try line.advance { [standardOutput] in try standardOutput.write($0) }
    }

    /// On a terminal both streams meet, so that the body must be out before the line that follows it.
    private mutating func report(_ outcome: Outcome, _ remark: Remark?) throws {
        reporter.report(outcome, remark)
        if isTerminal {
            try standardOutput.flush()
            reporter.flush()
        }
    }
}
