// Heads of responses as the ecosystem's types.

public import FetchKit
public import HTTPTypes

extension HTTPResponse {
    /// The status and the header fields of a response, as received.
    ///
    ///     let response = outcome.response.map(HTTPResponse.init)
    ///
    /// The head says how the body was sent. `Outcome.body` has no content coding any more, so whoever sends it on leaves out
    /// `Content-Encoding` and `Content-Length`.
    public init(_ head: ResponseHead) {
        // The status line is a version, one space, three digits, and a space with the reason or the end (RFC 9112 section 4).
        let line = head.bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        let reason = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false).dropFirst(2).first ?? []
        var phrase = ""
        // HTTPTypes has ISO 8859-1 there: every byte is a character.
        phrase.unicodeScalars.append(contentsOf: reason.lazy.map { Unicode.Scalar($0) })
        self.init(status: Status(code: head.statusCode, reasonPhrase: phrase), headerFields: HTTPFields(head))
    }
}

extension HTTPFields {
    /// The header fields of a response in order of arrival, with the bytes of their values.
    ///
    /// What servers send under a name that is no token (RFC 9110 section 5.1) has no place here and is left out; `ResponseHead.fields`
    /// has it. Control characters in a value become spaces.
    public init(_ head: ResponseHead) {
        self.init()
        for field in head.fields {
            guard let name = HTTPField.Name(String(decoding: field.name, as: UTF8.self)) else { continue }
            append(HTTPField(name: name, value: field.value))
        }
    }
}
