// Bytes into lines, in bounded memory. Works on bytes because `readLine` turns what is no UTF-8 into something else.

/// Cuts blocks of a file into lines. A line that is too long is reported once, cut short, and its rest is skipped.
package struct LineSplitter {
    package enum Line: Equatable {
        /// Without its line end, be it LF or CRLF.
        case whole(ArraySlice<UInt8>)
        /// The start of a line that is longer than the limit.
        case tooLong(ArraySlice<UInt8>)

        /// As far as they are there.
        var bytes: ArraySlice<UInt8> {
            switch self {
            case .whole(let bytes), .tooLong(let bytes): bytes
            }
        }
    }

    /// In bytes.
    package static let limit = 1 << 20

    private var carry: [UInt8] = []
    private var isSkipping = false

    package init() {}

    /// Calls `receive` for each line that ends in this block.
    package mutating func split(_ block: ArraySlice<UInt8>, _ receive: (Line) -> Void) {
        var rest = block
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            finish(rest[..<end], receive)
            rest = rest[(end + 1)...]
        }
        hold(rest, receive)
    }

    /// The end of the file: a last line without a line end counts.
    package mutating func end(_ receive: (Line) -> Void) {
        if !carry.isEmpty { finish([], receive) }
        isSkipping = false
    }

    private mutating func finish(_ piece: ArraySlice<UInt8>, _ receive: (Line) -> Void) {
        defer { carry = [] }
        if isSkipping {
            isSkipping = false
            return
        }
        let line = carry.isEmpty ? piece : (carry + piece)[...]
        if line.count > Self.limit {
            receive(.tooLong(line.prefix(256)))
        } else {
            receive(.whole(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
        }
    }

    private mutating func hold(_ piece: ArraySlice<UInt8>, _ receive: (Line) -> Void) {
        guard !isSkipping else { return }
        carry += piece
        if carry.count > Self.limit {
            receive(.tooLong(carry.prefix(256)))
            carry = []
            isSkipping = true
        }
    }
}
