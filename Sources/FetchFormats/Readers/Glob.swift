// One argument that stands for many URLs: curl's braces and brackets. Written out one URL at a time, because a range may be
// longer than memory.

import Glibc

/// The URLs a pattern stands for, in curl's order: the last part varies fastest (curl manual page, "URL").
package struct Glob: Sequence, IteratorProtocol {
    /// What is between the parts: one text more than there are parts.
    private let literals: [String]
    private let parts: [Part]
    /// The choice of each part in the URL to come; nil after the last one.
    private var upcoming: [Int]?
    /// What each part stands for in the URL that `next()` returned last: curl's `#1`, `#2` and so on.
    package private(set) var matches: [String] = []

    /// Whether there may be anything to expand in it.
    package static func isPattern(_ text: String) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "]") }
    }

    package init(_ pattern: String) throws(GlobError) {
        var reader = PatternReader(bytes: Array(pattern.utf8))
        try reader.read()
        literals = reader.literals
        parts = reader.parts
        upcoming = Array(repeating: 0, count: parts.count)
    }

    /// How many URLs there are in all. A product of ranges has no bound, therefore no `Int`.
    package var total: Double { parts.reduce(1) { $0 * (Double($1.lastIndex) + 1) } }

    package mutating func next() -> String? {
        guard let choice = upcoming else { return nil }
        upcoming = following(choice)
        matches = zip(parts, choice).map { part, index in part[index] }
        var url = literals[0]
        for (match, literal) in zip(matches, literals.dropFirst()) {
            url += match
            url += literal
        }
        return url
    }

    private func following(_ choice: [Int]) -> [Int]? {
        var choice = choice
        for index in parts.indices.reversed() {
            if choice[index] < parts[index].lastIndex {
                choice[index] += 1
                return choice
            }
            choice[index] = 0
        }
        return nil
    }
}

/// Why a pattern stands for nothing.
package struct GlobError: Error, Equatable, CustomStringConvertible {
    package let reason: String
    /// Of the character at fault, from 1.
    package let column: Int

    package var description: String { "\(reason) in URL position \(column)" }
}

/// One pair of braces or brackets.
private enum Part {
    case words([String])
    /// Written with at least `width` digits.
    case numbers(first: Int, step: Int, lastIndex: Int, width: Int)
    case letters(first: UInt8, step: Int, lastIndex: Int)

    var lastIndex: Int {
        switch self {
        case .words(let words): words.count - 1
        case .numbers(_, _, let lastIndex, _), .letters(_, _, let lastIndex): lastIndex
        }
    }

    subscript(index: Int) -> String {
        switch self {
        case .words(let words): return words[index]
        case .numbers(let first, let step, _, let width):
            let digits = String(first + index * step)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        case .letters(let first, let step, _): return String(UnicodeScalar(first + UInt8(index * step)))
        }
    }
}

