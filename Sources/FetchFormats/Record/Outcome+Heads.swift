// The heads of all responses of an outcome, as curl shows them: as they came, one after the other.

package import FetchKit

extension Outcome {
    /// Writes status lines and fields, with the empty line behind each head. Nothing where no response has come.
    package func writeHeads(to sink: any ByteSink) throws {
        for hop in hops { if let head = hop.response { try sink.write(head.bytes) } }
    }

    /// The same without what would control a terminal.
    package func writePrintableHeads(to sink: any ByteSink) throws {
        let terminal = TerminalSink(sink)
        try writeHeads(to: terminal)
        try terminal.finish()
    }
}
