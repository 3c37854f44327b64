// --format jsonl: one object per outcome, one line per object, always all keys (JSON Lines, https://jsonlines.org). curl's
// names and units wherever curl has the fact (https://curl.se/docs/manpage.html#-w).

import FetchKit
import Glibc

/// JSON Lines.
struct JSONLinesFormat: OutcomeFormat {
    /// Whether lines hold bodies (`--no-body`).
    let includesBody: Bool

    func encode(_ record: Record, into sink: any ByteSink) throws -> Remark? {
        var object = JSONObject()
        for key in Key.all { object.add(key.name, key.fact(record)) }
        try sink.write(object.bytes)
        try writeBody(record, into: sink)
        var rest = JSONObject(continuing: true)
        for key in Key.afterBody { rest.add(key.name, key.fact(record)) }
        try sink.write(rest.bytes)
        try sink.write("}\n")
        return nil
    }

    /// The body may lie on disk and be larger than memory, so it goes to the sink piece by piece; it is read twice, because
    /// only at its end it is known whether it is text.
    private func writeBody(_ record: Record, into sink: any ByteSink) throws {
        let outcome = record.outcome
        guard includesBody, record.file == nil, outcome.isOK || outcome.error?.kind == .http else {
            return try sink.write(#","body":null,"body_base64":null"#)
        }
        var validator = UTF8Validator()
        try outcome.body.forEachPiece { validator.check($0) }
        if validator.isValid {
            try sink.write(#","body":""#)
            try outcome.body.forEachPiece { piece in
                var text: [UInt8] = []
                text.reserveCapacity(piece.count + piece.count / 8)
                JSONText.append(piece, to: &text)
                try sink.write(text)
            }
            try sink.write(#"","body_base64":null"#)
        } else {
            try sink.write(#","body":null,"body_base64":""#)
            var encoder = Base64()
            try outcome.body.forEachPiece { try sink.write(encoder.encode($0)) }
            try sink.write(encoder.finish())
            try sink.write("\"")
        }
    }
}
