// Facts and bodies as JSON: what jsonl, the manifest, the entries of an archive, -w and HAR have in common.

package import FetchKit

extension JSONWriter {
    package mutating func add(_ key: StaticString, _ value: FactValue) {
        switch value {
        case .missing: addNull(key)
        case .integer(let value): add(key, value)
        case .seconds(let value): add(key, seconds: value)
        case .flag(let value): add(key, value)
        case .text(let value): add(key, value)
        case .field(let value): add(key, latin1: value)
        case .headers(let response): object(key) { $0.addFields(response) }
        case .redirects(let hops): array(key) { $0.addRedirects(hops) }
        }
    }

    /// The value alone.
    package static func value(_ value: FactValue) -> ArraySlice<UInt8> {
        var json = JSONWriter()
        json.add("", value)
        return json.bytes.dropFirst(3)
    }

    package mutating func add(_ facts: [Fact], of record: Record) {
        for fact in facts { add(fact.name, fact.value(record)) }
    }

    /// Lower-case names, each with the array of its values in order of arrival. `separate` is called before each.
    mutating func addFields(_ response: ResponseHead, separate: (inout JSONWriter) -> Void = { _ in }) {
        let fields = response.fields.map { (name: $0.name.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }, value: $0.value) }
        // Looking around is faster than a table, unless somebody sends very many.
        let table = fields.count > 64 ? Dictionary(grouping: fields, by: \.name) : [:]
        var seen: Set<[UInt8]> = []
        for (position, field) in fields.enumerated() {
            let isFirst = table.isEmpty ? !fields[..<position].contains { $0.name == field.name } : seen.insert(field.name).inserted
            guard isFirst else { continue }
            separate(&self)
            array(latin1: field.name[...]) { json in
                for other in table[field.name] ?? fields[position...].filter({ $0.name == field.name }) { json.add(latin1: other.value) }
            }
        }
    }

    private mutating func addRedirects(_ hops: ArraySlice<Hop>) {
        for hop in hops {
            object { json in
                json.add("url", hop.url.description)
                json.add("response_code", .integer(hop.response?.statusCode))
                json.add("time_total", seconds: hop.timings.total)
            }
        }
    }

    // MARK: Bodies

    /// A body under the one key or the other, and null under the other one. It is read twice, because only at its end it is known whether
    /// it is text.
    mutating func add(_ textKey: StaticString, orBase64 key: StaticString, _ body: Body?, _ sink: any ByteSink) throws {
        guard let body else {
            addNull(textKey)
            return addNull(key)
        }
        if try body.isText {
            try add(textKey, text: body, sink)
            addNull(key)
        } else {
            addNull(textKey)
            try add(key, base64: body, sink)
        }
    }

    /// A body that is UTF-8. It may be larger than memory, so that it goes to the sink piece by piece.
    package mutating func add(_ key: StaticString, text body: Body, _ sink: any ByteSink) throws {
        try string(key) { json in
            try body.forEachBlock { block in
                json.append(block)
                try json.drain(into: sink)
            }
        }
    }

    /// Any body (RFC 4648 section 4).
    package mutating func add(_ key: StaticString, base64 body: Body, _ sink: any ByteSink) throws {
        try string(key) { json in
            var encoder = Base64()
            try body.forEachBlock { block in
                json.append(raw: encoder.encode(block))
                try json.drain(into: sink)
            }
            json.append(raw: encoder.finish())
        }
    }
}

extension Body {
    /// Whether it is UTF-8 from the first byte to the last.
    var isText: Bool {
        get throws {
            var validator = UTF8Validator()
            try forEachPiece { validator.check($0) }
            return validator.isValid
        }
    }

    /// Pieces that are small wherever the body lies: text grows when it is escaped.
    fileprivate func forEachBlock(_ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        try forEachPiece { piece in
            for start in stride(from: 0, to: piece.count, by: 64 << 10) {
                try receive(UnsafeRawBufferPointer(rebasing: piece[start..<min(piece.count, start + (64 << 10))]))
            }
        }
    }
}
