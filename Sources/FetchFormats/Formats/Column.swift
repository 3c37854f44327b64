// The columns of tables. Their names are the keys of jsonl, so that there is one list to know.

import FetchKit

/// One column. A reference, like a fact: a table asks forty of them about each record.
final class Column: Sendable {
    enum Content: Sendable {
        case fact(Fact)
        /// The values of a response header, joined as HTTP allows it (RFC 9110 section 5.3).
        case header(String)
        /// The body if it is text, or if it is not.
        case body(isText: Bool)
    }

    let name: String
    let content: Content

    private static let facts = Fact.all + Fact.afterBody

    /// All facts that are a single value.
    private static let usual = facts.filter(\.inCSV).map { Column($0) }

    private static let known: [String: Column] = {
        let columns = facts.map { Column($0) } + [Column("body", .body(isText: true)), Column("body_base64", .body(isText: false))]
        return Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0) })
    }()

    /// The columns of a list with commas; nil is the usual ones. Throws for a name that no column has.
    static func columns(_ list: String?) throws(InvalidColumns) -> [Column] {
        guard let list else { return usual }
        var columns: [Column] = []
        for name in list.split(separator: ",") { columns.append(try named(String(name))) }
        if columns.isEmpty { throw InvalidColumns(description: "--columns needs the name of one column at least.") }
        return columns
    }

    private static func named(_ name: String) throws(InvalidColumns) -> Column {
        let name = String(name.drop { $0 == " " })
        if let column = known[name] { return column }
        if name.hasPrefix("header:"), isToken(String(name.dropFirst("header:".count))) {
            return Column(name, .header(name.dropFirst("header:".count).lowercased()))
        }
        let names = facts.map { "\($0.name)" }
        throw InvalidColumns(
            description: "no column is called \"\(name)\"; there are \(names.joined(separator: " ")) header:NAME body body_base64")
    }

    private convenience init(_ fact: Fact) { self.init("\(fact.name)", .fact(fact)) }

    private init(_ name: String, _ content: Content) {
        self.name = name
        self.content = content
    }

    var isBody: Bool { if case .body = content { true } else { false } }

    /// Whether the value is the body. It may be larger than memory, so that it is not appended.
    func holdsBody(isText: Bool?) -> Bool { if case .body(let wanted) = content { wanted == isText } else { false } }

    /// Appends the value, which is UTF-8; nothing for a body.
    func append(_ record: Record, to line: inout ByteBuffer) {
        switch content {
        case .fact(let fact): line.append(fact.value(record))
        case .header(let name):
            for (position, value) in (record.last?.response?.values(of: name) ?? []).enumerated() {
                if position > 0 { line.append(", ") }
                line.append(field: value)
            }
        case .body: break
        }
    }
}

extension [Column] {
    /// What a table with these columns needs. The usual ones have hashes only where the run makes them anyway.
    func needs(_ settings: FormatSettings) -> FormatNeeds {
        FormatNeeds(
            bodies: contains(where: \.isBody) && !settings.savesBodies ? .all : .none,
            hashes: settings.columns != nil && contains { $0.name == "sha256" })
    }

    /// Whether the body of the record is text without NUL, which all readers take; nil where there is none, or no column for it.
    func isBodyText(_ record: Record) throws -> Bool? {
        guard contains(where: \.isBody), let body = record.body, !body.isEmpty else { return nil }
        var validator = UTF8Validator()
        var hasZero = false
        try body.forEachPiece { piece in
            validator.check(piece)
            hasZero = hasZero || piece.contains(0)
        }
        return validator.isValid && !hasZero
    }
}

/// A list of columns that cannot be used; where a name is unknown with those that there are.
struct InvalidColumns: Error, CustomStringConvertible {
    let description: String
}
