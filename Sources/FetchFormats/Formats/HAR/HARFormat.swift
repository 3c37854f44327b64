// --format har: an HTTP archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/). An entry for each hop, for outcomes without
// any hop too; what the standard has no name for begins with an underscore.

import FetchKit

extension Format {
    static let har = Format("har") { HARFormat($0) }
}

/// An HTTP archive.
struct HARFormat: OutcomeFormat {
    let needs: FormatNeeds
    let separator = Array(",\n".utf8)
    let trailer = Array("\n]}}\n".utf8)
    private let clock: @Sendable () -> Int64

    init(_ settings: FormatSettings) {
        clock = settings.clock
        needs = FormatNeeds(bodies: settings.recordBodies, recording: [.connection, .requests])
    }

    func encodeHead(into outlets: Outlets) throws {
        try outlets.stream.write(
            #"{"log":{"version":"1.2","creator":{"name":"fetch","version":"\#(fetchVersion)"},"entries":[\#n"#)
    }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        let outcome = record.outcome
        var json = JSONWriter()
        if outcome.hops.isEmpty { json.addUnsent(record, at: clock()) }
        for position in outcome.hops.indices {
            if position > 0 { json.append(raw: ",\n") }
            let isLast = position == outcome.hops.count - 1
            try json.object { json in
                let exchange = HARExchange(outcome.hops[position])
                exchange.writeRequest(into: &json)
                try exchange.writeResponse(into: &json) { json in
                    if isLast, let body = record.body { try json.addText(of: body, outlets.stream) }
                }
                exchange.writeConnection(into: &json)
                json.addOurs(record, isFirst: position == 0, isLast: isLast)
            }
        }
        try outlets.stream.write(json.bytes)
        return nil
    }
}

extension JSONWriter {
    /// Read twice, because only at its end it is known whether it is text.
    fileprivate mutating func addText(of body: Body, _ sink: any ByteSink) throws {
        if try body.isText { return try add("text", text: body, sink) }
        try add("text", base64: body, sink)
        add("encoding", "base64")
    }

    /// An entry for an outcome without any hop, in which nothing is but what we know.
    fileprivate mutating func addUnsent(_ record: Record, at time: Int64) {
        let outcome = record.outcome
        // What is no input may still look like a URL where it was cut.
        let url = outcome.error?.kind == .input ? nil : try? HTTPURL(outcome.text)
        object { json in
            json.add("startedDateTime", timestamp(time))
            json.add("time", 0)
            json.object("request") { json in
                json.add("method", "GET")
                json.add("url", url?.description ?? "about:blank")
                json.addEmptyMessage()
                json.array("queryString") { _ in }
            }
            json.object("response") { $0.addNoResponse() }
            json.object("cache") { _ in }
            HARTimings().write(into: &json)
            json.addOurs(record, isFirst: true, isLast: true)
        }
    }

    /// What is not in the standard: the whole outcome's in its last entry.
    fileprivate mutating func addOurs(_ record: Record, isFirst: Bool, isLast: Bool) {
        let outcome = record.outcome
        add("_index", outcome.index)
        if let id = outcome.id { add("_id", id) }
        if isFirst {
            add("_input", outcome.text)
            if let source = outcome.source {
                add("_input_file", source.file)
                add("_input_line", source.line)
                if let line = source.rawLine { string("_input_base64") { $0.append(raw: Base64.encode(line)) } }
            }
            add("_queue", milliseconds: max(0, outcome.queueTime.microseconds))
        }
        guard isLast else { return }
        add("_retries", outcome.retryCount)
        if outcome.isSkipped { add("_skipped", true) }
        if let error = outcome.error {
            add("_error", error.kind.rawValue)
            add("_errormsg", error.message)
            if let code = error.curlCode { add("_exitcode", code) }
        }
        if let file = record.file { add("_body_file", file.path) }
        if let hash = record.file?.sha256 ?? outcome.sha256 { add("_sha256", hexadecimal(hash)) }
    }
}
