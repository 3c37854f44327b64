// JSON as bytes (RFC 8259). Written by us because it is most of the work of the jsonl format, and because the values are
// bytes from servers, not strings.

import FetchKit

/// One JSON object that grows key by key. Left open: the writer closes it.
struct JSONObject {
    private(set) var bytes: [UInt8] = []
    private var isContinued = false

    init() {
        bytes.reserveCapacity(2048)
        bytes.append(UInt8(ascii: "{"))
    }

    /// An object of which the beginning is written already.
    init(continuing: Bool) {
        isContinued = continuing
    }

    /// A value alone.
    static func value(_ fact: Fact) -> [UInt8] {
        var object = JSONObject(continuing: true)
        object.append(fact)
        return object.bytes
    }

    /// The inside of an object of header fields.
    static func members(_ response: ResponseHead, separator: StaticString) -> [UInt8] {
        var object = JSONObject(continuing: true)
        object.appendMembers(response, separator)
        return object.bytes
    }

    mutating func add(_ key: StaticString, _ fact: Fact) {
        begin(key)
        append(fact)
    }

    private mutating func append(_ fact: Fact) {
        switch fact {
        case .missing: bytes.append(contentsOf: "null".utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .seconds(let value): bytes.append(contentsOf: value.secondsText.utf8)
        case .flag(let value): bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
        case .text(var text): quote { bytes in text.withUTF8 { JSONText.append(UnsafeRawBufferPointer($0), to: &bytes) } }
        case .field(let value): append(latin1: value)
        case .headers(let response): append(response)
        case .redirects(let hops): append(hops)
        }
    }

    /// Lower-case names, each with the array of its values in order of arrival.
    private mutating func append(_ response: ResponseHead) {
        bytes.append(UInt8(ascii: "{"))
        appendMembers(response, ",")
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func appendMembers(_ response: ResponseHead, _ separator: StaticString) {
        var names: [[UInt8]] = []
        var values: [[UInt8]: [ArraySlice<UInt8>]] = [:]
        for field in response.fields {
            let name = field.name.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }
            if values[name] == nil { names.append(name) }
            values[name, default: []].append(field.value)
        }
        for (position, name) in names.enumerated() {
            if position > 0 { separator.withUTF8Buffer { bytes.append(contentsOf: $0) } }
            append(latin1: name[...])
            bytes.append(UInt8(ascii: ":"))
            list("[", values[name]!, "]") { $0.append(latin1: $1) }
        }
    }

    private mutating func append(_ hops: ArraySlice<Hop>) {
        list("[", hops, "]") { object, hop in
            var inner = JSONObject()
            inner.add("url", .text(hop.url.description))
            inner.add("response_code", .integer(hop.response?.statusCode))
            inner.add("time_total", .seconds(hop.timings.total))
            object.bytes.append(contentsOf: inner.bytes)
            object.bytes.append(UInt8(ascii: "}"))
        }
    }

    // MARK: Parts

    private mutating func begin(_ key: StaticString) {
        if bytes.count > 1 || isContinued { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(latin1 value: ArraySlice<UInt8>) {
        quote { bytes in value.utf8Text.withUnsafeBytes { JSONText.append($0, to: &bytes) } }
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
