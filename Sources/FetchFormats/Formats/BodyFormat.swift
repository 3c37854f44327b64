// --format body: the bytes and nothing else; on a terminal, with a line between several bodies as tail(1) has it.

import FetchKit

/// Bodies, byte for byte.
package struct BodyFormat: OutcomeFormat {
    /// Standard output is a terminal.
    let isTerminal: Bool
    /// There may be more than one body.
    let isOneOfSeveral: Bool
    /// Also bodies of responses with status 400 and above.
    let includesFailed: Bool
    /// The heads are what was asked for (`-I`).
    let showsHeads: Bool

    package init(isTerminal: Bool, isOneOfSeveral: Bool, includesFailed: Bool, showsHeads: Bool) {
        self.isTerminal = isTerminal
        self.isOneOfSeveral = isOneOfSeveral
        self.includesFailed = includesFailed
        self.showsHeads = showsHeads
    }

    package var streams: Bool { !isTerminal }

    package func encode(_ record: Record, into sink: any ByteSink) throws -> Remark? {
        let outcome = record.outcome
        if showsHeads {
            guard let response = outcome.response else { return nil }
            if isTerminal {
                let lines = response.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                let texts = lines.map { printable(String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self)) }
                try sink.write(texts.joined(separator: "\n"))
            } else {
                try sink.write(response.bytes)
            }
            return nil
        }
        guard outcome.isOK || (includesFailed && outcome.error?.kind == .http) else { return nil }
        if try isTerminal && isBinary(outcome.body) { return .binaryBody }
        if isTerminal && isOneOfSeveral { try sink.write("==> \(printable(outcome.text)) <==\n") }
        if isTerminal {
            var filter = TerminalFilter()
            try outcome.body.forEachPiece { try sink.write(filter.filter($0)) }
            try sink.write(filter.finish())
        } else {
            try sink.write(outcome.body)
        }
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
