// Facts as plain text, for the formats that have no types of their own.

import FetchKit

extension ByteBuffer {
    /// Appends the value as a JSON line has it, without quotes and escapes; nothing for what is missing. Headers and redirects are
    /// JSON here too.
    mutating func append(_ value: FactValue) {
        switch value {
        case .missing: break
        case .integer(let value): append(decimal: value)
        case .seconds(let value): append(millionths: Int(value))
        case .time(let value): append(timestamp: value)
        case .flag(let value): append(value ? "true" : "false" as StaticString)
        case .text(let value): append(value)
        case .field(let value): append(field: value)
        case .headers, .redirects: append(JSONWriter.value(value))
        }
    }
}
