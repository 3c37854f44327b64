// Any format whose stream goes to a terminal. The text of -w is not part of the stream: its template is the user's own.

import FetchKit

/// Another format, with what would control a terminal escaped in all that it writes.
struct TerminalFormat: OutcomeFormat {
    let base: any OutcomeFormat

    var needs: FormatNeeds { base.needs }
    var separator: [UInt8] { base.separator }
    var trailer: [UInt8] { base.trailer }

    func encodeHead(into outlets: Outlets) throws { try filter(outlets) { try base.encodeHead(into: $0) } }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? { try filter(outlets) { try base.encode(record, into: $0) } }

    func encodeBegin(_ record: Record, into outlets: Outlets) throws { try filter(outlets) { try base.encodeBegin(record, into: $0) } }

    func encodeEnd(_ record: Record, into outlets: Outlets) throws { try filter(outlets) { try base.encodeEnd(record, into: $0) } }

    private func filter<Result>(_ outlets: Outlets, _ encode: (Outlets) throws -> Result) throws -> Result {
        let sink = TerminalSink(outlets.stream)
        var outlets = outlets
        outlets.stream = sink
        let result = try encode(outlets)
        try sink.finish()
        return result
    }
}
