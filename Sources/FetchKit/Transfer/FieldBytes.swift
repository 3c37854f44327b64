// Names, values and lists of header fields as bytes (RFC 9110 section 5).

internal import Glibc

extension UnsafeRawBufferPointer {
    /// Compares with an ASCII name in lower case, whatever the case here (RFC 9110 section 5.1).
    func isNamed(_ name: StaticString) -> Bool {
        isNamed(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    func isNamed(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == name.count else { return false }
        for index in 0..<count where self[index] != name[index] {
            guard self[index] &- 65 < 26, self[index] | 0x20 == name[index] else { return false }
        }
        return true
    }

    /// Calls `receive` with the name and the value of each field of a head, whose first line is none. A line without a colon is no field.
    package func forEachField(_ receive: (_ name: Range<Int>, _ value: Range<Int>) -> Void) {
        guard var start = firstIndex(of: UInt8(ascii: "\n"), before: count).map({ $0 + 1 }) else { return }
        while start < count {
            let line = UnsafeRawBufferPointer(rebasing: self[start...])
            let end = line.firstIndex(of: UInt8(ascii: "\n"), before: line.count) ?? line.count
            if let colon = line.firstIndex(of: UInt8(ascii: ":"), before: end) {
                var (first, last) = (start + colon + 1, start + end)
                while first < last, self[first].isBlank { first += 1 }
                while last > first, self[last - 1].isBlank { last -= 1 }
                receive(start..<(start + colon), first..<last)
            }
            start += end + 1
        }
    }

    /// memchr(3), which reads many bytes at once.
    func firstIndex(of byte: UInt8, before end: Int) -> Int? {
        guard let start = baseAddress, let found = memchr(start, CInt(byte), end) else { return nil }
        return UnsafeRawPointer(found) - start
    }

    /// Without the white space and the line end around it.
    var trimmed: UnsafeRawBufferPointer {
        var (start, end) = (0, count)
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// The value of a field, behind its colon.
    var value: UnsafeRawBufferPointer {
        guard let colon = firstIndex(of: UInt8(ascii: ":"), before: count) else { return UnsafeRawBufferPointer(rebasing: self[count...]) }
        return UnsafeRawBufferPointer(rebasing: self[(colon + 1)...]).trimmed
    }

    /// Calls `body` with the items of a list, empty ones included (RFC 9110 section 5.6.1).
    func forEachItem(_ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        while true {
            let end = self[start...].firstIndex(of: UInt8(ascii: ",")) ?? count
            body(UnsafeRawBufferPointer(rebasing: self[start..<end]).trimmed)
            if end == count { return }
            start = end + 1
        }
    }

    /// Digits only; nil for anything else, and for what is more than 63 bits.
    var decimal: Int64? {
        guard !isEmpty else { return nil }
        var number: Int64 = 0
        for digit in self {
            guard digit &- 48 < 10 else { return nil }
            let (tens, isLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isLarger) = tens.addingReportingOverflow(Int64(digit &- 48))
            if isLarge || isLarger { return nil }
            number = sum
        }
        return number
    }
}
