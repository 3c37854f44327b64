// -D: the heads of the responses, those of one outcome together and in the order of the stream.

import FetchFormats
import FetchKit

/// The stream of heads. Its positions are those of the records.
struct HeadStream {
    private let writer: DescriptorWriter
    private var line: ReorderBuffer

    init(_ writer: DescriptorWriter, line: ReorderBuffer) {
        self.writer = writer
        self.line = line
    }

    var hasRoom: Bool { line.hasRoom }

    /// Writes the heads of the outcome at that position, or keeps them until it is their turn.
    mutating func write(_ outcome: Outcome, at position: Int) throws {
        guard position != line.next else {
            try write(outcome, to: writer)
            return writer.endRecord()
        }
        try line.hold(position) { [self] in try write(outcome, to: $0) }
    }

    /// The record at hand is written: its heads are, and now come those of the next one, if they are there.
    mutating func advance() throws {
        guard let run = line.advance() else { return }
        try run.forEachPiece { [writer] in try writer.write($0) }
        writer.endRecord()
    }

    private func write(_ outcome: Outcome, to sink: any ByteSink) throws {
        try writer.isTerminal ? outcome.writePrintableHeads(to: sink) : outcome.writeHeads(to: sink)
    }

    func flush() throws { try writer.flush() }

    func finish() throws { try writer.close() }

    func abandon() { if !writer.isOver { writer.abandon() } }
}
