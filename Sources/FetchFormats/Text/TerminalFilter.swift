// Text of many lines on its way to a terminal. A page must not be able to move the cursor, change the window's title or turn text
// around; into a file or a pipe its bytes go as they are.

/// Escapes what would control a terminal, in UTF-8 that comes in pieces. Line ends and tabs stay.
struct TerminalFilter {
    /// The beginning of a character or a line end whose rest has not come.
    private var carry: [UInt8] = []

    mutating func filter(_ piece: UnsafeRawBufferPointer) -> String {
        let bytes = carry + piece
        let whole = bytes.count - Self.unfinished(bytes)
        carry = Array(bytes[whole...])
        return Self.escape(bytes[..<whole])
    }

    mutating func finish() -> String {
        defer { carry = [] }
        return Self.escape(carry[...])
    }

    static func escape(_ bytes: ArraySlice<UInt8>) -> String {
        var result = ""
        var line = bytes
        while let end = line.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t") }) {
            let isLineEnd = line[end] == UInt8(ascii: "\n")
            let text = line[..<end]
            result += escapeLine(isLineEnd && text.last == UInt8(ascii: "\r") ? text.dropLast() : text) + (isLineEnd ? "\n" : "\t")
            line = line[(end + 1)...]
        }
        return result + escapeLine(line)
    }

    private static func escapeLine(_ line: ArraySlice<UInt8>) -> String { printable(String(decoding: line, as: UTF8.self)) }

    /// How many bytes at the end begin a character or a line end that may still be completed.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        if bytes.last == UInt8(ascii: "\r") { return 1 }
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > back ? back : 0
        }
        return 0
    }
}

/// Another sink behind the filter.
final class TerminalSink: ByteSink {
    private let sink: any ByteSink
    private var filter = TerminalFilter()

    init(_ sink: any ByteSink) { self.sink = sink }

    func write(_ bytes: UnsafeRawBufferPointer) throws { try sink.write(filter.filter(bytes)) }

    func finish() throws { try sink.write(filter.finish()) }
}
