// A response's status line and header fields, kept as the bytes that came, because formats like WARC need them and because
// servers send what no string type holds.

/// The head of the final response of one transfer; interim (1xx) and proxy heads are not in it.
public struct ResponseHead: Sendable, Equatable {
    /// Status line and header lines with their line ends, as received.
    public internal(set) var bytes: [UInt8] = []
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
        public let name: ArraySlice<UInt8>
        public let value: ArraySlice<UInt8>
    }

    /// Header fields in order of arrival.
    public var fields: [Field] {
        var fields: [Field] = []
        fields.reserveCapacity(16)
        forEachField { name, value in fields.append(Field(name: bytes[name], value: bytes[value])) }
        return fields
    }

    /// Without making anything of those that are not wanted: a run asks for a few fields of very many heads.
    private func forEachField(_ receive: (_ name: Range<Int>, _ value: Range<Int>) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                defer { start = end + 1 }
                guard let colon = bytes[start..<end].firstIndex(of: UInt8(ascii: ":")) else { continue }
                var (first, last) = (colon + 1, end)
                while first < last, bytes[first].isBlank { first += 1 }
                while last > first, bytes[last - 1].isBlank { last -= 1 }
                receive(start..<colon, first..<last)
            }
        }
    }

    /// What tells this version of the body from all others: a strong entity tag, else the date (RFC 9110 section 13.1.5).
    public var validator: String? {
        if let tag = values(of: "etag").first, tag.first == UInt8(ascii: "\"") { return String(decoding: tag, as: UTF8.self) }
        return values(of: "last-modified").first.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Seconds since 1970; nil without a date that makes sense.
    package var lastModified: Int? { values(of: "last-modified").first.flatMap { httpDate(String(decoding: $0, as: UTF8.self)) } }

    /// The values of all fields of that name, in order of arrival.
    public func values(of lowercaseName: String) -> [ArraySlice<UInt8>] {
        var values: [ArraySlice<UInt8>] = []
        let length = lowercaseName.utf8.count
        forEachField { name, value in
            if name.count == length, bytes[name].equalsIgnoringCase(lowercaseName) { values.append(bytes[value]) }
        }
        return values
    }
}

extension UInt8 {
    /// White space or part of a line end.
    var isBlank: Bool {
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
