// What an outcome is in a WARC file: a request and a response for each exchange on the way, and the error, if there is one, as
// metadata. Secrets of the user stay out.

import FetchKit

/// The records of one outcome.
struct CaptureRecords {
    private(set) var records: [WARCRecord] = []
    private let warcinfo: String
    private let settings: FormatSettings

    /// `warcinfo` is the ID of the record that describes the file.
    init(_ outcome: Outcome, warcinfo: String, _ settings: FormatSettings) {
        self.warcinfo = warcinfo
        self.settings = settings
        for (position, hop) in outcome.hops.enumerated() {
            add(hop, truncated: position == outcome.hops.count - 1 ? outcome.error.flatMap { Self.truncation($0, hop) } : nil)
        }
        // A status of 400 or above is in the response already.
        if let error = outcome.error, error.kind != .http { add(error, of: outcome) }
    }

    // MARK: Exchanges

    private mutating func add(_ hop: Hop, truncated: String?) {
        guard let exchange = hop.exchange else { return }
        let date = timestamp(hop.startedAt)
        let (request, response) = (RecordID(settings.random), RecordID(settings.random))
        // A proxy was asked for a way to the server, and the server for nothing yet.
        let isSent = !exchange.requestHead.isEmpty && (hop.method == "CONNECT" || !exchange.requestHead.starts(with: "CONNECT ".utf8))
        if isSent {
            let record = make("request", request, hop, date)
            if hop.response != nil { record.add("WARC-Concurrent-To", response.text) }
            record.add("Content-Type", "application/http;msgtype=request")
            record.head = HTTPHead.withoutSecrets(HTTPHead.asHTTP1(exchange.requestHead, isRequest: true))
            record.setRequestBody(exchange.requestBody, of: hop)
            records.append(record)
        }
        if let head = hop.response {
            let record = make("response", response, hop, date)
            if isSent { record.add("WARC-Concurrent-To", request.text) }
            record.add("WARC-Truncated", truncated)
            record.add("Content-Type", "application/http;msgtype=response")
            record.head = HTTPHead.asHTTP1(head.bytes, isRequest: false)
            record.payload = .body(exchange.wireBody)
            // The payload is the body without chunks (section 6.3.2 of the standard), but the most used checker, warcio's, takes it
            // with them: for a chunked body there is no digest that all would call right.
            record.hasPayloadDigest = exchange.wireBody.isEmpty || !head.isChunked
            if settings.file != nil { record.entry = CDXEntry(url: hop.url.withoutCredentials, date: date, head: head) }
            records.append(record)
        }
    }

    private func make(_ type: StaticString, _ id: RecordID, _ hop: Hop, _ date: String) -> WARCRecord {
        let record = WARCRecord(type, id: id, date: date)
        record.add("WARC-Warcinfo-ID", warcinfo)
        record.add("WARC-Target-URI", hop.url.withoutCredentials)
        record.add("WARC-IP-Address", hop.serverAddress)
        record.add("WARC-Protocol", hop.response?.protocolName)
        return record
    }

    /// Why a body is not whole, in the standard's words; nil when it is.
    private static func truncation(_ error: FetchError, _ hop: Hop) -> String? {
        guard let head = hop.response, let body = hop.exchange?.wireBody, !head.isWhole(body) else { return nil }
        return switch error.kind {
        case .http, .integrity, .redirect, .hostDown, .blocked, .input: nil
        case .tooLarge: "length"
        case .timeoutStall, .timeoutTotal, .timeoutFirstByte, .timeoutConnect: "time"
        case .truncated, .connect, .tls: "disconnect"
        default: "unspecified"
        }
    }

    // MARK: Errors

    private mutating func add(_ error: FetchError, of outcome: Outcome) {
        let record = WARCRecord(
            "metadata", id: RecordID(settings.random), date: timestamp(outcome.hops.last?.startedAt ?? settings.clock()))
        record.add("WARC-Warcinfo-ID", warcinfo)
        record.add("WARC-Concurrent-To", records.last?.id.text)
        let url = outcome.hops.last?.url ?? (error.kind == .input ? nil : try? HTTPURL(outcome.text))
        record.add("WARC-Target-URI", url?.withoutCredentials)
        record.add("Content-Type", "application/warc-fields")
        var lines = WARCFields()
        lines.add("url", outcome.text)
        lines.add("error", error.kind.rawValue)
        lines.add("errormsg", error.message)
        if let source = outcome.source { lines.add("input", "\(source.file):\(source.line)") }
        record.head = lines.text.array
        records.append(record)
    }
}

extension WARCRecord {
    /// What was sent of the request's content. An answer may come, or the connection break, before all of it is; and where a
    /// challenge was expected the head says that none was sent.
    fileprivate func setRequestBody(_ body: [UInt8]?, of hop: Hop) {
        guard let body, !body.isEmpty, HTTPHead.contentLength(of: head) == body.count else { return }
        let sent = Int(clamping: max(0, min(hop.bytesUploaded, Int64(body.count))))
        if sent < body.count { add("WARC-Truncated", "disconnect") }
        payload = .bytes(body[..<sent])
        hasPayloadDigest = true
    }
}

extension Hop {
    /// The address of the server itself: nil when a proxy was dialled, as far as that shows, or something that has none.
    fileprivate var serverAddress: String? {
        guard let exchange, exchange.connectCode == 0, let address = remoteAddress else { return nil }
        let target = exchange.requestHead.drop { $0 != UInt8(ascii: " ") }.dropFirst()
        if target.starts(with: "http".utf8) { return nil }
        return address.utf8.allSatisfy { ($0 | 0x20) &- 97 < 6 || $0 &- 48 < 11 || $0 == UInt8(ascii: ".") } ? address : nil
    }
}

extension HTTPURL {
    /// The URL as an archive knows it.
    var withoutCredentials: String {
        guard hasCredentials, let range = HTTPURL.rangeOfCredentials(in: absoluteString) else { return absoluteString }
        let bytes = Array(absoluteString.utf8)
        return String(decoding: bytes[..<range.lowerBound] + bytes[(range.upperBound + 1)...], as: UTF8.self)
    }
}
