// JSON that nests and may be larger than memory: what is written so far can leave while an object is still open.

import FetchKit

/// JSON that grows value by value; commas come by themselves.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []

    package init() { bytes.reserveCapacity(4096) }

    // MARK: Values

    package mutating func add(_ key: StaticString, _ value: some BinaryInteger) {
        begin(key)
        JSONText.append(Int(truncatingIfNeeded: value), to: &bytes)
    }

    package mutating func addNull(_ key: StaticString) {
        begin(key)
        append(raw: "null")
    }

    /// With six decimals; null when it is no number, or too large to be exact.
    package mutating func add(_ key: StaticString, number value: Double) {
        guard let millionths = Int(exactly: (value * 1_000_000).rounded()) else { return addNull(key) }
        begin(key)
        JSONText.append(millionths: millionths, to: &bytes)
    }

    /// With six decimals.
    package mutating func add(_ key: StaticString, seconds value: Duration) {
        begin(key)
        JSONText.append(millionths: Int(value.microseconds), to: &bytes)
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
        string(key) { $0.append(latin1: value) }
    }

    /// Microseconds as a number with a fraction.
    package mutating func add(_ key: StaticString, milliseconds microseconds: Int64) {
        begin(key)
        let (whole, fraction) = microseconds.quotientAndRemainder(dividingBy: 1000)
        JSONText.append(Int(whole), to: &bytes)
        guard fraction > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        for divisor in [100, 10, 1] as [Int64] { bytes.append(UInt8(ascii: "0") + UInt8(fraction / divisor % 10)) }
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
        JSONText.append(value, to: &bytes)
    }

    package mutating func object(text key: String, _ members: (inout JSONWriter) throws -> Void) rethrows {
        begin(text: key)
        try enclose("{", members, "}")
    }

    package mutating func array(latin1 key: ArraySlice<UInt8>, _ elements: (inout JSONWriter) throws -> Void) rethrows {
        separate()
        quote { $0.append(latin1: key) }
        bytes.append(UInt8(ascii: ":"))
        try enclose("[", elements, "]")
    }

    /// An element of an array.
    package mutating func add(latin1 value: ArraySlice<UInt8>) {
        separate()
        quote { $0.append(latin1: value) }
    }

    // MARK: Parts

    /// A separator of one's own before the next member, if it is not the first. It must end with a line end.
    mutating func separate(by text: StaticString) {
        if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { append(raw: text) }
    }

    /// What needs no escaping: punctuation between objects, or the inside of a string.
    package mutating func append(raw text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    package mutating func append(raw text: [UInt8]) {
        bytes.append(contentsOf: text)
    }

    /// The inside of a string: valid UTF-8, or a part of it.
    package mutating func append(_ text: UnsafeRawBufferPointer) {
        JSONText.append(text, to: &bytes)
    }

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { JSONText.append(UnsafeRawBufferPointer($0), to: &bytes) }
    }

    /// The inside of a string.
    package mutating func append(latin1 value: ArraySlice<UInt8>) {
        value.withUnsafeBytes { value in
            var validator = UTF8Validator()
            validator.check(value)
            if validator.isValid { return JSONText.append(value, to: &bytes) }
            append(String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) })))
        }
    }

    /// Lets what is there go, if it is much.
    package mutating func drain(into sink: any ByteSink) throws {
        guard bytes.count > 128 << 10 else { return }
        // It may be the first half of a control character.
        let last = bytes.last == JSONText.controlLead ? bytes.popLast() : nil
        try sink.write(bytes)
        bytes.removeAll(keepingCapacity: true)
        if let last { bytes.append(last) }
    }

    private mutating func begin(_ key: StaticString?) {
        separate()
        guard let key else { return }
        bytes.append(UInt8(ascii: "\""))
        append(raw: key)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func begin(text key: String) {
        separate()
        quote { $0.append(key) }
        bytes.append(UInt8(ascii: ":"))
    }

    /// Only a string leaves while it is open, so that the last byte always tells whether something stands before.
    private mutating func separate() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\n"): break
        default: bytes.append(UInt8(ascii: ","))
        }
    }

    private mutating func quote(_ content: (inout JSONWriter) throws -> Void) rethrows {
        bytes.append(UInt8(ascii: "\""))
        try content(&self)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func enclose(
        _ open: Unicode.Scalar, _ content: (inout JSONWriter) throws -> Void, _ close: Unicode.Scalar
    ) rethrows {
        bytes.append(UInt8(ascii: open))
        try content(&self)
        bytes.append(UInt8(ascii: close))
    }
}
