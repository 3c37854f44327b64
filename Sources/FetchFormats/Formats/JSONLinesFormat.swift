// --format jsonl: one object per outcome, one line per object, always all keys (JSON Lines, https://jsonlines.org). curl's
// names and units wherever curl has the fact (https://curl.se/docs/manpage.html#-w).

import FetchKit

/// JSON Lines.
package struct JSONLinesFormat: OutcomeFormat {
    /// Whether lines hold bodies (`--no-body`).
    let includesBody: Bool

    package init(includesBody: Bool) { self.includesBody = includesBody }

    package func encode(_ record: Record, into sink: any ByteSink) throws -> Remark? {
        var json = JSONWriter()
        try json.object { json in
            json.add(Key.all, of: record)
            try addBody(of: record, to: &json, sink)
            json.add(Key.afterBody, of: record)
        }
        json.append(raw: "\n")
        try sink.write(json.bytes)
        return nil
    }

    /// Read twice, because only at its end it is known whether it is text.
    private func addBody(of record: Record, to json: inout JSONWriter, _ sink: any ByteSink) throws {
        let outcome = record.outcome
        guard includesBody, record.file == nil, outcome.isOK || outcome.error?.kind == .http else {
            json.addNull("body")
            return json.addNull("body_base64")
        }
        if try outcome.body.isText {
            try json.add("body", text: outcome.body, sink)
            json.addNull("body_base64")
        } else {
            json.addNull("body")
            try json.add("body_base64", base64: outcome.body, sink)
        }
    }
}
