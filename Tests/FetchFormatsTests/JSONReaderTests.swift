import Testing

@testable import FetchFormats

@Suite("JSON that is read") struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)[...]).value }

    @Test(
        "Values are what they are for jq",
        arguments: [
            (#"{}"#, .object([:])), (#" [ ] "#, .array([])),
            (#"{"a":1,"b":[true,false,null]}"#, .object(["a": .number("1"), "b": .array([.bool(true), .bool(false), .null])])),
            (#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00é""#, .string("\"\\/\u{8}\u{C}\n\r\tAé\u{1F600}é")), (#""\u0000""#, .string("\0")),
            ("\t{\r\n\"a\" : \"\" }", .object(["a": .string("")])),
        ] as [(String, JSONValue)]) func values(text: String, value: JSONValue) throws
    {
        #expect(try read(text) == value)
    }

    @Test(
        "Numbers stay as they are written",
        arguments: [
            "0", "-0", "1234567890123456789", "1.0", "-1.50e+10", "1E400", "0.1e-7", "12345678901234567890123456789012345678901234567890",
        ])
    func numbers(text: String) throws {
        #expect(try read(text) == .number(text) && read("[\(text) ]") == .array([.number(text)]))
    }

    @Test(
        "What is no JSON is refused",
        arguments: [
            "", " ", "{", "}", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:2}",
            "{\"a\" 1}", "{\"a\":1 \"b\":2}", "01", "1.", ".1",
            "+1", "-", "1e", "1e+", "0x1", "NaN", "Infinity", "tru", "truex", "nul", "'a'", "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"",
            "\"\\u+123\"", "\"\\ud800\"",
            "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"", "\"\u{1}\"", "1 2", "{} {}", "[1]]", "\u{FEFF}1", "// x\n1",
        ]) func faults(text: String)
    {
        #expect(throws: InvalidJSON.self) { try read(text) }
    }

    @Test("Bytes that are no UTF-8 are refused, and so is nesting without end") func bytes() {
        #expect(throws: InvalidJSON.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
        #expect(throws: InvalidJSON.self) { try read(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: Never.self) { try read(String(repeating: "[", count: 500) + String(repeating: "]", count: 500)) }
    }

    @Test("A key that is there twice is told, at any depth") func repeated() throws {
        #expect(try JSONReader.read(Array(#"{"a":1,"\u0061":2}"#.utf8)[...]).repeatedKey == "a")
        #expect(try JSONReader.read(Array(#"[{"b":{"a":1,"a":2}}]"#.utf8)[...]).repeatedKey == "a")
        #expect(try JSONReader.read(Array(#"[{"a":1},{"a":{"a":2}}]"#.utf8)[...]).repeatedKey == nil)
    }
}
