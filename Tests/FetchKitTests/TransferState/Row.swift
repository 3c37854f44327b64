import FetchKit

/// A row of a table: what a server sends, and what must become of it. Its columns are separated by ` | `:
///
///     HEAD | BODY | VERDICT | OPTIONS
///
/// - HEAD: lines separated by `\n`; `HTTP/1.1 ` may be left out, as may the empty line at the end. `...` stands for a head that breaks
///   off there. What follows `||` are trailers.
/// - BODY: escapes as in Swift, and `\xHH`; `{text}` is a gzip member, `{text:N}` its first N bytes, `{text^N}` one with the lowest bit of
///   byte N changed, `$` what follows the header of the member `{hello}`.
/// - VERDICT: `whole` or `unproved`, with ` = TEXT` where the body after decoding is another than the one that was sent; or the class of an
///   error and a part of its message.
/// - OPTIONS: words, see `set`.
struct Row: CustomStringConvertible, Sendable {
    var description: String
    var lines: [[UInt8]] = []
    var body: [UInt8] = []
    var trailers: [[UInt8]] = []
    var rules = TransferRules()
    var end = TransferState.End.success(stream: nil)
    var expected = Expectation.whole(nil)
    var location: String?

    /// Whether the body may be whole without compression.
    var isCutGzip: Bool {
        if case .error(.truncated, let text) = expected { text.hasPrefix("the gzip") && !rules.recordsWire } else { false }
    }

    enum Expectation {
        case whole([UInt8]?)
        case unproved([UInt8]?)
        case error(FetchError.Kind, String)
    }

    /// The rows of a table, one a line. `head` is the head of all rows, which then have no such column; `template` makes a head of the
    /// first column; `options` are those of all rows.
    static func table(_ text: String, head: String? = nil, options: String = "", template: String = "@") -> [Row] {
        text.split(separator: "\n").map { Row((head.map { "\($0) | " } ?? "") + $0, options, template) }
    }

    private init(_ line: String, _ options: String, _ template: String) {
        description = options.isEmpty ? line : "\(line)  (\(options))"
        let halves = line.components("||")
        let columns = halves[0].components("|").map(\.trimmingBlanks)
        if halves.count > 1 { trailers = halves[1].trimmingBlanks.components("\\n").map { bytes($0) + [13, 10] } }
        var head = template.replacing("@", with: columns[0])
        let isCut = head.hasSuffix("...")
        if isCut { head.removeLast(3) }
        if head.first?.isNumber ?? false { head = "HTTP/1.1 " + head }
        lines = head.isEmpty ? [] : head.components("\\n").map { bytes($0.first?.isNumber ?? false ? "HTTP/1.1 " + $0 : $0) + [13, 10] }
        if !isCut { lines.append([13, 10]) }
        body = bytes(columns[1])
        let verdict = columns[2].split(separator: "=", maxSplits: 1).map { String($0).trimmingBlanks }
        let text = columns[2].hasSuffix("=") ? [] : verdict.count > 1 ? bytes(verdict[1]) : nil
        switch verdict[0] {
        case "whole": expected = .whole(text)
        case "unproved": expected = .unproved(text)
        default:
            let parts = columns[2].split(separator: ":", maxSplits: 1).map { String($0).trimmingBlanks }
            expected = .error(FetchError.Kind(rawValue: parts[0])!, parts.count > 1 ? parts[1] : "")
        }
        rules.isHashed = true
        for option in options.split(separator: " ") { set(option) }
        if columns.count > 3 { for option in columns[3].split(separator: " ") { set(option) } }
    }

    private mutating func set(_ option: Substring) {
        let parts = option.split(separator: "=", maxSplits: 1)
        let number = parts.count > 1 ? Int64(parts[1]) ?? 0 : 0
        switch parts[0] {
        case "head": rules.isHead = true
        case "follows": rules.followsRedirects = true
        case "unoffered": rules.offersGzip = false
        case "asks": rules.asksForRange = true
        case "resumes": (rules.asksForRange, rules.resumption) = (true, Request.Resumption(offset: number, validator: nil))
        case "wire": rules.recordsWire = true
        case "none": rules.kept = .none
        case "good": rules.kept = .successful
        case "max": rules.maxSize = number
        case "ratio": rules.maxCompressionRatio = Int(number)
        case "end": end = .success(stream: .end)
        case "reset": end = .success(stream: .reset)
        case "lost": end = .failure(FetchError(.connect, "lost", curlCode: 56))
        case "cancelled": end = .cancelled
        case "to": location = String(parts[1])
        default: fatalError("no option: \(option)")
        }
    }
}

/// Unescapes the text of a column.
private func bytes(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    var rest = Substring(text)
    while let character = rest.popFirst() {
        switch character {
        case "\\":
            switch rest.removeFirst() {
            case "r": result.append(13)
            case "n": result.append(10)
            case "t": result.append(9)
            case "0": result.append(0)
            case "x":
                result.append(UInt8(rest.prefix(2), radix: 16)!)
                rest.removeFirst(2)
            case let other: result += Array(String(other).utf8)
            }
        case "{":
            let end = rest.firstIndex(of: "}")!
            result += member(String(rest[..<end]))
            rest = rest[end...].dropFirst()
        case "$": result += gzip(Array("hello".utf8)).dropFirst(10)
        default: result += Array(String(character).utf8)
        }
    }
    return result
}

private func member(_ text: String) -> [UInt8] {
    if let sign = text.lastIndex(of: ":") {
        return Array(gzip(bytes(String(text[..<sign]))).prefix(Int(text[sign...].dropFirst())!))
    }
    guard let sign = text.lastIndex(of: "^") else { return gzip(bytes(text)) }
    var member = gzip(bytes(String(text[..<sign])))
    member[Int(text[sign...].dropFirst())!] ^= 1
    return member
}

/// A member of one stored block (RFC 1952, RFC 1951 section 3.2.4): 10 bytes of header, 5 of the block's, the text, checksum and length.
func gzip(_ text: [UInt8]) -> [UInt8] {
    let count = [UInt8(text.count & 0xFF), UInt8(text.count >> 8)]
    return gzipHeader + [1] + count + count.map { ~$0 } + text + gzipTrailer(text)
}

let gzipHeader: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]

func gzipTrailer(_ text: [UInt8]) -> [UInt8] {
    let checksum = ~text.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    return [checksum, UInt32(text.count)].flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
}

private let table: [UInt32] = (0..<256).map { index in
    var sum = UInt32(index)
    for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    return sum
}

extension String {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
    }
}
