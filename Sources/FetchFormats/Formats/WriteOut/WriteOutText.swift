// One record as the text of -w.

import FetchKit
import Glibc

/// Text that grows segment by segment. Values are the bytes that came, as with curl; only on a terminal what would control it is
/// escaped, because they come from servers. The text of the template is the user's own and stays.
struct WriteOutText {
    private(set) var bytes: [UInt8] = []
    private let isTerminal: Bool
    /// Microseconds since 1970.
    private let clock: () -> Int64

    init(isTerminal: Bool, clock: @escaping () -> Int64) {
        self.isTerminal = isTerminal
        self.clock = clock
    }

    mutating func append(_ segment: WriteOut.Segment, _ record: Record) {
        switch segment {
        case .text(let text): bytes.append(contentsOf: text)
        case .variable(let fact): append(fact, record)
        case .json: appendJSON(record)
        case .headerJSON: appendHeaderJSON(record.outcome.response)
        case .header(let name):
            if let value = record.last?.response?.value(of: name) { append(value) }
        case .headers(let name, let separator):
            let values = record.outcome.hops.flatMap { $0.response?.values(of: name) ?? [] }
            for (position, value) in values.enumerated() {
                if position > 0 { bytes.append(contentsOf: separator) }
                append(value)
            }
        case .time(let format): appendTime(format)
        case .target, .onError: break
        }
    }

    private mutating func append(_ fact: Fact, _ record: Record) {
        switch fact.variable(record) {
        case .integer(let value): bytes.append(contentsOf: digits(value, fact.digits).utf8)
        case .field(let value): append(value)
        case .text(let value): append(Array(value.utf8)[...])
        case let value:
            var text = ByteBuffer(capacity: 64)
            text.append(value)
            append(lines: text.array)
        }
    }

    private mutating func append(_ value: ArraySlice<UInt8>) {
        bytes.append(contentsOf: isTerminal ? Array(printable(String(decoding: value, as: UTF8.self)).utf8)[...] : value)
    }

    private mutating func append(lines text: [UInt8]) {
        bytes.append(contentsOf: isTerminal ? Array(TerminalFilter.escape(text[...]).utf8) : text)
    }

    /// All variables, and the library.
    private mutating func appendJSON(_ record: Record) {
        var json = JSONWriter()
        json.object { json in
            for fact in Fact.variables { json.add(fact.name, fact.variable(record)) }
            json.add("curl_version", CurlLibrary.current.summary)
        }
        append(lines: json.bytes)
    }

    /// A line for each name, as curl has it.
    private mutating func appendHeaderJSON(_ response: ResponseHead?) {
        var json = JSONWriter()
        json.object { json in
            if let response { json.addFields(response) { $0.separate(by: ",\n") } }
            json.append(raw: "\n")
        }
        append(lines: json.bytes)
    }

    /// The time of day in UTC, with microseconds for `%f`.
    private mutating func appendTime(_ format: [UInt8]) {
        let (seconds, microseconds) = clock().quotientAndRemainder(dividingBy: 1_000_000)
        var time = time_t(seconds)
        var date = tm()
        gmtime_r(&time, &date)
        var specification: [CChar] = []
        var rest = format[...]
        while let byte = rest.popFirst() {
            let replacement: String? =
                switch (byte, rest.first) {
                case (UInt8(ascii: "%"), UInt8(ascii: "f")): digits(Int(microseconds), 6)
                case (UInt8(ascii: "%"), UInt8(ascii: "z")): "+0000"
                case (UInt8(ascii: "%"), UInt8(ascii: "Z")): "UTC"
                default: nil
                }
            if let replacement {
                rest.removeFirst()
                specification += replacement.utf8.map { CChar(bitPattern: $0) }
            } else {
                specification.append(CChar(bitPattern: byte))
            }
        }
        var text = [CChar](repeating: 0, count: 1024)
        let count = strftime(&text, text.count, specification + [0], &date)
        bytes.append(contentsOf: text[..<count].map { UInt8(bitPattern: $0) })
    }
}
