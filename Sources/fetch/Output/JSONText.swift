// JSON as bytes (RFC 8259). Written by us because it is most of the work of the jsonl format, and because the values are
// bytes from servers, not strings.

import FetchKit

/// One JSON object that grows key by key. Left open: the writer closes it.
struct JSONObject {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(2048)
        bytes.append(UInt8(ascii: "{"))
    }

    mutating func add(_ key: StaticString, _ value: String?) {
        begin(key)
        guard var value else { return appendNull() }
        quote { bytes in value.withUTF8 { JSONText.append(UnsafeRawBufferPointer($0), to: &bytes) } }
    }

    /// Bytes of a header: UTF-8 when they are valid UTF-8, else each byte a character, as HTTP once had it (ISO-8859-1).
    mutating func add(_ key: StaticString, latin1 value: ArraySlice<UInt8>?) {
        begin(key)
        if let value { append(latin1: value) } else { appendNull() }
    }

    mutating func add(_ key: StaticString, _ value: Int?) {
        begin(key)
        if let value { append(value) } else { appendNull() }
    }

    mutating func add(_ key: StaticString, _ value: Bool?) {
        begin(key)
        switch value {
        case true?: bytes.append(contentsOf: "true".utf8)
        case false?: bytes.append(contentsOf: "false".utf8)
        case nil: appendNull()
        }
    }

    /// Seconds with six decimals.
    mutating func add(_ key: StaticString, _ value: Duration?) {
        begin(key)
        if let value { append(value) } else { appendNull() }
    }

    /// Lower-case names, each with the array of its values in order of arrival; null without a response.
    mutating func addHeaders(_ key: StaticString, _ response: ResponseHead?) {
        begin(key)
        guard let response else { return appendNull() }
        var names: [[UInt8]] = []
        var values: [[UInt8]: [ArraySlice<UInt8>]] = [:]
        for field in response.fields {
            let name = field.name.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }
            if values[name] == nil { names.append(name) }
            values[name, default: []].append(field.value)
        }
        list("{", names, "}") { object, name in
            object.append(latin1: name[...])
            object.bytes.append(UInt8(ascii: ":"))
            object.list("[", values[name]!, "]") { $0.append(latin1: $1) }
        }
    }

    mutating func addRedirects(_ key: StaticString, _ hops: some Collection<Hop>) {
        begin(key)
        list("[", hops, "]") { object, hop in
            var inner = JSONObject()
            inner.add("url", hop.url.description)
            inner.add("response_code", hop.response?.statusCode)
            inner.add("time_total", hop.timings.total)
            object.bytes.append(contentsOf: inner.bytes)
            object.bytes.append(UInt8(ascii: "}"))
        }
    }

    // MARK: Parts

    private mutating func begin(_ key: StaticString) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func appendNull() { bytes.append(contentsOf: "null".utf8) }

    private mutating func append(_ value: Int) { bytes.append(contentsOf: String(value).utf8) }

    private mutating func append(_ value: Duration) {
        let (seconds, microseconds) = value.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        bytes.append(contentsOf: "\(seconds).\(digits(Int(microseconds), 6))".utf8)
    }

    private mutating func append(latin1 value: ArraySlice<UInt8>) {
        var validator = UTF8Validator()
        value.withUnsafeBytes { validator.check($0) }
        let text = validator.isValid ? Array(value) : Array(String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) })).utf8)
        quote { bytes in text.withUnsafeBytes { JSONText.append($0, to: &bytes) } }
    }

    private mutating func quote(_ append: (inout [UInt8]) -> Void) {
        bytes.append(UInt8(ascii: "\""))
        append(&bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func list<Elements: Collection>(
        _ open: Unicode.Scalar, _ elements: Elements, _ close: Unicode.Scalar,
        _ append: (inout JSONObject, Elements.Element) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            append(&self, element)
        }
        bytes.append(UInt8(ascii: close))
    }
}

/// The inside of a JSON string.
enum JSONText {
    /// Appends valid UTF-8 with quotes, backslashes and control characters escaped.
    static func append(_ text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        var plainStart = 0
        for position in text.indices {
            let byte = text[position]
            if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7F { continue }
            bytes.append(contentsOf: text[plainStart..<position])
            plainStart = position + 1
            escape(byte, &bytes)
        }
        bytes.append(contentsOf: text[plainStart...])
    }

    private static func escape(_ byte: UInt8, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        default:
            let hex = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(hex[Int(byte >> 4)])
            bytes.append(hex[Int(byte & 15)])
        }
    }
}
