// Bytes that a format puts together. An array checks at each append whether it is shared and has room, by calls that are not inlined, and
// a record has a hundred appends.

/// Bytes that grow at the end. Not copyable, so that an append never has to make a copy first.
package struct ByteBuffer: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    package private(set) var count = 0

    /// `capacity` is in bytes, and the first one.
    package init(capacity: Int = 2048) {
        start = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { start.deallocate() }

    package var array: [UInt8] { withUnsafeBytes { Array($0) } }

    var string: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

    var isEmpty: Bool { count == 0 }

    var last: UInt8? { count == 0 ? nil : start[count - 1] }

    package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try body(UnsafeRawBufferPointer(start: start, count: count))
    }

    func contains(from position: Int, where isWanted: (UInt8) -> Bool) -> Bool {
        for position in position..<count where isWanted(start[position]) { return true }
        return false
    }

    package mutating func append(_ byte: UInt8) {
        if count == capacity { grow(by: 1) }
        start[count] = byte
        count += 1
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        append(upTo: bytes.count) { room in
            UnsafeMutableRawPointer(room).copyMemory(from: source, byteCount: bytes.count)
            return bytes.count
        }
    }

    package mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    package mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    package mutating func append(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { append($0) } }

    /// Appends what `write` writes, which is no more than `most` bytes, and returns how many that were.
    mutating func append(upTo most: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int) {
        if capacity - count < most { grow(by: most) }
        count += write(start + count)
    }

    /// Appends with ASCII letters in lower case.
    mutating func append(lowercasing bytes: UnsafeRawBufferPointer) {
        append(upTo: bytes.count) { room in
            var length = 0
            for byte in bytes {
                room[length] = byte.lowercased
                length += 1
            }
            return length
        }
    }

    /// Changes bytes that are there.
    mutating func withBytes(at position: Int, _ change: (UnsafeMutablePointer<UInt8>) -> Void) { change(start + position) }

    /// Replaces bytes from a position on.
    mutating func replace(from position: Int, with replacement: UInt8, where isWrong: (UInt8) -> Bool) {
        for position in position..<count where isWrong(start[position]) { start[position] = replacement }
    }

    mutating func append(zeros number: Int) {
        append(upTo: number) { room in
            room.update(repeating: 0, count: number)
            return number
        }
    }

    subscript(position: Int) -> UInt8 { start[position] }

    package mutating func removeAll() { count = 0 }

    /// Removes the bytes from `position` on and returns them.
    mutating func takeBytes(from position: Int) -> [UInt8] {
        defer { count = position }
        return withUnsafeBytes { Array($0[position...]) }
    }

    /// Removes the last bytes, down to the first `length` ones.
    mutating func truncate(to length: Int) { count = length }

    private mutating func grow(by more: Int) {
        capacity = max(2 * capacity, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }
}

extension UInt8 {
    var lowercased: UInt8 { self &- 65 < 26 ? self | 0x20 : self }
}

// MARK: Numbers

extension ByteBuffer {
    mutating func append(decimal value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude, width: 1)
    }

    /// With leading zeros up to a width of 1 to 6.
    mutating func append(decimal value: UInt, width: Int) {
        var length = 1
        var limit: UInt = 10
        while length < width {
            length += 1
            limit *= 10
        }
        while value >= limit && length < 20 {
            length += 1
            limit &*= 10
        }
        append(upTo: length) { room in
            var rest = value
            for place in (0..<length).reversed() {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            }
            return length
        }
    }

    /// A number with six decimals.
    mutating func append(millionths: Int) {
        if millionths < 0 { append(UInt8(ascii: "-")) }
        let (whole, fraction) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        append(decimal: whole, width: 1)
        append(UInt8(ascii: "."))
        append(decimal: fraction, width: 6)
    }
}

extension ByteSink {
    package func write(_ buffer: borrowing ByteBuffer) throws {
        try buffer.withUnsafeBytes { try write($0) }
    }
}
