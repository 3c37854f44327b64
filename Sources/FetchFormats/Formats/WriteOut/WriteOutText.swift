// One record as the text of -w.

import FetchKit
import Glibc

/// Text that grows segment by segment. Values are the bytes that came, as with curl; only on a terminal what would control it is
/// escaped, because they come from servers. The text of the template is the user's own and stays.
package struct WriteOutText {
    package private(set) var bytes: [UInt8] = []
    private let isTerminal: Bool

    package init(isTerminal: Bool) { self.isTerminal = isTerminal }

    package mutating func append(_ segment: WriteOut.Segment, _ record: Record) {
        switch segment {
        case .text(let text): bytes.append(contentsOf: text)
        case .variable(let variable): append(variable, record)
        case .json: appendJSON(record)
        case .headerJSON: appendHeaderJSON(record.outcome.response)
        case .header(let name):
            if let value = record.outcome.response?.values(of: name).first { append(value) }
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

    private mutating func append(_ variable: WriteOutVariable, _ record: Record) {
        switch variable.fact(record) {
        case .integer(let value): bytes.append(contentsOf: digits(value, variable.digits).utf8)
        case .field(let value): append(value)
        case .text(let value): append(Array(value.utf8)[...])
        case let fact: fact.append(to: &bytes)
        }
    }

    private mutating func append(_ value: ArraySlice<UInt8>) {
        bytes.append(contentsOf: isTerminal ? Array(printable(String(decoding: value, as: UTF8.self)).utf8)[...] : value)
    }

    /// All variables, and the library.
    private mutating func appendJSON(_ record: Record) {
        var json = JSONWriter()
        json.object { json in
            for variable in WriteOutVariable.all { json.add(variable.name, variable.fact(record)) }
            json.add("curl_version", CurlLibrary.current.summary)
        }
        bytes.append(contentsOf: json.bytes)
    }

    /// A line for each name, as curl has it.
    private mutating func appendHeaderJSON(_ response: ResponseHead?) {
        var json = JSONWriter()
        json.object { json in
            if let response { json.addFields(response) { $0.separate(by: ",\n") } }
            json.append(raw: "\n")
        }
        bytes.append(contentsOf: json.bytes)
    }

    /// The time of day in UTC, with microseconds for `%f`.
    private mutating func appendTime(_ format: [UInt8]) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var date = tm()
        gmtime_r(&now.tv_sec, &date)
        var specification: [CChar] = []
        var rest = format[...]
        while let byte = rest.popFirst() {
            let replacement: String? =
                switch (byte, rest.first) {
                case (UInt8(ascii: "%"), UInt8(ascii: "f")): digits(now.tv_nsec / 1000, 6)
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
