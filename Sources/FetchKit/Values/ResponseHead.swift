// A response's status line and header fields, kept as the bytes that came, because formats like WARC need them and because
// servers send what no string type holds.

/// The head of the final response of one transfer; interim (1xx) and proxy heads are not in it.
public struct ResponseHead: Sendable, Equatable {
    /// Status line and header lines with their line ends, as received.
    public internal(set) var bytes: [UInt8] = []
    /// 100 to 999 (RFC 9110 section 15).
    public internal(set) var statusCode = 0

    /// `1.0`, `1.1`, `2` or `3`, as in curl's `%{http_version}`.
    public var httpVersion: String {
        let line = bytes.prefix { $0 != UInt8(ascii: " ") }
        guard line.starts(with: "HTTP/".utf8) else { return "" }
        let version = String(decoding: line.dropFirst(5), as: UTF8.self)
        return version == "2.0" ? "2" : version == "3.0" ? "3" : version
    }

    /// A header field as received, without the white space around the value.
    public struct Field: Sendable {
        /// As received, in any case.
        public let name: ArraySlice<UInt8>
        /// As received, perhaps not UTF-8.
        public let value: ArraySlice<UInt8>
    }

    /// Header fields in order of arrival.
    public var fields: [Field] {
        var fields: [Field] = []
        fields.reserveCapacity(16)
        bytes.withUnsafeBytes { head in head.forEachField { fields.append(Field(name: bytes[$0], value: bytes[$1])) } }
        return fields
    }

    /// What tells this version of the body from all others: a strong entity tag, else the date (RFC 9110 section 13.1.5).
    public var validator: String? {
        if let tag = value(of: "etag"), tag.first == UInt8(ascii: "\"") { return String(decoding: tag, as: UTF8.self) }
        return value(of: "last-modified").map { String(decoding: $0, as: UTF8.self) }
    }

    /// Seconds since 1970; nil without a date that makes sense.
    package var lastModified: Int? { value(of: "last-modified").flatMap { httpDate(String(decoding: $0, as: UTF8.self)) } }

    /// The value of the first field of that name.
    package func value(of lowercaseName: String) -> ArraySlice<UInt8>? {
        var first: ArraySlice<UInt8>?
        forEachValue(of: lowercaseName) { if first == nil { first = bytes[$0] } }
        return first
    }

    /// The values of all fields of that name, in order of arrival. Names are compared without case (RFC 9110 section 5.1).
    public func values(of name: String) -> [ArraySlice<UInt8>] {
        var values: [ArraySlice<UInt8>] = []
        forEachValue(of: name.lowercased()) { values.append(bytes[$0]) }
        return values
    }

    /// Without making anything of the others: a run asks for a few fields of very many heads.
    private func forEachValue(of lowercaseName: String, _ receive: (Range<Int>) -> Void) {
        var wanted = lowercaseName
        wanted.withUTF8 { wanted in
            bytes.withUnsafeBytes { head in
                head.forEachField { name, value in if UnsafeRawBufferPointer(rebasing: head[name]).isNamed(wanted) { receive(value) } }
            }
        }
    }
}

extension UInt8 {
    /// White space or part of a line end.
    package var isBlank: Bool {
        self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\r") || self == UInt8(ascii: "\n")
    }
}

extension ArraySlice<UInt8> {
    /// Without the blanks, tabs and line ends around it (optional white space, RFC 9110 section 5.6.3).
    package var trimmed: ArraySlice<UInt8> {
        var bytes = drop(while: \.isBlank)
        while let last = bytes.last, last.isBlank { bytes.removeLast() }
        return bytes
    }
}

extension Collection<UInt8> {
    /// Compares with an ASCII name in lower case (RFC 9110 section 5.1).
    package func equalsIgnoringCase(_ lowercaseName: String) -> Bool {
        let name = lowercaseName.utf8
        return count == name.count
            && zip(self, name).allSatisfy { byte, wanted in
                byte == wanted || (byte &- 65 < 26 && byte | 0x20 == wanted)
            }
    }
}
