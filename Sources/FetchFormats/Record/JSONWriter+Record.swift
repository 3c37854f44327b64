// Facts and bodies as JSON: what jsonl, the manifest, the entries of an archive, -w and HAR have in common.

package import FetchKit

extension JSONWriter {
    package mutating func add(_ key: StaticString, _ value: FactValue) {
        switch value {
        case .missing: addNull(key)
        case .integer(let value): add(key, value)
        case .seconds(let value): add(key, microseconds: value)
        case .time(let value): string(key) { $0.append(timestamp: value) }
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
        let fields = HeadFields(response.bytes).fields
        response.bytes.withUnsafeBytes { head in
            // Looking around is faster than a table, unless somebody sends very many.
            var places: [[UInt8]: [Int]] = [:]
            if fields.count > 64 {
                for (place, field) in fields.enumerated() { places[head[field.name].map(\.lowercased), default: []].append(place) }
            }
            for (place, field) in fields.enumerated() {
                let equals = places.isEmpty ? nil : places[head[field.name].map(\.lowercased)]
                let isFirst = equals.map { $0[0] == place } ?? !(0..<place).contains { head.isEqual(field.name, fields[$0].name) }
                guard isFirst else { continue }
                separate(&self)
                array(lowercasing: UnsafeRawBufferPointer(rebasing: head[field.name])) { json in
                    if let equals {
                        for other in equals { json.add(latin1: UnsafeRawBufferPointer(rebasing: head[fields[other].value])) }
                    } else {
                        for other in fields[place...] where head.isEqual(field.name, other.name) {
                            json.add(latin1: UnsafeRawBufferPointer(rebasing: head[other.value]))
                        }
                    }
                }
            }
        }
    }

    private mutating func addRedirects(_ hops: ArraySlice<Hop>) {
        for hop in hops {
            object { json in
                json.add("url", hop.url.description)
                json.add("response_code", .integer(hop.response?.statusCode))
                json.add("time_total", microseconds: hop.timings.$total)
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

extension UnsafeRawBufferPointer {
    /// Whether two parts are equal but for the case of letters.
    fileprivate func isEqual(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        for offset in 0..<one.count where self[one.lowerBound + offset].lowercased != self[other.lowerBound + offset].lowercased {
            return false
        }
        return true
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
            for start in stride(from: 0, to: piece.count, by: 16 << 10) {
                try receive(UnsafeRawBufferPointer(rebasing: piece[start..<min(piece.count, start + (16 << 10))]))
            }
        }
    }
}
