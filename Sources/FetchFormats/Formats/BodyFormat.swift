// --format body: the bytes and nothing else; on a terminal, with a line between several bodies as tail(1) has it.

import FetchKit

extension Format {
    package static let body = Format("body", "the bytes, nothing added", order: .input, options: [.writeOut, .bodyName, .heads]) {
        settings in
        // What is in files is not in the stream.
        if settings.savesBodies { return NoneFormat() }
        return BodyFormat(settings)
    }
}

/// Bodies, byte for byte.
struct BodyFormat: OutcomeFormat {
    /// The stream goes to a terminal.
    private let isTerminal: Bool
    /// There may be more than one body.
    private let isOneOfSeveral: Bool
    /// The heads of responses stand before bodies.
    private let includesHeads: Bool
    let needs: FormatNeeds

    init(_ settings: FormatSettings) {
        isTerminal = settings.isTerminal
        isOneOfSeveral = settings.isOneOfSeveral
        includesHeads = settings.includesHeads
        needs = FormatNeeds(bodies: settings.bodies, streams: !isTerminal)
    }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        if includesHeads {
            if hasTitle, record.outcome.hops.contains(where: { $0.response != nil }) { try writeTitle(record, outlets) }
            try record.outcome.writeHeads(to: outlets.stream)
            // A head is all that there is.
            if record.outcome.hops.last?.method == "HEAD" { return nil }
        }
        guard let body = record.body else { return nil }
        guard isTerminal else {
            try outlets.stream.write(body)
            return nil
        }
        if try isBinary(body) { return .binaryBody }
        if hasTitle && !includesHeads { try writeTitle(record, outlets) }
        try outlets.stream.write(body)
        if isOneOfSeveral { try outlets.stream.write(try endsLine(body) ? "\n" : "\n\n") }
        return nil
    }

    func encodeBegin(_ record: Record, into outlets: Outlets) throws {
        if includesHeads { try record.outcome.writeHeads(to: outlets.stream) }
    }

    private var hasTitle: Bool { isTerminal && isOneOfSeveral }

    private func writeTitle(_ record: Record, _ outlets: Outlets) throws {
        try outlets.stream.write("==> \(printable(record.outcome.text)) <==\n")
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
