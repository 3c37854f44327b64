// Chunks undone by us (RFC 9112 section 7.1): where a body is kept as it went over the wire, libcurl hands the chunks on, and what
// is inside them must be proved and hashed all the same.

/// An incremental decoder of `Transfer-Encoding: chunked`.
package struct ChunkedDecoder {
    package enum State: Equatable, Sendable {
        case size
        case sizeExtension
        case data
        case dataEnd
        case trailer
        /// The last chunk and the trailers are over.
        case done
        case failed
        /// A line with a chunk's size, or all trailers, are larger than any that is meant well.
        case overLimit
    }

    /// Of the line with the size of one chunk, its extensions included, and of all trailers together.
    package static let mostLineBytes = 100 << 10

    package private(set) var state = State.size
    /// Bytes left of the chunk at hand.
    private var left: UInt64 = 0
    private var hasDigits = false
    /// Bytes of the line at hand, or of the trailers so far.
    private var lineBytes = 0
    /// The trailer's line at hand has something in it.
    private var isLineFilled = false

    package init() {}

    /// Takes what comes next and hands on what is inside chunks.
    package mutating func decode(_ bytes: UnsafeRawBufferPointer, _ deliver: (UnsafeRawBufferPointer) -> Void) {
        var position = 0
        while position < bytes.count, state != .done, state != .failed, state != .overLimit {
            if state == .data {
                let count = Int(min(left, UInt64(bytes.count - position)))
                deliver(UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)]))
                position += count
                left -= UInt64(count)
                if left == 0 { state = .dataEnd }
            } else {
                take(bytes[position])
                position += 1
            }
        }
    }

    private mutating func take(_ byte: UInt8) {
        let isLineEnd = byte == UInt8(ascii: "\n")
        switch state {
        case .size:
            if let digit = hexadecimalDigit(byte), left >> 60 == 0 {
                left = left << 4 | UInt64(digit)
                hasDigits = true
            } else if isLineEnd, hasDigits {
                beginChunk()
            } else {
                state =
                    hasDigits && [UInt8(ascii: ";"), UInt8(ascii: "\r"), UInt8(ascii: " "), UInt8(ascii: "\t")].contains(byte)
                    ? .sizeExtension : .failed
            }
        case .sizeExtension: if isLineEnd { beginChunk() }
        case .dataEnd:
            if isLineEnd {
                (state, hasDigits) = (.size, false)
            } else if byte != UInt8(ascii: "\r") {
                state = .failed
            }
        case .trailer:
            if isLineEnd {
                if !isLineFilled { state = .done }
                isLineFilled = false
            } else if byte != UInt8(ascii: "\r") {
                isLineFilled = true
            }
        case .data, .done, .failed, .overLimit: break
        }
        lineBytes += 1
        if lineBytes > Self.mostLineBytes { state = .overLimit }
    }

    private mutating func beginChunk() {
        state = left == 0 ? .trailer : .data
        lineBytes = 0
    }
}
