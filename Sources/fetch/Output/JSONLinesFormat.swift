// --format jsonl: one object per outcome, one line per object, always all keys (JSON Lines, https://jsonlines.org). curl's
// names and units wherever curl has the fact (https://curl.se/docs/manpage.html#-w).

import FetchKit
import Glibc

/// JSON Lines.
struct JSONLinesFormat: OutcomeFormat {
    func encode(_ outcome: Outcome, into sink: any ByteSink) throws -> Remark? {
        var object = JSONObject()
        describeRequest(outcome, &object)
        describeResponse(outcome, &object)
        describeTime(outcome, &object)
        describeResult(outcome, &object)
        try sink.write(object.bytes)
        try writeBody(outcome, into: sink)
        try sink.write(#","body_file":null,"sha256":"# + (outcome.sha256.map { "\"\(hexadecimal($0))\"" } ?? "null") + "}\n")
        return nil
    }

    private func describeRequest(_ outcome: Outcome, _ object: inout JSONObject) {
        let last = outcome.hops.last
        object.add("index", outcome.index)
        object.add("id", outcome.id)
        object.add("input_file", outcome.source?.file)
        object.add("input_line", outcome.source?.line)
        object.add("input_base64", outcome.source?.rawLine.map { String(decoding: Base64.encode($0), as: UTF8.self) })
        object.add("url", outcome.text)
        object.add("url_effective", last?.url.description)
        object.add("method", last?.method)
    }

    private func describeResponse(_ outcome: Outcome, _ object: inout JSONObject) {
        let last = outcome.hops.last
        let response = outcome.response
        let wasSent = last != nil
        object.add("response_code", response?.statusCode)
        object.add("http_version", response?.httpVersion)
        object.add("scheme", last?.url.scheme)
        object.add("remote_ip", last?.remoteAddress)
        object.add("remote_port", last?.remotePort)
        object.add("content_type", latin1: response?.values(of: "content-type").first)
        object.addHeaders("headers", response)
        object.add("size_download", wasSent ? Int(outcome.sum(\.bytesDownloaded)) : nil)
        object.add("size_delivered", wasSent ? Int(last!.bytesDelivered) : nil)
        object.add("size_header", wasSent ? Int(outcome.sum(\.headerBytes)) : nil)
        object.add("size_request", wasSent ? Int(outcome.sum(\.requestBytes)) : nil)
        object.add("size_upload", wasSent ? Int(outcome.sum(\.bytesUploaded)) : nil)
        object.add("num_redirects", max(0, outcome.hops.count - 1))
        object.addRedirects("redirects", outcome.hops.dropLast())
        object.add("num_retries", outcome.retries)
        object.add("num_connects", wasSent ? outcome.connects : nil)
    }

    private func describeTime(_ outcome: Outcome, _ object: inout JSONObject) {
        let timings: Timings? = outcome.hops.isEmpty ? nil : outcome.timings
        object.add("time_queue", outcome.queueTime)
        object.add("time_namelookup", timings?.nameLookup)
        object.add("time_connect", timings?.connect)
        object.add("time_appconnect", timings?.appConnect)
        object.add("time_pretransfer", timings?.preTransfer)
        object.add("time_starttransfer", timings?.startTransfer)
        object.add("time_redirect", timings.map { _ in outcome.redirectTime })
        object.add("time_total", timings?.total)
        object.add("speed_download", outcome.hops.last.map { Int($0.downloadSpeed) })
        object.add("started_at", outcome.hops.first.map { timestamp($0.startedAt) })
    }

    private func describeResult(_ outcome: Outcome, _ object: inout JSONObject) {
        object.add("ok", outcome.isOK)
        object.add("length_unproved", outcome.response == nil ? nil : outcome.hops.last?.isLengthUnproved)
        object.add("tls_verified", outcome.isTLSVerified)
        object.add("error", outcome.error?.kind.rawValue)
        object.add("exitcode", outcome.hops.isEmpty ? nil : outcome.error?.curlCode ?? 0)
        object.add("errormsg", outcome.error?.message)
    }

    /// The body may lie on disk and be larger than memory, so it goes to the sink piece by piece; it is read twice, because
    /// only at its end it is known whether it is text.
    private func writeBody(_ outcome: Outcome, into sink: any ByteSink) throws {
        guard outcome.isOK || outcome.error?.kind == .http else {
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

/// RFC 3339 in UTC with microseconds.
func timestamp(_ microseconds: Int64) -> String {
    var seconds = time_t(microseconds / 1_000_000)
    var date = tm()
    gmtime_r(&seconds, &date)
    let day = "\(date.tm_year + 1900)-\(digits(Int(date.tm_mon) + 1, 2))-\(digits(Int(date.tm_mday), 2))"
    let time = "\(digits(Int(date.tm_hour), 2)):\(digits(Int(date.tm_min), 2)):\(digits(Int(date.tm_sec), 2))"
    return "\(day)T\(time).\(digits(Int(microseconds % 1_000_000), 6))Z"
}

/// A number with leading zeros.
func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
