// The head of a message, taken apart once for all who want something of it. Heads are bytes of strangers: a line that is no header
// line is left out, as `ResponseHead` leaves it out.

import FetchKit

/// The first line and the fields of a request or a response.
struct HeadFields {
    /// One header field, as ranges of `bytes`.
    struct Field {
        let name: Range<Int>
        let value: Range<Int>
    }

    let bytes: [UInt8]
    let fields: [Field]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var fields: [Field] = []
        fields.reserveCapacity(16)
        bytes.withUnsafeBytes { head in head.forEachField { fields.append(Field(name: $0, value: $1)) } }
        self.fields = fields
    }

    private var firstLine: ArraySlice<UInt8> { bytes.prefix { $0 != UInt8(ascii: "\n") }.trimmed }

    func name(_ field: Field) -> ArraySlice<UInt8> { bytes[field.name] }

    func value(_ field: Field) -> ArraySlice<UInt8> { bytes[field.value] }

    /// Compares with a name in lower case, without regard to case (RFC 9110 section 5.1).
    func isNamed(_ field: Field, _ lowercaseName: String) -> Bool {
        bytes[field.name].equalsIgnoringCase(lowercaseName)
    }

    /// The first value of that name; empty when there is none.
    func value(of lowercaseName: String) -> ArraySlice<UInt8> {
        fields.first { isNamed($0, lowercaseName) }.map { value($0) } ?? []
    }

    /// `HTTP/1.1` at the beginning of a status line.
    var statusVersion: ArraySlice<UInt8> { firstLine.prefix { $0 != UInt8(ascii: " ") } }

    /// `HTTP/1.1` at the end of a request line.
    var requestVersion: ArraySlice<UInt8> {
        let line = firstLine
        return line.lastIndex(of: UInt8(ascii: " ")).map { line[($0 + 1)...] } ?? []
    }

    /// What stands behind the status code.
    var reason: ArraySlice<UInt8> {
        let rest = firstLine.drop { $0 != UInt8(ascii: " ") }.dropFirst().drop { $0 != UInt8(ascii: " ") }
        return rest.trimmed
    }
}
