// JSON with objects inside of objects, for reports that are written once. Results go through `JSONObject`, which is faster.

import FetchKit

/// A JSON value (RFC 8259).
indirect enum JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    case null
    case bool(Bool)
    case int(Int)
    /// With six decimals; null when it is no number.
    case number(Double)
    case seconds(Duration)
    case text(String)
    case array([JSONTree])
    /// In that order; the keys must differ.
    case object([(String, JSONTree)])

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .int(value) }
    init(nilLiteral: ()) { self = .null }

    init(_ value: Int?) { self = value.map(JSONTree.int) ?? .null }
    init(_ value: Int64) { self = .int(Int(value)) }
    init(_ value: String?) { self = value.map(JSONTree.text) ?? .null }
    init(_ value: Duration?) { self = value.map(JSONTree.seconds) ?? .null }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .int(let value): bytes.append(contentsOf: String(value).utf8)
        case .number(let value): Self.append(millionths: value * 1_000_000, to: &bytes)
        case .seconds(let value): Self.append(millionths: Double(value.microseconds), to: &bytes)
        case .text(let value): Self.append(value, to: &bytes)
        case .array(let values):
            Self.append(values, "[", "]", to: &bytes) { $0.append(to: &$1) }
        case .object(let members):
            Self.append(members, "{", "}", to: &bytes) { member, bytes in
                Self.append(member.0, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.1.append(to: &bytes)
            }
        }
    }

    private static func append<Element>(
        _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8],
        _ append: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (offset, element) in elements.enumerated() {
            if offset > 0 { bytes.append(UInt8(ascii: ",")) }
            append(element, &bytes)
        }
        bytes.append(UInt8(ascii: close))
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { JSONText.append(UnsafeRawBufferPointer($0), to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func append(millionths: Double, to bytes: inout [UInt8]) {
        guard let millionths = Int(exactly: millionths.rounded()) else { return bytes.append(contentsOf: "null".utf8) }
        let (whole, fraction) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        bytes.append(contentsOf: "\(millionths < 0 ? "-" : "")\(whole).\(digits(Int(fraction), 6))".utf8)
    }
}
