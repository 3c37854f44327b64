// The response head as libcurl hands it over, line by line, and the few facts in it that decide about the body.

/// Collects the final response head in one buffer. Interim heads (1xx) are replaced by the next one.
struct HeadParser {
    /// In bytes, status line included.
    static let mostHeadBytes = 100 << 10
    /// In bytes, all trailers together.
    static let mostTrailerBytes = 100 << 10
    static let mostInterimHeads = 64

    /// What the fields say about transfer codings; `identity` is none.
    enum TransferCoding {
        case none
        case chunked
        /// Anything but one `chunked`.
        case unsupported
    }

    enum Excess {
        case head
        case trailers
        case interimHeads

        var error: FetchError {
            switch self {
            case .head: .tooMuch("the response head is larger than \(mostHeadBytes >> 10) KiB")
            case .trailers: .tooMuch("the trailers are larger than \(mostTrailerBytes >> 10) KiB")
            case .interimHeads: .tooMuch("more than \(mostInterimHeads) interim responses", kind: .protocolViolation)
            }
        }
    }

    /// The few fields that decide about the body.
    private enum Field {
        case location
        case contentRange
        case contentLength
        case contentEncoding
        case transferEncoding
    }

    private(set) var head = ResponseHead()
    /// True after the empty line that ends a final head; lines after that are trailers and not kept.
    private(set) var isComplete = false
    /// What is too much; nothing more of the response is taken then.
    private(set) var excess: Excess?
    /// What is wrong with a line of the head itself, whatever its fields mean.
    private(set) var syntaxDefect: StaticString?
    private var isInterimOver = false
    private var interimHeads = 0
    private var trailerBytes = 0
    /// The field at hand, and where its line begins, if it decides about the body. It is over when the next line does not continue it.
    private var field: (name: Field, start: Int)?
    private var hasFields = false
    private var isFolded = false

    private(set) var contentLength: Int64?
    private(set) var hasConflictingLengths = false
    /// A length that is no number, or none that any body can have.
    private var hasImpossibleLength = false
    private var transferCoding = TransferCoding.none
    /// A length or a transfer coding on more than one line: not every reader puts them together (RFC 9112 section 5.2).
    private var hasFoldedFraming = false
    /// In the order they were applied, lower case, those that change nothing left out.
    private(set) var contentCodings: [String] = []
    /// Which part of the whole this is (RFC 9110 section 14.4).
    private(set) var contentRange: ContentRange?
    private(set) var location: [UInt8]?

    // MARK: Lines

    /// Takes the next line, with its line end.
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
            if !hasFields { syntaxDefect = "white space before the first header" }
            isFolded = true
        } else {
            endField()
            beginField(line)
        }
        head.bytes.append(contentsOf: line)
        if head.bytes.count > Self.mostHeadBytes { excess = .head }
    }

    /// Trailers are not kept.
    mutating func countTrailer(_ line: UnsafeRawBufferPointer) {
        trailerBytes += line.count
        if trailerBytes > Self.mostTrailerBytes { excess = .trailers }
    }

    private mutating func endHead() {
        // 101 is final for us: we never ask for an upgrade.
        guard (100..<200).contains(statusCode), statusCode != 101 else { return isComplete = true }
        isInterimOver = true
        interimHeads += 1
        if interimHeads > Self.mostInterimHeads { excess = .interimHeads }
    }

    /// `HTTP/` and a version, one space, three digits, and a space or the end (RFC 9112 section 4). libcurl takes more.
    private mutating func readStatus(_ line: UnsafeRawBufferPointer) {
        let rest = line.drop { $0 != UInt8(ascii: " ") }.dropFirst()
        let digits = rest.prefix { $0 &- 48 < 10 }
        let end = digits.endIndex < rest.endIndex ? rest[digits.endIndex] : UInt8(ascii: "\n")
        if digits.count == 3, " \r\n".utf8.contains(end) { head.statusCode = digits.reduce(0) { $0 * 10 + Int($1 &- 48) } }
        if head.statusCode < 100 { syntaxDefect = "no valid status line" }
    }

    private mutating func beginField(_ line: UnsafeRawBufferPointer) {
        hasFields = true
        isFolded = false
        guard let colon = line.firstIndex(of: UInt8(ascii: ":"), before: line.count) else { return }
        if line.firstIndex(of: UInt8(ascii: "\r"), before: colon) != nil { syntaxDefect = "a line break in the name of a header" }
        let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
        // By their length most names are none of these.
        let field: Field? =
            switch colon {
            case 8 where name.isNamed("location"): .location
            case 13 where name.isNamed("content-range"): .contentRange
            case 14 where name.isNamed("content-length"): .contentLength
            case 16 where name.isNamed("content-encoding"): .contentEncoding
            case 17 where name.isNamed("transfer-encoding"): .transferEncoding
            default: nil
            }
        self.field = field.map { ($0, head.bytes.count) }
    }

    /// The field at hand is whole: notes it if it decides about the body.
    private mutating func endField() {
        guard let (name, start) = field else { return }
        field = nil
        var bytes = head.bytes[start...]
        // The line ends within a field are read as blanks.
        if isFolded { bytes = bytes.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }[...] }
        bytes.withUnsafeBytes { notice(name, $0.value) }
    }

    // MARK: Fields

    private mutating func notice(_ field: Field, _ value: UnsafeRawBufferPointer) {
        switch field {
        case .location: noticeLocation(value)
        case .contentRange: noticeRange(value)
        case .contentLength: noticeLengths(value)
        case .contentEncoding: noticeContentCodings(value)
        case .transferEncoding: noticeTransferCodings(value)
        }
    }

    private mutating func noticeLocation(_ value: UnsafeRawBufferPointer) {
        if !value.isEmpty { location = Array(value) }
    }

    private mutating func noticeRange(_ value: UnsafeRawBufferPointer) {
        contentRange = ContentRange(String(decoding: value, as: UTF8.self))
    }

    /// A list of equal lengths is one length (RFC 9110 section 8.6).
    private mutating func noticeLengths(_ value: UnsafeRawBufferPointer) {
        if isFolded { hasFoldedFraming = true }
        value.forEachItem { item in
            let length = item.decimal
            if length == nil { hasImpossibleLength = true }
            if let contentLength, contentLength != length { hasConflictingLengths = true }
            contentLength = length
        }
    }

    private mutating func noticeTransferCodings(_ value: UnsafeRawBufferPointer) {
        if isFolded { hasFoldedFraming = true }
        value.forEachItem { item in
            if item.isEmpty || item.isNamed("identity") { return }
            transferCoding = transferCoding == .none && item.isNamed("chunked") ? .chunked : .unsupported
        }
    }

    private mutating func noticeContentCodings(_ value: UnsafeRawBufferPointer) {
        value.forEachItem { item in
            if item.isEmpty || item.isNamed("identity") || item.isNamed("none") { return }
            contentCodings.append(String(decoding: item, as: UTF8.self).lowercased())
        }
    }
}

