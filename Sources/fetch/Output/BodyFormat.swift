// --format body: the bytes and nothing else; on a terminal, with a line between several bodies as tail(1) has it.

import FetchKit

/// Bodies, byte for byte.
struct BodyFormat: OutcomeFormat {
    /// Standard output is a terminal.
    let isTerminal: Bool
    /// There may be more than one body.
    let isOneOfSeveral: Bool
    /// Also bodies of responses with status 400 and above.
    let includesFailed: Bool

    var streams: Bool { !isTerminal }

    func encode(_ outcome: Outcome, into sink: any ByteSink) throws -> Remark? {
        guard outcome.isOK || (includesFailed && outcome.error?.kind == .http) else { return nil }
        if try isTerminal && isBinary(outcome.body) { return .binaryBody }
        if isTerminal && isOneOfSeveral { try sink.write("==> \(printable(outcome.text)) <==\n") }
        try sink.write(outcome.body)
        if isTerminal && isOneOfSeveral { try sink.write(try endsLine(outcome.body) ? "\n" : "\n\n") }
        return nil
    }

    private func endsLine(_ body: Body) throws -> Bool {
        var last = UInt8(ascii: "\n")
        try body.forEachPiece { last = $0.last ?? last }
        return last == UInt8(ascii: "\n")
    }

    /// A zero byte, which no text has, is what curl looks for as well.
    private func isBinary(_ body: Body) throws -> Bool {
        var isBinary = false
        try body.forEachPiece { isBinary = isBinary || $0.contains(0) }
        return isBinary
    }
}
