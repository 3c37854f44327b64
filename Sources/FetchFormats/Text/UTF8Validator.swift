// Whether bytes that come in pieces are UTF-8. Piecewise, because a body may be larger than memory and a character may lie
// across two pieces.

/// An incremental check for well-formed UTF-8 (Unicode 15, table 3-7).
struct UTF8Validator {
    /// Continuation bytes that the character at hand still needs.
    private var needed = 0
    /// The range of the next continuation byte.
    private var lower: UInt8 = 0x80
    private var upper: UInt8 = 0xBF
    private var hasFailed = false

    /// Whether everything so far is well-formed and ends with a whole character.
    var isValid: Bool { !hasFailed && needed == 0 }

    mutating func check(_ bytes: UnsafeRawBufferPointer) {
        if hasFailed { return }
        var position = 0
        while position < bytes.count {
            // Eight ASCII bytes at a time: most text is ASCII.
            if needed == 0 {
                while position + 8 <= bytes.count,
                    bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    position += 8
                }
                if position == bytes.count { return }
            }
            take(bytes[position])
            if hasFailed { return }
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8) {
        if needed > 0 {
            hasFailed = byte < lower || byte > upper
            (lower, upper) = (0x80, 0xBF)
            needed -= 1
            return
        }
        switch byte {
        case 0x00...0x7F: break
        case 0xC2...0xDF: needed = 1
        case 0xE0: (needed, lower) = (2, 0xA0)
        case 0xED: (needed, upper) = (2, 0x9F)
        case 0xE1...0xEF: needed = 2
        case 0xF0: (needed, lower) = (3, 0x90)
        case 0xF1...0xF3: needed = 3
        case 0xF4: (needed, upper) = (3, 0x8F)
        default: hasFailed = true
        }
    }
}
