// --format jsonl: one object per outcome, one line per object, always all keys (JSON Lines, https://jsonlines.org). curl's
// names and units wherever curl has the fact (https://curl.se/docs/manpage.html#-w).

import FetchKit

extension Format {
    static let jsonl = Format("jsonl", "one JSON object per URL") { JSONLinesFormat($0) }
}

/// JSON Lines.
struct JSONLinesFormat: OutcomeFormat {
    let needs: FormatNeeds

    init(_ settings: FormatSettings) {
        needs = FormatNeeds(bodies: settings.recordBodies)
    }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        var json = JSONWriter()
        try json.object { json in
            json.add(Fact.all, of: record)
            try json.add("body", orBase64: "body_base64", record.body, outlets.stream)
            json.add(Fact.afterBody, of: record)
        }
        json.append(raw: "\n")
        try outlets.stream.write(json.buffer)
        return nil
    }
}
