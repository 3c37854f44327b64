// JSON that nests and may be larger than memory: what is written so far can leave while an object is still open.

import FetchKit

/// JSON that grows value by value; commas come by themselves.
package struct JSONWriter: ~Copyable {
    package private(set) var buffer = ByteBuffer(capacity: 4096)

    package init() {}

    package var bytes: [UInt8] { buffer.array }

    consuming func finish() -> ByteBuffer { buffer }

    // MARK: Values

    package mutating func add(_ key: StaticString, _ value: some BinaryInteger) {
        begin(key)
        buffer.append(decimal: Int(truncatingIfNeeded: value))
    }

    package mutating func addNull(_ key: StaticString) {
        begin(key)
        append(raw: "null")
    }

    /// With six decimals; null when it is no number, or too large to be exact.
    package mutating func add(_ key: StaticString, number value: Double) {
        guard let millionths = Int(exactly: (value * 1_000_000).rounded()) else { return addNull(key) }
        begin(key)
        buffer.append(millionths: millionths)
    }

    /// With six decimals.
    package mutating func add(_ key: StaticString, seconds value: Duration) { add(key, microseconds: value.microseconds) }

    /// As seconds with six decimals.
    package mutating func add(_ key: StaticString, microseconds value: Int64) {
        begin(key)
        buffer.append(millionths: Int(value))
    }

    package mutating func add(_ key: StaticString, _ value: Bool) {
        begin(key)
        append(raw: value ? "true" : "false")
    }

    package mutating func add(_ key: StaticString, _ text: String) {
        string(key) { $0.append(text) }
    }

    /// Bytes that a server sent: UTF-8 when they are valid UTF-8, else each byte a character.
    package mutating func add(_ key: StaticString, latin1 value: ArraySlice<UInt8>) {
        string(key) { json in value.withUnsafeBytes { json.append(latin1: $0) } }
    }

    /// Microseconds as a number with a fraction.
    package mutating func add(_ key: StaticString, milliseconds microseconds: Int64) {
        begin(key)
        let (whole, fraction) = microseconds.quotientAndRemainder(dividingBy: 1000)
        buffer.append(decimal: Int(whole))
        guard fraction > 0 else { return }
        buffer.append(UInt8(ascii: "."))
        for divisor in [100, 10, 1] as [Int64] { buffer.append(UInt8(ascii: "0") + UInt8(fraction / divisor % 10)) }
    }

    package mutating func object(_ key: StaticString? = nil, _ members: (inout JSONWriter) throws -> Void) rethrows {
        begin(key)
        try enclose("{", members, "}")
    }

    package mutating func array(_ key: StaticString, _ elements: (inout JSONWriter) throws -> Void) rethrows {
        begin(key)
        try enclose("[", elements, "]")
    }

    /// A string whose inside `content` appends.
    mutating func string(_ key: StaticString, _ content: (inout JSONWriter) throws -> Void) rethrows {
        begin(key)
        try quote(content)
    }

    // MARK: Keys that are known only now

    package mutating func add(text key: String, _ value: Int) {
        begin(text: key)
        buffer.append(decimal: value)
    }

    package mutating func add(text key: String, _ value: String) {
        begin(text: key)
        quote { $0.append(value) }
    }

    package mutating func addNull(text key: String) {
        begin(text: key)
        append(raw: "null")
    }

    package mutating func array(text key: String, _ elements: [String]) {
        begin(text: key)
        enclose("[", { json in for element in elements { json.add(element: element) } }, "]")
    }

    private mutating func add(element: String) {
        separate()
        quote { $0.append(element) }
    }

    package mutating func object(text key: String, _ members: (inout JSONWriter) throws -> Void) rethrows {
        begin(text: key)
        try enclose("{", members, "}")
    }

    /// `name` is that of a header field.
    mutating func array(lowercasing name: UnsafeRawBufferPointer, _ elements: (inout JSONWriter) throws -> Void) rethrows {
        separate()
        quote { json in
            // A name that is none may have anything in it.
            let isPlain = name.allSatisfy { $0 == UInt8(ascii: "-") || $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 26 }
            if isPlain { json.buffer.append(lowercasing: name) } else { name.map(\.lowercased).withUnsafeBytes { json.append(latin1: $0) } }
        }
        buffer.append(UInt8(ascii: ":"))
        try enclose("[", elements, "]")
    }

    /// An element of an array.
    package mutating func add(latin1 value: UnsafeRawBufferPointer) {
        separate()
        quote { $0.append(latin1: value) }
    }

    // MARK: Parts

    /// A separator of one's own before the next member, if it is not the first. It must end with a line end.
    mutating func separate(by text: StaticString) {
        if let last = buffer.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { append(raw: text) }
    }

    /// What needs no escaping: punctuation between objects, or the inside of a string.
    package mutating func append(raw text: StaticString) {
        buffer.append(text)
    }

    package mutating func append(raw text: [UInt8]) {
        buffer.append(text)
    }

    package mutating func append(timestamp microseconds: Int64) { buffer.append(timestamp: microseconds) }

    /// The inside of a string: valid UTF-8, or a part of it.
    package mutating func append(_ text: UnsafeRawBufferPointer) {
        JSONText.append(text, to: &buffer)
    }

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { JSONText.append(UnsafeRawBufferPointer($0), to: &buffer) }
    }

    /// The inside of a string.
    package mutating func append(latin1 value: UnsafeRawBufferPointer) {
        var validator = UTF8Validator()
        validator.check(value)
        if validator.isValid { return JSONText.append(value, to: &buffer) }
        append(String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) })))
    }

    /// Lets what is there go, if it is much.
    package mutating func drain(into sink: any ByteSink) throws {
        guard buffer.count > 32 << 10 else { return }
        // It may be the first half of a control character.
        let isHalf = buffer.last == JSONText.controlLead
        if isHalf { buffer.truncate(to: buffer.count - 1) }
        try sink.write(buffer)
        buffer.removeAll()
        if isHalf { buffer.append(JSONText.controlLead) }
    }

    private mutating func begin(_ key: StaticString?) {
        separate()
        guard let key else { return }
        buffer.append(UInt8(ascii: "\""))
        buffer.append(key)
        buffer.append("\":")
    }

    private mutating func begin(text key: String) {
        separate()
        quote { $0.append(key) }
        buffer.append(UInt8(ascii: ":"))
    }

    /// Only a string leaves while it is open, so that the last byte always tells whether something stands before.
    private mutating func separate() {
        switch buffer.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\n"): break
        default: buffer.append(UInt8(ascii: ","))
        }
    }

    private mutating func quote(_ content: (inout JSONWriter) throws -> Void) rethrows {
        buffer.append(UInt8(ascii: "\""))
        try content(&self)
        buffer.append(UInt8(ascii: "\""))
    }

    private mutating func enclose(
        _ open: Unicode.Scalar, _ content: (inout JSONWriter) throws -> Void, _ close: Unicode.Scalar
    ) rethrows {
        buffer.append(UInt8(ascii: open))
        try content(&self)
        buffer.append(UInt8(ascii: close))
    }
}
