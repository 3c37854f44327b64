// The response head as libcurl hands it over, line by line, and the few facts in it that decide about the body.

/// Collects the final response head. Interim heads (1xx) are replaced by the next one.
struct HeadParser {
    /// In bytes, status line included.
    static let mostHeadBytes = 100 << 10
    /// In bytes, all trailers together.
    static let mostTrailerBytes = 100 << 10
    static let mostInterimHeads = 64

    private(set) var head = ResponseHead()
    /// True after the empty line that ends a final head; lines after that are trailers and not kept.
    private(set) var isComplete = false
    /// Why nothing more of the response is taken.
    private(set) var failure: FetchError?
    /// What is wrong with a line of the head itself, whatever its fields mean.
    private(set) var syntaxDefect: String?
    private var isInterimOver = false
    private var interimHeads = 0
    private var trailerBytes = 0
    /// Where the field at hand begins; nil before the first one. It is over when the next line does not continue it.
    private var fieldStart: Int?

    private(set) var contentLength: Int64?
    private(set) var hasConflictingLengths = false
    /// A length that is no number, or none that any body can have.
    private(set) var hasImpossibleLength = false
    /// A length and chunks: the chunks count, but who knows what others make of it.
    var hasTwoFramings: Bool { isChunked && contentLength != nil }
    /// Codings in the order they were applied, lower case, those that change nothing left out.
    private(set) var contentCodings: [String] = []
    private var transferCodings: [String] = []
    /// A length or a transfer coding on more than one line: not every reader puts them together (RFC 9112 section 5.2).
    private var hasFoldedFraming = false
    /// Which part of the whole this is (RFC 9110 section 14.4).
    private(set) var contentRange: ContentRange?
    private(set) var location: [UInt8]?

    var statusCode: Int { head.statusCode }

    var isChunked: Bool { transferCodings == ["chunked"] }

    /// The end of the head is still to come.
    var isPartial: Bool { !head.bytes.isEmpty && !isComplete }

    /// What makes the end of a body uncertain (RFC 9112 section 6.3); of interest only where there is content.
    var framingDefect: String? {
        if hasConflictingLengths { return "two different Content-Length headers" }
        if hasImpossibleLength { return "an impossible Content-Length" }
        if hasFoldedFraming { return "a length or transfer coding on more than one line" }
        return transferCodings.isEmpty || isChunked ? nil : "an unsupported transfer coding"
    }

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
    var mayAskToWait: Bool { [413, 429, 503].contains(statusCode) || (300..<400).contains(statusCode) }

    /// The last head that came is not the final one.
    var isInterim: Bool { isInterimOver || (100..<200).contains(statusCode) }

    /// Responses without content whatever their headers say (RFC 9112 section 6.3).
    var forbidsBody: Bool { statusCode < 200 || statusCode == 204 || statusCode == 304 }