/// Takes a pattern apart. By bytes, as all that has a meaning is ASCII.
private struct PatternReader {
    let bytes: [UInt8]
    private(set) var literals: [String] = []
    private(set) var parts: [Part] = []
    private var position = 0
    private var literal: [UInt8] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() throws(GlobError) {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"): add(.words(try words()))
            case UInt8(ascii: "["):
                if let end = endOfPlainBrackets() {
                    literal += bytes[position...end]
                    position = end + 1
                } else {
                    add(try range())
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): throw fault("unmatched close brace/bracket", at: position)
            case UInt8(ascii: "\\") where position + 1 < bytes.count && "{}[]".utf8.contains(bytes[position + 1]):
                literal.append(bytes[position + 1])
                position += 2
            default:
                literal.append(bytes[position])
                position += 1
            }
        }
        literals.append(String(decoding: literal, as: UTF8.self))
    }

    private mutating func add(_ part: Part) {
        literals.append(String(decoding: literal, as: UTF8.self))
        literal = []
        parts.append(part)
    }

    /// `{a,b,c}`. In here a backslash takes its meaning from any character.
    private mutating func words() throws(GlobError) -> [String] {
        let start = position
        var words: [String] = []
        var word: [UInt8] = []
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): throw fault("nested brace", at: position)
            case UInt8(ascii: "]"): throw fault("unexpected close bracket", at: position)
            case UInt8(ascii: "}") where words.isEmpty && word.isEmpty && position == start + 1:
                throw fault("empty string within braces", at: position)
            case UInt8(ascii: "}"):
                position += 1
                return words + [String(decoding: word, as: UTF8.self)]
            case UInt8(ascii: ","):
                words.append(String(decoding: word, as: UTF8.self))
                word = []
            case UInt8(ascii: "\\") where position + 1 < bytes.count:
                position += 1
                word.append(bytes[position])
            default: word.append(bytes[position])
            }
            position += 1
        }
        throw fault("unmatched brace", at: start)
    }

    /// `[1-100]`, `[001-100]`, `[a-z]`, each with a step after a colon if wanted.
    private mutating func range() throws(GlobError) -> Part {
        let start = position + 1
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "]")) else { throw fault("unmatched bracket", at: position) }
        position = end + 1
        let fields = bytes[start..<end].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let bounds = fields[0].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard fields.count <= 2, bounds.count == 2 else { throw fault("bad range", at: start) }
        let step = fields.count == 2 ? fields[1] : nil

        if isNumber(bounds[0]), isNumber(bounds[1]) {
            let first = try number(bounds[0])
            let last = try number(bounds[1])
            let (stride, lastIndex) = try progression(from: first, to: last, at: bounds[1].startIndex, step: step)
            let width = bounds[0].first == UInt8(ascii: "0") ? bounds[0].count : 1
            return .numbers(first: first, step: stride, lastIndex: lastIndex, width: width)
        }
        guard bounds.allSatisfy({ $0.count == 1 }), let first = bounds[0].first, let last = bounds[1].first,
            isLetter(first), isLetter(last), first & 0x20 == last & 0x20
        else { throw fault("bad range", at: start) }
        let (stride, lastIndex) = try progression(from: Int(first), to: Int(last), at: bounds[1].startIndex, step: step)
        return .letters(first: first, step: stride, lastIndex: lastIndex)
    }

    /// As curl has it, a range goes up, and a step that would leave out all but the first is a mistake.
    private func progression(
        from first: Int, to last: Int, at bound: Int, step: ArraySlice<UInt8>?
    ) throws(GlobError) -> (step: Int, lastIndex: Int) {
        if first > last { throw fault("descending range", at: bound) }
        guard let step else { return (1, last - first) }
        guard isNumber(step) else { throw fault("bad step", at: step.startIndex) }
        let stride = try number(step)
        if stride == 0 { throw fault("step of zero", at: step.startIndex) }
        if stride > max(1, last - first) { throw fault("step beyond the end of the range", at: step.startIndex) }
        return (stride, (last - first) / stride)
    }

    private func number(_ digits: ArraySlice<UInt8>) throws(GlobError) -> Int {
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
            throw fault("number too large", at: digits.startIndex)
        }
        return number
    }

    private func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        !text.isEmpty && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }

    /// Where brackets end that are no range: an IPv6 address, with or without a zone (RFC 6874), and `[]`.
    private func endOfPlainBrackets() -> Int? {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let content = bytes[(position + 1)..<end]
        if content.isEmpty { return end }
        let address = content.prefix { $0 != UInt8(ascii: "%") }
        let zone = content[address.endIndex...]
        if zone.count == 1 || zone.contains(where: { $0 <= UInt8(ascii: " ") || "/?#[{}".utf8.contains($0) }) { return nil }
        var binary = in6_addr()
        return inet_pton(AF_INET6, String(decoding: address, as: UTF8.self), &binary) == 1 ? end : nil
    }

    private func fault(_ reason: String, at position: Int) -> GlobError {
        GlobError(reason: reason, column: String(decoding: bytes[..<position], as: UTF8.self).count + 1)
    }
}
