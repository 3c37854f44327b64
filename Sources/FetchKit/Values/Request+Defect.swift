// What makes a request one that must not be sent: bytes that would begin another one, and a framing that two servers read in two ways.

extension Request {
    /// Why the request cannot be sent as it is; nil when it can. Such a request ends as an outcome of class `input`.
    public var defect: String? {
        if !isToken(method) { return "\"\(method)\" is not a valid method" }
        for field in headers {
            if !isToken(field.name) { return "\"\(field.name)\" is not a valid header name" }
            if let value = field.value, !isFieldValue(value) {
                return "the header \"\(field.name)\" contains a line break or another control character"
            }
        }
        return headers.isEmpty ? nil : framingDefect
    }

    /// What follows the head must be told in one way, and be true (RFC 9112 section 6.3): where two servers in a row disagree about the
    /// end of a request, the rest of it is another request to one of them.
    private var framingDefect: String? {
        let lengths = headers.lazy.filter { $0.isNamed("content-length") }.compactMap(\.value)
        let codings = headers.lazy.filter { $0.isNamed("transfer-encoding") }.compactMap(\.value)
        if lengths.isEmpty && codings.isEmpty { return nil }
        if !lengths.isEmpty && !codings.isEmpty { return "Content-Length and Transfer-Encoding exclude each other" }
        if lengths.count > 1 || codings.count > 1 {
            return lengths.isEmpty ? "more than one Transfer-Encoding" : "more than one Content-Length"
        }
        let count = body?.count ?? 0
        if let length = lengths.first, length != "\(count)" { return "Content-Length is not the length of the body, \(count)" }
        guard let coding = codings.first else { return nil }
        if body == nil { return "Transfer-Encoding without a body" }
        return coding.lowercased() == "chunked" ? nil : "the body can be sent with the Transfer-Encoding chunked only"
    }
}

/// Whether text is a method or the name of a header field (RFC 9110 section 5.6.2).
package func isToken(_ text: String) -> Bool {
    !text.isEmpty
        && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
}

/// Whether text may be the value of a header field: without this it could end the request and begin another (RFC 9110 section 5.5).
package func isFieldValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
}
