// What JSON does to text (RFC 8259). Written by us because it is most of the work of several formats, and because the
// values are bytes from servers, not strings.

/// The inside of JSON values, as bytes.
enum JSONText {
    /// The first byte of the control characters U+0080 to U+009F in UTF-8, and of the characters up to U+00BF.
    static let controlLead: UInt8 = 0xC2

    /// Appends valid UTF-8, or a part of it, with quotes, backslashes and control characters escaped: those of one byte and, as
    /// terminals obey them as well, those of two.
    static func append(_ text: UnsafeRawBufferPointer, to bytes: inout ByteBuffer) {
        var plainStart = 0
        var position = 0
        if bytes.last == controlLead, let byte = text.first, 0x80...0x9F ~= byte {
            // The part before ended in the middle of it.
            bytes.truncate(to: bytes.count - 1)
            escape(byte, &bytes)
            (plainStart, position) = (1, 1)
        }
        while position < text.count {
            // Eight bytes at a time: most of them need nothing.
            while position + 8 <= text.count, isPlain(text.loadUnaligned(fromByteOffset: position, as: UInt64.self)) {
                position += 8
            }
            let end = min(position + 8, text.count)
            while position < end {
                let byte = text[position]
                let isPair = byte == controlLead && position + 1 < text.count && 0x80...0x9F ~= text[position + 1]
                if isPair || needsEscape(byte) {
                    bytes.append(UnsafeRawBufferPointer(rebasing: text[plainStart..<position]))
                    if isPair { position += 1 }
                    plainStart = position + 1
                    escape(text[position], &bytes)
                }
                position += 1
            }
        }
        bytes.append(UnsafeRawBufferPointer(rebasing: text[plainStart...]))
    }

    /// Appends text in ASCII alone, as Python's json has it.
    static func append(ascii text: String, to bytes: inout ByteBuffer) {
        for unit in text.utf16 {
            if unit >= 0x80 {
                bytes.append("\\u")
                for shift in [12, 8, 4, 0] as [UInt16] { bytes.append(digit(UInt8(unit >> shift & 15))) }
            } else if needsEscape(UInt8(unit)) {
                escape(UInt8(unit), &bytes)
            } else {
                bytes.append(UInt8(unit))
            }
        }
    }

    /// Whether none of the eight bytes needs an escape. A byte of zero is found by what borrows from it; the other four are zero
    /// after an exclusive or.
    private static func isPlain(_ bytes: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = bytes ^ (ones &* 0x22)
        let backslash = bytes ^ (ones &* 0x5C)
        let delete = bytes ^ (ones &* 0x7F)
        let lead = bytes ^ (ones &* UInt64(controlLead))
        let found =
            (bytes &- ones &* 0x20) & ~bytes | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (delete &- ones) & ~delete
            | (lead &- ones) & ~lead
        return found & (ones &* 0x80) == 0
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private static func escape(_ byte: UInt8, _ bytes: inout ByteBuffer) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append("u00")
            bytes.append(digit(byte >> 4))
            bytes.append(digit(byte & 15))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
