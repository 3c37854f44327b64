// What stands before the bytes of an entry: a pax extended header, and the ustar header that all programs know (POSIX.1-2001,
// "pax Interchange Format").

import FetchKit

/// Blocks of 512 bytes.
enum TarHeader {
    static let blockSize = 512

    /// Appends the headers of one entry. `name` ends with a slash and `size` is nil for a folder. `comment` is UTF-8 without NUL.
    static func append(name: String, size: Int?, time: Int, comment: borrowing ByteBuffer, to archive: inout ByteBuffer) {
        // The name only serves programs that do not know pax, which would write the records into a file.
        let extended = archive.count
        appendBlock("PaxHeaders/comment", "x", time: time, to: &archive)
        let start = archive.count
        if name.utf8.count > 100 || !name.utf8.allSatisfy({ $0 < 0x80 }) {
            append(keyword: "path", length: name.utf8.count, to: &archive) { $0.append(name) }
        }
        if let size, size > largestSize {
            let digits = String(size)
            append(keyword: "size", length: digits.utf8.count, to: &archive) { $0.append(digits) }
        }
        append(keyword: "comment", length: comment.count, to: &archive) { records in comment.withUnsafeBytes { records.append($0) } }
        let length = archive.count - start
        archive.append(zeros: padding(length))
        setSize(length, ofBlockAt: extended, in: &archive)
        let entry = archive.count
        appendBlock(name, size == nil ? "5" : "0", time: time, to: &archive)
        setSize(size.map { $0 > largestSize ? 0 : $0 } ?? 0, ofBlockAt: entry, in: &archive)
    }

    /// How many zeros fill up the last block.
    static func padding(_ size: Int) -> Int { (blockSize - size % blockSize) % blockSize }

    /// What eleven octal digits hold.
    private static let largestSize = 1 << 33 - 1

    /// A pax record: its length in decimal, itself included, a space, keyword=value, and a line end. `length` is that of the value.
    static func append(keyword: StaticString, length: Int, to records: inout ByteBuffer, _ value: (inout ByteBuffer) -> Void) {
        let rest = keyword.utf8CodeUnitCount + length + 3
        var total = rest
        while String(total).utf8.count + rest != total { total = String(total).utf8.count + rest }
        records.append(decimal: total)
        records.append(UInt8(ascii: " "))
        records.append(keyword)
        records.append(UInt8(ascii: "="))
        value(&records)
        records.append(UInt8(ascii: "\n"))
    }

    private static func appendBlock(_ name: String, _ type: Unicode.Scalar, time: Int, to archive: inout ByteBuffer) {
        archive.append(upTo: blockSize) { block in
            block.update(repeating: 0, count: blockSize)
            // A name that does not fit is in the pax header; what stands here is for programs that have no better one.
            for (position, byte) in name.utf8.prefix(100).enumerated() { block[position] = byte < 0x80 ? byte : UInt8(ascii: "_") }
            put(type == "5" ? 0o755 : 0o644, 7, block + 100)
            put(0, 7, block + 108)
            put(0, 7, block + 116)
            put(max(0, min(time, largestSize)), 11, block + 136)
            block[156] = UInt8(ascii: type)
            for (position, byte) in "ustar\u{0}00".utf8.enumerated() { block[257 + position] = byte }
            return blockSize
        }
    }

    /// Completes a block with a size and the sum of its bytes.
    private static func setSize(_ size: Int, ofBlockAt position: Int, in archive: inout ByteBuffer) {
        archive.withBytes(at: position) { block in
            put(size, 11, block + 124)
            var sums = SIMD16<UInt16>.zero
            for position in stride(from: 0, to: blockSize, by: 16) {
                let bytes = UnsafeRawPointer(block + position).loadUnaligned(as: SIMD16<UInt8>.self)
                sums &+= SIMD16<UInt16>(truncatingIfNeeded: bytes)
            }
            // The sum is made as if its own eight bytes were spaces.
            put(8 * 0x20 + Int(sums.wrappedSum()), 6, block + 148)
            block[155] = UInt8(ascii: " ")
        }
    }

    /// Octal digits with leading zeros.
    private static func put(_ number: Int, _ width: Int, _ digits: UnsafeMutablePointer<UInt8>) {
        var rest = number
        for place in (0..<width).reversed() {
            digits[place] = UInt8(0x30 + rest & 7)
            rest >>= 3
        }
    }
}
