// --name: how the user wants files to be called. Parsed once, rendered for each body; what comes out is any text whatever, and
// `NameRules` makes a safe path of it.

package import FetchKit

/// A file name with variables in braces, such as `{index:08}-{host}{path}`.
package struct NameTemplate: Sendable {
    private enum Variable: String, CaseIterable {
        case index, id, scheme, host, port, path, basename, stem, ext, query
        case urlSHA256 = "url_sha256"
        case sha256
    }

    private enum Piece {
        case literal([UInt8])
        case index(width: Int)
        case variable(Variable)
        /// The host, and the port where it is not the scheme's own: `host+8080`, as wget writes it where a colon cannot be.
        case hostAndPort
        /// A question mark and the query, if there is one.
        case questionAndQuery
    }

    private let pieces: [Piece]

    /// What wget makes of a URL: folders for host and path, and the query as part of the file name.
    package static let `default` = NameTemplate(pieces: [.hostAndPort, .variable(.path), .questionAndQuery])

    private init(pieces: [Piece]) { self.pieces = pieces }

    package init(_ text: String) throws(InvalidNameTemplate) {
        guard !text.isEmpty else { throw InvalidNameTemplate("the name is empty", known: Self.known) }
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let isBrace = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
            if !isBrace || rest.first == byte {
                literal.append(byte)
                if isBrace { rest = rest.dropFirst() }
                continue
            }
            guard byte == UInt8(ascii: "{") else { throw InvalidNameTemplate("a } without its { in \"\(text)\"", known: Self.known) }
            let name = rest.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
            rest = rest[name.endIndex...]
            guard rest.popFirst() == UInt8(ascii: "}") else {
                throw InvalidNameTemplate("a { without its } in \"\(text)\"", known: Self.known)
            }
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = []
            pieces.append(try Self.piece(String(decoding: name, as: UTF8.self)))
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.pieces = pieces
    }

    private static func piece(_ text: String) throws(InvalidNameTemplate) -> Piece {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let variable = Variable(rawValue: String(parts[0])) else {
            throw InvalidNameTemplate("no variable is called {\(text)}", known: known)
        }
        if parts.count == 1 { return .variable(variable) }
        guard variable == .index else { throw InvalidNameTemplate("only {index} takes a width, not {\(text)}", known: known) }
        let isNumber = parts[1].utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
        guard isNumber, let width = Int(parts[1]), 1...20 ~= width else {
            throw InvalidNameTemplate("the width in {\(text)} must be a number from 1 to 20", known: known)
        }
        return .index(width: width)
    }

    private static var known: [String] { Variable.allCases.map { "{\($0.rawValue)}" } }

    /// Whether the name is known only at the end of the body, because its hash is part of it.
    package var needsBody: Bool {
        pieces.contains { if case .variable(.sha256) = $0 { true } else { false } }
    }

    /// Whether no two requests of a run get the same name.
    var isUnique: Bool {
        pieces.contains { piece in
            switch piece {
            case .index, .variable(.index), .variable(.sha256): true
            default: false
            }
        }
    }

    /// The name as bytes, neither safe nor UTF-8. Only the template and `{path}` make folders: a slash in another variable is
    /// written `%2F`. The rules say which characters the values of variables keep.
    package func render(_ parts: NameParts, _ rules: NameRules) -> [UInt8] {
        let url = URLParts(parts.url)
        var text: [UInt8] = []
        var followsLiteral = false
        for piece in pieces {
            defer { if case .literal = piece { followsLiteral = true } else { followsLiteral = false } }
            switch piece {
            case .literal(let literal): text += literal
            case .index(let width): text += digits(parts.index, width).utf8
            case .hostAndPort:
                text += rules.supplied(url.host.escapingSlashes)
                if !url.hasDefaultPort { text += "+".utf8 + rules.supplied(url.port.escapingSlashes) }
            case .questionAndQuery:
                if let query = url.query { text += rules.supplied("?".utf8 + query.decoded.escapingSlashes) }
            case .variable(.ext):
                let ext = rules.supplied(url.ext.escapingSlashes)
                // A dot is there for the extension's sake: `{sha256}.{ext}` has none without one.
                if ext.isEmpty && followsLiteral && text.last == UInt8(ascii: ".") { text.removeLast() }
                text += ext
            // Here slashes make folders.
            case .variable(.path): text += rules.supplied(url.folders.decoded + url.basename)
            case .variable(let variable): text += rules.supplied(value(of: variable, parts, url).escapingSlashes)
            }
        }
        return text
    }

    private func value(of variable: Variable, _ parts: NameParts, _ url: URLParts) -> [UInt8] {
        switch variable {
        case .index: Array(String(parts.index).utf8)
        case .id: Array((parts.id ?? String(parts.index)).utf8)
        case .scheme: Array(url.scheme)
        case .host: Array(url.host)
        case .port: url.port
        case .path: Array(url.path)
        case .basename: url.basename
        case .stem: url.stem
        case .ext: url.ext
        case .query: (url.query ?? []).decoded
        case .urlSHA256: Array(hexadecimal(SHA256.hash(Array(parts.url.utf8))).utf8)
        case .sha256: Array(hexadecimal(parts.bodyHash ?? []).utf8)
        }
    }
}

extension URLParts {
    /// From the first slash to the last, as in the URL.
    fileprivate var folders: ArraySlice<UInt8> { path.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? Array("/".utf8)[...] }

    /// The last part of the path; `index.html` when the path ends in a slash.
    fileprivate var basename: [UInt8] {
        let last = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path
        return last.isEmpty ? Array("index.html".utf8) : last.decoded
    }

    /// The basename up to its last dot, which is no extension's when it comes first.
    fileprivate var stem: [UInt8] { split.stem }

    /// What follows the last dot of the basename.
    fileprivate var ext: [UInt8] { split.ext }

    private var split: (stem: [UInt8], ext: [UInt8]) {
        let name = basename
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return (name, []) }
        return (Array(name[..<dot]), Array(name[(dot + 1)...]))
    }
}

extension Collection<UInt8> {
    /// Without escapes, except where that would make a folder or a control character of them.
    fileprivate var decoded: [UInt8] { percentDecoded { $0 == UInt8(ascii: "/") || $0 < 0x20 || $0 == 0x7F } }

    /// As part of one name.
    fileprivate var escapingSlashes: [UInt8] { percentEncoded { $0 == UInt8(ascii: "/") } }
}

/// What is known about a body when its file gets a name.
package struct NameParts {
    /// The place in the input, from 0, as in the records.
    package var index: Int
    /// What the list calls the request; the index stands in for it where the list calls it nothing.
    package var id: String?
    /// The requested URL in the normal form of `HTTPURL`. Its user name and password never get into a name.
    package var url: String
    /// SHA-256 of the body; nil before its end.
    package var bodyHash: [UInt8]?

    package init(index: Int, id: String?, url: String, bodyHash: [UInt8]?) {
        self.index = index
        self.id = id
        self.url = url
        self.bodyHash = bodyHash
    }
}

extension NameParts {
    /// What is known when the outcome is.
    package init(_ outcome: Outcome) {
        let url = outcome.hops.first?.url ?? (try? HTTPURL(outcome.text))
        self.init(index: outcome.index, id: outcome.id, url: url?.absoluteString ?? outcome.text, bodyHash: outcome.sha256)
    }
}

/// Why a template cannot be used.
package struct InvalidNameTemplate: Error, CustomStringConvertible {
    package let description: String

    fileprivate init(_ reason: String, known: [String]) {
        description = "\(reason); known are \(known.joined(separator: ", ")), and {{ and }} stand for braces"
    }
}
