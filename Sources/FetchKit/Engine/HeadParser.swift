// The response head as libcurl hands it over, line by line, and the few facts in it that decide about the body.

/// Collects the final response head. Interim heads (1xx) are replaced by the next one.
struct HeadParser {
    private(set) var head = ResponseHead()
    /// True after the empty line that ends a final head; lines after that are trailers and not kept.
    private(set) var isComplete = false
    private var isInterimOver = false

    private(set) var contentLength: Int64?
    private(set) var hasConflictingLengths = false
    /// A length that is no number, or none that any body can have.
    private(set) var hasImpossibleLength = false
    /// A length and chunks: the chunks count, but who knows what others make of it.
    var hasTwoFramings: Bool { isChunked && contentLength != nil }
    /// Codings in the order they were applied, lower case, `identity` left out.
    private(set) var contentCodings: [String] = []
    private(set) var isChunked = false
    /// Which part of the whole this is (RFC 9110 section 14.4).
    private(set) var contentRange: ContentRange?
    private(set) var location: [UInt8]?

    var statusCode: Int { head.statusCode }

    /// A 3xx status that is followed, with somewhere to go (RFC 9110 section 15.4).
    var isRedirect: Bool {
        location != nil && [301, 302, 303, 307, 308].contains(statusCode)
    }

    var isGzip: Bool { contentCodings == ["gzip"] || contentCodings == ["x-gzip"] }

    /// Whether this is exactly the rest of a body of which the first part is there.
    func continues(_ resumption: Request.Resumption) -> Bool {
        guard let contentRange, let last = contentRange.last, contentCodings.isEmpty else { return false }
        // Without the size of the whole nobody knows whether it is all of the rest.
        return contentRange.first == resumption.offset && contentRange.total.map { $0 - 1 == last } ?? false
    }

    /// Responses whose `Retry-After` means something (RFC 9110 section 10.2.3).
    var mayAskForPatience: Bool { [413, 429, 503].contains(statusCode) || (300..<400).contains(statusCode) }

    /// The last head that came is not the final one.
    var isInterim: Bool { isInterimOver || (100..<200).contains(statusCode) }

    /// Responses without content whatever their headers say (RFC 9112 section 6.3).
    var forbidsBody: Bool { statusCode < 200 || statusCode == 204 || statusCode == 304 }

    mutating func receive(_ line: UnsafeRawBufferPointer) {
        if isComplete {
            // Another head: what came before was a challenge that libcurl has answered. Anything else is a trailer.
            guard line.starts(with: "HTTP/".utf8) else { return }
            self = HeadParser()
        }
        if head.bytes.isEmpty || isInterimOver {
            self = HeadParser()
            head.bytes.reserveCapacity(512)
            head.statusCode = status(of: line)
        } else if line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") {
            // 101 is final for us: we never ask for an upgrade.
            if (100..<200).contains(statusCode) && statusCode != 101 { isInterimOver = true } else { isComplete = true }
        } else {
            notice(line)
        }
        head.bytes.append(contentsOf: line)
    }

    /// The number after the first space; libcurl has already refused lines that are no status line.
    private func status(of line: UnsafeRawBufferPointer) -> Int {
        line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix(3).reduce(0) { $0 * 10 + Int($1 &- 48) }
    }

    private mutating func notice(_ line: UnsafeRawBufferPointer) {
        switch line.first.map({ $0 | 0x20 }) {
        case UInt8(ascii: "c"):
            if let value = value(of: "content-length", in: line) {
                let length = number(value)
                if length == nil { hasImpossibleLength = true }
                if let contentLength, contentLength != length { hasConflictingLengths = true }
                contentLength = length
            } else if let value = value(of: "content-encoding", in: line) {
                contentCodings += list(value).filter { $0 != "identity" }
            } else if let value = value(of: "content-range", in: line) {
                contentRange = ContentRange(String(decoding: value, as: UTF8.self))
            }
        case UInt8(ascii: "t"):
            if let value = value(of: "transfer-encoding", in: line), list(value).last == "chunked" { isChunked = true }
        case UInt8(ascii: "l"):
            if let value = value(of: "location", in: line), !value.isEmpty { location = Array(value) }
        default: break
        }
    }

    private func value(of lowercaseName: StaticString, in line: UnsafeRawBufferPointer) -> ArraySlice<UInt8>? {
        let length = lowercaseName.utf8CodeUnitCount
        guard line.count > length, line[length] == UInt8(ascii: ":") else { return nil }
        for position in 0..<length where line[position] | 0x20 != lowercaseName.utf8Start[position] | 0x20 { return nil }
        return Array(line[(length + 1)...])[...].trimmed
    }

    /// Digits only; nil for anything else, and for what is more than 63 bits.
    private func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty else { return nil }
        return digits.reduce(0) { number, digit in
            guard let number, digit &- 48 < 10 else { return nil }
            let (tens, isLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isLarger) = tens.addingReportingOverflow(Int64(digit - 48))
            return isLarge || isLarger ? nil : sum
        }
    }

    private func list(_ value: ArraySlice<UInt8>) -> [String] {
        value.split(separator: UInt8(ascii: ",")).map { String(decoding: $0.trimmed, as: UTF8.self).lowercased() }
            .filter { !$0.isEmpty }
    }
}
