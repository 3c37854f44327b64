// One hop as an entry of an HTTP archive: the messages as they were sent and received, secrets masked.

import FetchKit

/// A hop whose heads are taken apart.
struct HARExchange {
    private let hop: Hop
    private let timings: HARTimings
    private let request: HeadFields
    private let response: HeadFields

    init(_ hop: Hop) {
        self.hop = hop
        timings = HARTimings(hop)
        request = HeadFields(hop.exchange?.requestHead ?? [])
        response = HeadFields(hop.response?.bytes ?? [])
    }

    private var wasSent: Bool { !request.bytes.isEmpty }

    // MARK: Request

    func writeRequest(into json: inout JSONWriter) {
        json.add("startedDateTime", timestamp(hop.startedAt))
        json.add("time", milliseconds: timings.sum)
        json.object("request") { json in
            let url = hop.url.description
            json.add("method", hop.method)
            json.add("url", url)
            json.add("httpVersion", latin1: request.requestVersion)
            json.addRequestCookies(request)
            json.array("headers") { json in
                for field in request.fields {
                    let name = request.name(field)
                    json.object { json in
                        json.add("name", latin1: name)
                        json.add("value", latin1: HeaderField.isSecret(name) ? Self.mask : request.value(field))
                    }
                }
            }
            json.addQuery(url)
            if let body = hop.exchange?.requestBody { json.addContent(body, request.value(of: "content-type")) }
            json.add("headersSize", wasSent ? request.bytes.count : -1)
            json.add("bodySize", wasSent ? hop.exchange?.requestBody?.count ?? 0 : -1)
        }
    }

    private static let mask = Array("***".utf8)[...]

    // MARK: Response

    /// `addText` adds what there is of the body.
    func writeResponse(into json: inout JSONWriter, _ addText: (inout JSONWriter) throws -> Void) throws {
        guard let head = hop.response else { return json.object("response") { $0.addNoResponse() } }
        try json.object("response") { json in
            json.add("status", head.statusCode)
            json.add("statusText", latin1: response.reason)
            json.add("httpVersion", latin1: response.statusVersion)
            json.addResponseCookies(response, end: hop.startedAt + timings.sum)
            json.array("headers") { json in
                for field in response.fields {
                    json.object { json in
                        json.add("name", latin1: response.name(field))
                        json.add("value", latin1: response.value(field))
                    }
                }
            }
            try json.object("content") { json in
                // What nobody decoded, as the body of a redirect, counts as it came.
                let size = hop.bytesDelivered > 0 ? hop.bytesDelivered : hop.bytesDownloaded
                json.add("size", size)
                if size != hop.bytesDownloaded { json.add("compression", size - hop.bytesDownloaded) }
                json.add("mimeType", latin1: response.value(of: "content-type"))
                try addText(&json)
            }
            json.add("redirectURL", latin1: response.value(of: "location"))
            json.add("headersSize", response.bytes.count)
            json.add("bodySize", hop.bytesDownloaded)
        }
    }

    // MARK: Connection

    func writeConnection(into json: inout JSONWriter) {
        json.object("cache") { _ in }
        timings.write(into: &json)
        // The path of a Unix socket may stand there.
        if let address = hop.remoteAddress, address.utf8.first != UInt8(ascii: "/") { json.add("serverIPAddress", address) }
        if let connection = hop.exchange?.connectionID ?? hop.exchange?.localPort {
            json.string("connection") { $0.append(String(connection)) }
        }
        if hop.isTLSVerified == false { json.add("_tls_verified", false) }
        if hop.isLengthUnproved { json.add("_length_unproved", true) }
    }
}

extension JSONWriter {
    /// What both messages have, of one that never was.
    mutating func addEmptyMessage() {
        add("httpVersion", "")
        array("cookies") { _ in }
        array("headers") { _ in }
        add("headersSize", -1)
        add("bodySize", -1)
    }

    mutating func addNoResponse() {
        add("status", 0)
        add("statusText", "")
        addEmptyMessage()
        object("content") { json in
            json.add("size", 0)
            json.add("mimeType", "")
        }
        add("redirectURL", "")
    }

    /// The parameters behind the question mark (https://url.spec.whatwg.org/#urlencoded-parsing).
    fileprivate mutating func addQuery(_ url: String) {
        array("queryString") { json in
            let bytes = url.utf8
            guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return }
            for pair in bytes[bytes.index(after: mark)...].split(separator: UInt8(ascii: "&")) {
                let name = pair.prefix { $0 != UInt8(ascii: "=") }
                json.object { json in
                    json.add("name", decoded(name))
                    json.add("value", decoded(pair.dropFirst(name.count + 1)))
                }
            }
        }
    }

    /// The standard has no encoding for what is sent, so that a comment tells of it.
    fileprivate mutating func addContent(_ body: [UInt8], _ mimeType: ArraySlice<UInt8>) {
        object("postData") { json in
            json.add("mimeType", latin1: mimeType)
            json.array("params") { _ in }
            var validator = UTF8Validator()
            body.withUnsafeBytes { validator.check($0) }
            if validator.isValid {
                json.string("text") { json in body.withUnsafeBytes { json.append($0) } }
            } else {
                json.string("text") { $0.append(raw: Base64.encode(body)) }
                json.add("comment", "base64")
            }
        }
    }
}

/// Percent signs and plus signs undone; what is no UTF-8 then is replaced.
private func decoded(_ text: Substring.UTF8View) -> String {
    String(decoding: text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }.percentDecoded(), as: UTF8.self)
}
