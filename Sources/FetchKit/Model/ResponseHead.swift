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

    /// Header fields in order of arrival: name and value as received, without the white space around the value.
    public var fields: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] {
        var fields: [(ArraySlice<UInt8>, ArraySlice<UInt8>)] = []
        var rest = bytes[...]
        var isStatusLine = true
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            defer { isStatusLine = false }
            guard !isStatusLine, let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            fields.append((line[..<colon], trimmed(line[(colon + 1)...])))
        }
        return fields
    }

    /// What tells this version of the body from all others: a strong entity tag, else the date (RFC 9110 section 13.1.5).
    public var validator: String? {
        if let tag = values(of: "etag").first, tag.first == UInt8(ascii: "\"") { return String(decoding: tag, as: UTF8.self) }
        return values(of: "last-modified").first.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The values of all fields of that name, in order of arrival.
    public func values(of lowercaseName: String) -> [ArraySlice<UInt8>] {
        fields.compactMap { $0.name.equalsIgnoringCase(lowercaseName) ? $0.value : nil }
    }
}

/// Without the blanks, tabs and line end around it (optional white space, RFC 9110 section 5.6.3).
func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
    }
    var bytes = bytes.drop(while: isBlank)
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return bytes
}

extension Collection<UInt8> {
    /// Compares with an ASCII name in lower case.
    func equalsIgnoringCase(_ lowercaseName: String) -> Bool {
        let name = lowercaseName.utf8
        return count == name.count
            && zip(self, name).allSatisfy { byte, wanted in
                byte == wanted || (byte &- 65 < 26 && byte | 0x20 == wanted)
            }
    }
}