// MARK: - Facts

extension HeadParser {
    var statusCode: Int { head.statusCode }

    /// The end of the head is still to come.
    var isPartial: Bool { !head.bytes.isEmpty && !isComplete }

    /// The last head that came is not the final one.
    var isInterim: Bool { isInterimOver || (100..<200).contains(statusCode) }

    var isHTTP1: Bool { head.bytes.starts(with: "HTTP/1".utf8) }

    var isHTTP2: Bool { head.bytes.starts(with: "HTTP/2 ".utf8) || head.bytes.starts(with: "HTTP/2.0 ".utf8) }

    var isHTTP3: Bool { head.bytes.starts(with: "HTTP/3 ".utf8) || head.bytes.starts(with: "HTTP/3.0 ".utf8) }

    /// Responses without content whatever their headers say (RFC 9112 section 6.3).
    var forbidsContent: Bool { statusCode < 200 || statusCode == 204 || statusCode == 304 }

    var isChunked: Bool { transferCoding == .chunked }

    /// A length and chunks (RFC 9112 section 6.3, rule 3).
    var hasTwoFramings: Bool { isChunked && contentLength != nil }

    /// What makes the end of a body uncertain (RFC 9112 section 6.3); of interest only where there is content.
    var framingDefect: StaticString? {
        if hasConflictingLengths { return "two different Content-Length headers" }
        if hasImpossibleLength { return "an impossible Content-Length" }
        if hasFoldedFraming { return "a length or transfer coding on more than one line" }
        return transferCoding == .unsupported ? "an unsupported transfer coding" : nil
    }

    var isGzip: Bool { contentCodings.count == 1 && (contentCodings[0] == "gzip" || contentCodings[0] == "x-gzip") }

    /// A 3xx status that is followed, with somewhere to go (RFC 9110 section 15.4).
    var isRedirect: Bool {
        switch statusCode {
        case 301, 302, 303, 307, 308: location != nil
        default: false
        }
    }

    /// Whether this is exactly the rest of a body of which the first part is there.
    func continues(_ resumption: Request.Resumption) -> Bool {
        guard let contentRange, let last = contentRange.last, contentCodings.isEmpty else { return false }
        // Without the size of the whole nobody knows whether it is all of the rest.
        return contentRange.first == resumption.offset && contentRange.total.map { $0 - 1 == last } ?? false
    }

    /// Responses whose `Retry-After` means something (RFC 9110 section 10.2.3).
    var mayAskToWait: Bool { statusCode == 413 || statusCode == 429 || statusCode == 503 || (300..<400).contains(statusCode) }
}
