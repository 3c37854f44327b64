// The columns of csv. Their names are the keys of jsonl, so that there is one list to know.

import FetchKit

/// One column.
package struct Column: Sendable {
    package enum Content: Sendable {
        case fact(Key)
        /// The values of a response header, joined as HTTP allows it (RFC 9110 section 5.3).
        case header(String)
        /// The body if it is text.
        case body
        /// The body if it is not.
        case bodyBase64
    }

    package let name: String
    package let content: Content

    /// All facts that are a single value.
    package static let usual = (Key.all + Key.afterBody).filter { !["headers", "redirects"].contains("\($0.name)") }.map(Column.init(key:))

    private static let known: [String: Column] = {
        let columns = (Key.all + Key.afterBody).map(Column.init(key:)) + [Column("body", .body), Column("body_base64", .bodyBase64)]
        return Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0) })
    }()

    package var needsBody: Bool {
        switch content {
        case .body, .bodyBase64: true
        case .fact, .header: false
        }
    }

    /// Throws for a name that no column has.
    package init(_ name: String) throws(UnknownColumn) {
        let name = String(name.drop { $0 == " " })
        if let column = Self.known[name] {
            self = column
        } else if name.hasPrefix("header:"), Self.isToken(name.dropFirst("header:".count)) {
            self.init(name, .header(name.dropFirst("header:".count).lowercased()))
        } else {
            let names = (Key.all + Key.afterBody).map { "\($0.name)" }
            throw UnknownColumn(
                description: "no column is called \"\(name)\"; there are \(names.joined(separator: " ")) header:NAME body body_base64")
        }
    }

    private init(key: Key) {
        self.init("\(key.name)", .fact(key))
    }

    private init(_ name: String, _ content: Content) {
        self.name = name
        self.content = content
    }

    /// What a field may be called (RFC 9110 section 5.6.2).
    private static func isToken(_ name: Substring) -> Bool {
        let others = Set("!#$%&'*+-.^_`|~".utf8)
        return !name.isEmpty && name.utf8.allSatisfy { $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 26 || others.contains($0) }
    }
}

/// A name that no column has, and those that there are.
package struct UnknownColumn: Error, CustomStringConvertible {
    package let description: String
}
