// Facts as plain text, for the formats that have no types of their own.

import FetchKit

extension FactValue {
    /// Appends the value as a JSON line has it, without quotes and escapes; nothing for what is missing. Headers and redirects are
    /// JSON here too.
    func append(to bytes: inout [UInt8]) {
        switch self {
        case .missing: break
        case .integer(let value): JSONText.append(value, to: &bytes)
        case .seconds(let value): JSONText.append(millionths: Int(value.microseconds), to: &bytes)
        case .flag(let value): bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
        case .text(let value): bytes.append(contentsOf: value.utf8)
        case .field(let value): bytes.append(contentsOf: value.utf8Text)
        case .headers, .redirects: bytes.append(contentsOf: JSONWriter.value(self))
        }
    }
}
