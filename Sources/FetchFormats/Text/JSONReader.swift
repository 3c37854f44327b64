// JSON as it is written (RFC 8259). Foundation's decoder makes a Double of every number, so that an identifier of 19 digits comes out
// changed, and takes one of two values of the same key.

/// Any JSON value.
enum JSONValue: Equatable {
    case null
    case bool(Bool)
    /// As it is written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

/// Text that is no JSON.
struct InvalidJSON: Error {}

/// Reads one value.
struct JSONReader {
    /// A key that an object has twice.
    private(set) var repeatedKey: String?
    private var rest: ArraySlice<UInt8>
    private var depth = 0
    private static let deepest = 512

    private init(_ text: ArraySlice<UInt8>) { rest = text }

    /// The value that the whole text is, and a key that is there twice in one object, if there is one.
    static func read(_ text: ArraySlice<UInt8>) throws(InvalidJSON) -> (value: JSONValue, repeatedKey: String?) {
        var reader = JSONReader(text)
        reader.skipBlanks()
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.rest.isEmpty else { throw InvalidJSON() }
        return (value, reader.repeatedKey)
    }

    private mutating func value() throws(InvalidJSON) -> JSONValue {
        switch rest.first {
        case UInt8(ascii: "{"): return .object(try nested { reader throws(InvalidJSON) in try reader.object() })
        case UInt8(ascii: "["): return .array(try nested { reader throws(InvalidJSON) in try reader.array() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested<Value>(_ read: (inout JSONReader) throws(InvalidJSON) -> Value) throws(InvalidJSON) -> Value {
        depth += 1
        guard depth <= Self.deepest else { throw InvalidJSON() }
        rest.removeFirst()
        skipBlanks()
        defer { depth -= 1 }
        return try read(&self)
    }

    private mutating func object() throws(InvalidJSON) -> [String: JSONValue] {
        var object: [String: JSONValue] = [:]
        if take("}") { return object }
        while true {
            let key = try string()
            skipBlanks()
            guard take(":") else { throw InvalidJSON() }
            skipBlanks()
            if object.updateValue(try value(), forKey: key) != nil { repeatedKey = repeatedKey ?? key }
            if try isAtEnd("}") { return object }
        }
    }

    private mutating func array() throws(InvalidJSON) -> [JSONValue] {
        var array: [JSONValue] = []
        if take("]") { return array }
        while true {
            array.append(try value())
            if try isAtEnd("]") { return array }
        }
    }

    /// Takes what follows a member: the bracket, or a comma and the blanks behind it.
    private mutating func isAtEnd(_ bracket: Unicode.Scalar) throws(InvalidJSON) -> Bool {
        skipBlanks()
        if take(bracket) { return true }
        guard take(",") else { throw InvalidJSON() }
        skipBlanks()
        return false
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(InvalidJSON) -> JSONValue {
        guard word.withUTF8Buffer({ rest.starts(with: $0) }) else { throw InvalidJSON() }
        rest = rest.dropFirst(word.utf8CodeUnitCount)
        return value
    }

    private mutating func number() throws(InvalidJSON) -> String {
        let start = rest
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return String(decoding: start[..<rest.startIndex], as: UTF8.self)
    }

    private mutating func digits() throws(InvalidJSON) {
        let count = rest.prefix { $0 &- 48 < 10 }.count
        guard count > 0 else { throw InvalidJSON() }
        rest = rest.dropFirst(count)
    }

    private mutating func string() throws(InvalidJSON) -> String {
        guard take("\"") else { throw InvalidJSON() }
        var bytes: [UInt8] = []
        while true {
            let plain = rest.prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 >= 0x20 }
            bytes += plain
            rest = rest[plain.endIndex...]
            if take("\"") { break }
            guard take("\\") else { throw InvalidJSON() }
            bytes += Array(String(try escaped()).utf8)
        }
        guard let string = String(validating: bytes, as: UTF8.self) else { throw InvalidJSON() }
        return string
    }

    private mutating func escaped() throws(InvalidJSON) -> Unicode.Scalar {
        switch rest.popFirst() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if code & 0xFC00 == 0xD800 {
                // The first half of a character beyond U+FFFF.
                guard take("\\"), take("u") else { throw InvalidJSON() }
                let low = try hexadecimal()
                guard low & 0xFC00 == 0xDC00 else { throw InvalidJSON() }
                code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
            }
            guard let scalar = Unicode.Scalar(code) else { throw InvalidJSON() }
            return scalar
        default: throw InvalidJSON()
        }
    }

    private mutating func hexadecimal() throws(InvalidJSON) -> UInt32 {
        let text = rest.prefix(4)
        guard text.count == 4, text.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
            let code = UInt32(String(decoding: text, as: UTF8.self), radix: 16)
        else { throw InvalidJSON() }
        rest = rest.dropFirst(4)
        return code
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }
}
