// The syntax of -w. It has its corners, all of them curl's own (ourWriteOut in its tool_writeout.c).

/// Splits a template into tokens.
struct WriteOutReader {
    enum Token: Equatable {
        case text([UInt8])
        /// `%{name}`
        case variable(String)
        /// `%header{name}`, `%header{name:all:separator}`
        case header(String, separator: [UInt8]?)
        /// `%time{format}`
        case time([UInt8])
        /// `%output{file}`, `%output{>>file}`
        case output(String, isAppended: Bool)
    }

    private var rest: ArraySlice<UInt8>
    private static let percent = UInt8(ascii: "%")
    private static let backslash = UInt8(ascii: "\\")
    private static let brace = UInt8(ascii: "}")

    init(_ template: [UInt8]) { rest = template[...] }

    mutating func next() -> Token? {
        guard let first = rest.first else { return nil }
        let plain = rest.prefix { $0 != Self.percent && $0 != Self.backslash }
        if !plain.isEmpty {
            rest = rest.dropFirst(plain.count)
            return .text(Array(plain))
        }
        guard rest.count > 1 else {
            rest = []
            return .text([first])
        }
        return first == Self.backslash ? escape() : directive()
    }

    private mutating func escape() -> Token {
        let pair = Array(rest.prefix(2))
        rest = rest.dropFirst(2)
        return .text(Self.unescaped(pair))
    }

    private static func unescaped(_ pair: [UInt8]) -> [UInt8] {
        switch pair[1] {
        case UInt8(ascii: "n"): [0x0A]
        case UInt8(ascii: "r"): [0x0D]
        case UInt8(ascii: "t"): [0x09]
        default: pair
        }
    }

    private mutating func directive() -> Token {
        if let name = inside("{") { return .variable(text(name)) }
        if let content = inside("header{", isEscapable: true) { return header(content) }
        if let format = inside("time{") { return .time(Array(format)) }
        if let name = inside("output{") {
            let isAppended = name.starts(with: ">>".utf8)
            return .output(text(isAppended ? name.dropFirst(2) : name), isAppended: isAppended)
        }
        let pair = Array(rest.prefix(2))
        rest = rest.dropFirst(2)
        return .text(pair[1] == Self.percent ? [Self.percent] : pair)
    }

    /// What stands between the opening after a percent sign and the next brace; nil, and nothing is taken, if it is not there.
    private mutating func inside(_ opening: StaticString, isEscapable: Bool = false) -> ArraySlice<UInt8>? {
        let start = opening.withUTF8Buffer { bytes in rest.dropFirst().starts(with: bytes) ? rest.startIndex + 1 + bytes.count : nil }
        guard let start else { return nil }
        var from = start
        while let end = rest[from...].firstIndex(of: Self.brace) {
            if isEscapable && end > start && rest[end - 1] == Self.backslash {
                from = end + 1
                continue
            }
            defer { rest = rest[(end + 1)...] }
            return rest[start..<end]
        }
        return nil
    }

    private func header(_ content: ArraySlice<UInt8>) -> Token {
        guard let colon = content.firstIndex(of: UInt8(ascii: ":")), content[(colon + 1)...].starts(with: "all:".utf8) else {
            return .header(text(content), separator: nil)
        }
        return .header(text(content[..<colon]), separator: separator(content[(colon + 5)...]))
    }

    private func separator(_ content: ArraySlice<UInt8>) -> [UInt8] {
        var separator: [UInt8] = []
        var rest = content
        while let byte = rest.popFirst() {
            guard byte == Self.backslash else {
                separator.append(byte)
                continue
            }
            guard let second = rest.popFirst() else { break }
            separator += second == Self.brace ? [second] : Self.unescaped([byte, second])
        }
        return separator
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
