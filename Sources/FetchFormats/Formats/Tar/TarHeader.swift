// What stands before the bytes of an entry: a pax extended header, and the ustar header that all programs know (POSIX.1-2001,
// "pax Interchange Format").

/// The headers of one entry.
struct TarHeader {
    static let blockSize = 512

    private(set) var bytes: [UInt8] = []

    /// `name` ends with a slash and `size` is nil for a folder. `comment` is UTF-8 without NUL.
    init(name: String, size: Int?, time: Int, comment: [UInt8]) {
        let path = Array(name.utf8)
        var records: [UInt8] = []
        records.reserveCapacity(comment.count + path.count + 64)
        if path.count > 100 || path.contains(where: { $0 >= 0x80 }) { Self.append("path", path, to: &records) }
        if let size, size > Self.largestSize { Self.append("size", Array(String(size).utf8), to: &records) }
        Self.append("comment", comment, to: &records)
        bytes.reserveCapacity(3 * Self.blockSize + records.count)
        // The name only serves programs that do not know pax, which would write the records into a file.
        append(Self.block(Array("PaxHeaders/comment".utf8), "x", size: records.count, time: time))
        bytes.append(contentsOf: records)
        bytes.append(contentsOf: repeatElement(0, count: Self.padding(records.count)))
        append(Self.block(path, size == nil ? "5" : "0", size: size.map { $0 > Self.largestSize ? 0 : $0 } ?? 0, time: time))
    }

    /// Zeros that fill up the last block.
    static func padding(_ size: Int) -> Int { (blockSize - size % blockSize) % blockSize }

    /// What eleven octal digits hold.
    private static let largestSize = 1 << 33 - 1

    /// A pax record: its length in decimal, itself included, a space, keyword=value, and a line end.
    static func append(_ keyword: String, _ value: [UInt8], to records: inout [UInt8]) {
        let rest = keyword.utf8.count + value.count + 3
        var length = rest
        while String(length).utf8.count + rest != length { length = String(length).utf8.count + rest }
        records.append(contentsOf: "\(length) \(keyword)=".utf8)
        records.append(contentsOf: value)
        records.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ block: [UInt8]) { bytes.append(contentsOf: block) }

    private static func block(_ name: [UInt8], _ type: Unicode.Scalar, size: Int, time: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        // A name that does not fit is in the pax header; what stands here is for programs that have no better one.
        for (position, byte) in name.prefix(100).enumerated() { block[position] = byte < 0x80 ? byte : UInt8(ascii: "_") }
        put(type == "5" ? 0o755 : 0o644, 7, at: 100, &block)
        put(0, 7, at: 108, &block)
        put(0, 7, at: 116, &block)
        put(size, 11, at: 124, &block)
        put(max(0, min(time, largestSize)), 11, at: 136, &block)
        block[156] = UInt8(ascii: type)
        for (position, byte) in "ustar\u{0}00".utf8.enumerated() { block[257 + position] = byte }
        // The sum is made as if its own eight bytes were spaces.
        put(block.reduce(8 * 0x20) { $0 + Int($1) }, 6, at: 148, &block)
        block[155] = UInt8(ascii: " ")
        return block
    }

    /// Octal digits with leading zeros.
    private static func put(_ number: Int, _ width: Int, at position: Int, _ block: inout [UInt8]) {
        var rest = number
        for place in (position..<(position + width)).reversed() {
            block[place] = UInt8(0x30 + rest & 7)
            rest >>= 3
        }
    }
}