    mutating func receive(_ line: UnsafeRawBufferPointer) {
        if isComplete {
            // Another head: what came before was a challenge that libcurl has answered. Anything else is a trailer.
            guard line.starts(with: "HTTP/".utf8) else { return countTrailer(line) }
            self = HeadParser()
        }
        if isInterimOver {
            let count = interimHeads
            self = HeadParser()
            interimHeads = count
        }
        if head.bytes.isEmpty {
            head.bytes.reserveCapacity(512)
            readStatus(line)
        } else if line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") {
            endField()
            endHead()
        } else if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
            if fieldStart == nil { syntaxDefect = "white space before the first header" }
        } else {
            endField()
            fieldStart = head.bytes.count
        }
        head.bytes.append(contentsOf: line)
        if head.bytes.count > Self.mostHeadBytes {
            failure = FetchError(.tooLarge, "the response head is larger than \(Self.mostHeadBytes >> 10) KiB", curlCode: Self.curlCode)
        }
    }

    /// CURLE_TOO_LARGE, which libcurl has had since 8.6.
    private static let curlCode = 100

    private mutating func countTrailer(_ line: UnsafeRawBufferPointer) {
        trailerBytes += line.count
        guard trailerBytes > Self.mostTrailerBytes else { return }
        failure = FetchError(.tooLarge, "the trailers are larger than \(Self.mostTrailerBytes >> 10) KiB", curlCode: Self.curlCode)
    }

    private mutating func endHead() {
        // 101 is final for us: we never ask for an upgrade.
        guard (100..<200).contains(statusCode), statusCode != 101 else { return isComplete = true }
        isInterimOver = true
        interimHeads += 1
        guard interimHeads > Self.mostInterimHeads else { return }
        failure = FetchError(.protocolViolation, "more than \(Self.mostInterimHeads) interim responses", curlCode: Self.curlCode)
    }

    /// `HTTP/` and a version, one space, three digits, and a space or the end (RFC 9112 section 4). libcurl takes more.
    private mutating func readStatus(_ line: UnsafeRawBufferPointer) {
        let rest = line.drop { $0 != UInt8(ascii: " ") }.dropFirst()
        let digits = rest.prefix { $0 &- 48 < 10 }
        let end = digits.endIndex < rest.endIndex ? rest[digits.endIndex] : UInt8(ascii: "\n")
        if digits.count == 3, " \r\n".utf8.contains(end) { head.statusCode = digits.reduce(0) { $0 * 10 + Int($1 &- 48) } }
        if head.statusCode < 100 { syntaxDefect = "no valid status line" }
    }

    /// The field at hand is whole: notes the few that decide about the body.
    private mutating func endField() {
        guard let start = fieldStart else { return }
        fieldStart = nil
        // Without a copy, unless it stands on several lines.
        let bytes = head.bytes
        bytes.withUnsafeBytes { notice(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    private mutating func notice(_ field: UnsafeRawBufferPointer) {
        switch field.first.map({ $0 | 0x20 }) {
        case UInt8(ascii: "c"):
            if let value = value(of: "content-length", in: field) {
                noticeLengths(value)
                noticeFold(in: field)
            } else if let value = value(of: "content-encoding", in: field) {
                contentCodings += list(value).filter { $0 != "identity" && $0 != "none" }
            } else if let value = value(of: "content-range", in: field) {
                contentRange = ContentRange(String(decoding: value, as: UTF8.self))
            }
        case UInt8(ascii: "t"):
            if let value = value(of: "transfer-encoding", in: field) {
                transferCodings += list(value).filter { $0 != "identity" }
                noticeFold(in: field)
            }
        case UInt8(ascii: "l"):
            if let value = value(of: "location", in: field), !value.isEmpty { location = Array(value) }
        default: break
        }
        let name = field.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "\n") }
        if name.endIndex < field.endIndex, field[name.endIndex] == UInt8(ascii: ":"), name.contains(UInt8(ascii: "\r")) {
            syntaxDefect = "a line break in the name of a header"
        }
    }

    /// A list of equal lengths is one length (RFC 9110 section 8.6).
    private mutating func noticeLengths(_ value: ArraySlice<UInt8>) {
        for item in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let length = number(item.trimmed)
            if length == nil { hasImpossibleLength = true }
            if let contentLength, contentLength != length { hasConflictingLengths = true }
            contentLength = length
        }
    }

    private mutating func noticeFold(in field: UnsafeRawBufferPointer) {
        if field.dropLast().contains(UInt8(ascii: "\n")) { hasFoldedFraming = true }
    }

    /// With a line end within it read as white space.
    private func value(of lowercaseName: StaticString, in field: UnsafeRawBufferPointer) -> ArraySlice<UInt8>? {
        let length = lowercaseName.utf8CodeUnitCount
        guard field.count > length, field[length] == UInt8(ascii: ":") else { return nil }
        for position in 0..<length where field[position] | 0x20 != lowercaseName.utf8Start[position] | 0x20 { return nil }
        let value = Array(field[(length + 1)...])[...].trimmed
        guard value.contains(UInt8(ascii: "\n")) else { return value }
        return value.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }[...]
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
