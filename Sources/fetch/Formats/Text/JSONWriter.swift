// JSON that nests and may be larger than memory: what is written so far can leave while an object is still open.

import FetchKit

/// JSON that grows value by value; commas come by themselves.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(4096) }

    // MARK: Values

    mutating func add(_ key: StaticString, _ value: some BinaryInteger) {
        begin(key)
        append(value)
    }

    mutating func add(_ key: StaticString, _ value: Bool) {
        begin(key)
        append(raw: value ? "true" : "false")
    }

    mutating func add(_ key: StaticString, _ text: String) {
        string(key) { $0.append(text) }
    }

    /// Bytes that a server sent: UTF-8 when they are valid UTF-8, else each byte a character.
    mutating func add(_ key: StaticString, latin1 value: ArraySlice<UInt8>) {
        string(key) { $0.append(latin1: value) }
    }

    /// Microseconds as a number with a fraction.
    mutating func add(_ key: StaticString, milliseconds microseconds: Int64) {
        begin(key)
        let (whole, fraction) = microseconds.quotientAndRemainder(dividingBy: 1000)
        append(whole)
        guard fraction > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        for divisor in [100, 10, 1] as [Int64] { bytes.append(UInt8(ascii: "0") + UInt8(fraction / divisor % 10)) }
    }

    mutating func object(_ key: StaticString? = nil, _ members: (inout JSONWriter) throws -> Void) rethrows {
        begin(key)
        bytes.append(UInt8(ascii: "{"))
        try members(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    mutating func array(_ key: StaticString, _ elements: (inout JSONWriter) throws -> Void) rethrows {
        begin(key)
        bytes.append(UInt8(ascii: "["))
        try elements(&self)
        bytes.append(UInt8(ascii: "]"))
    }

    /// A string whose inside `content` appends.
    mutating func string(_ key: StaticString, _ content: (inout JSONWriter) throws -> Void) rethrows {
        begin(key)
        bytes.append(UInt8(ascii: "\""))
        try content(&self)
        bytes.append(UInt8(ascii: "\""))
    }

    // MARK: Parts

    /// What needs no escaping: punctuation between objects, or the inside of a string.
    mutating func append(raw text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func append(raw text: [UInt8]) {
        bytes.append(contentsOf: text)
    }

    /// The inside of a string: valid UTF-8, or a part of it.
    mutating func append(_ text: UnsafeRawBufferPointer) {
        JSONText.append(text, to: &bytes)
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { JSONText.append(UnsafeRawBufferPointer($0), to: &bytes) }
    }

    /// The inside of a string.
    mutating func append(latin1 value: ArraySlice<UInt8>) {
        value.withUnsafeBytes { value in
            var validator = UTF8Validator()
            validator.check(value)
            if validator.isValid { return JSONText.append(value, to: &bytes) }
            append(String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) })))
        }
    }

    /// Lets what is there go, if it is much.
    mutating func drain(into sink: any ByteSink) throws {
        guard bytes.count > 128 << 10 else { return }
        try sink.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ value: some BinaryInteger) {
        if value >= 0 && value < 10 { return bytes.append(UInt8(ascii: "0") + UInt8(value)) }
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Only a string leaves while it is open, so that the last byte always tells whether something stands before.
    private mutating func begin(_ key: StaticString?) {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\n"): break
        default: bytes.append(UInt8(ascii: ","))
        }
        guard let key else { return }
        bytes.append(UInt8(ascii: "\""))
        append(raw: key)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }
}
