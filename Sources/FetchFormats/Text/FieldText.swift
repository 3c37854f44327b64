// What a header field holds is bytes, and formats for programs want characters.

extension ArraySlice<UInt8> {
    /// As UTF-8: the bytes themselves if they are valid UTF-8, else each byte a character, as HTTP once had it (ISO-8859-1).
    var utf8Text: [UInt8] {
        var validator = UTF8Validator()
        withUnsafeBytes { validator.check($0) }
        return validator.isValid ? Array(self) : Array(String(String.UnicodeScalarView(map { Unicode.Scalar($0) })).utf8)
    }
}

extension ByteBuffer {
    /// Appends the text that the bytes of a header field are.
    mutating func append(field bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { value in
            var validator = UTF8Validator()
            validator.check(value)
            if validator.isValid { append(value) } else { append(bytes.utf8Text) }
        }
    }
}
