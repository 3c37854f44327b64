// --format body: the bytes and nothing else; on a terminal, with a line between several bodies as tail(1) has it.

import FetchKit

extension Format {
    package static let body = Format("body", "the bytes, nothing added", order: .input, options: [.writeOut, .bodyName]) { settings in
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
    /// The heads are what was asked for (`-I`).
    private let showsHeads: Bool
    let needs: FormatNeeds

    init(_ settings: FormatSettings) {
        isTerminal = settings.isTerminal
        isOneOfSeveral = settings.isOneOfSeveral
        showsHeads = settings.showsHeads
        needs = FormatNeeds(bodies: settings.bodies, streams: !isTerminal)
    }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        if showsHeads {
            if let head = record.outcome.response { try outlets.stream.write(head.bytes) }
            return nil
        }
        guard let body = record.body else { return nil }
        guard isTerminal else {
            try outlets.stream.write(body)
            return nil
        }
        if try isBinary(body) { return .binaryBody }
        if isOneOfSeveral { try outlets.stream.write("==> \(printable(record.outcome.text)) <==\n") }
        try outlets.stream.write(body)
        if isOneOfSeveral { try outlets.stream.write(try endsLine(body) ? "\n" : "\n\n") }
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
