// Who to be on which host, from a .netrc file. Read by us and not by libcurl, which would give a host that was only redirected
// to what the `default` entry holds for all (CVE-2024-11053).

/// A .netrc file (https://everything.curl.dev/usingcurl/netrc.html), without its macros and accounts.
package struct Netrc {
    private struct Entry {
        /// nil is the `default` entry: any host.
        let host: String?
        var login: String?
        var password: String?
    }

    private var entries: [Entry] = []

    package init(_ text: [UInt8]) throws(NetrcError) {
        var reader = TokenReader(text)
        while let keyword = try reader.keyword() {
            switch keyword.lowercased() {
            case "machine":
                if let host = try reader.token() { entries.append(Entry(host: host)) }
            case "default": entries.append(Entry(host: nil))
            case "login": set(\.login, try reader.token())
            case "password": set(\.password, try reader.token())
            case "account": _ = try reader.token()
            case "macdef": reader.skipMacro()
            default: break
            }
        }
    }

    /// What the first matching entry says; what it does not say is empty, and an entry that says nothing is no match. With
    /// `user`, who was named otherwise, only entries for that user or for no one match. Without `allowsDefault` the entry for
    /// any host is left out, as it must be for a host that only a redirect has named.
    package func credentials(for host: String, user: String? = nil, allowsDefault: Bool = true) -> (user: String, password: String)? {
        let entry = entries.first { entry in
            guard entry.host.map({ isSameHost($0, host) }) ?? allowsDefault else { return false }
            guard entry.login != nil || entry.password != nil else { return false }
            return user == nil || entry.login == nil || entry.login == user
        }
        return entry.map { ($0.login ?? user ?? "", $0.password ?? "") }
    }

    /// Of two logins in one entry the first one holds.
    private mutating func set(_ field: WritableKeyPath<Entry, String?>, _ value: String?) {
        guard let last = entries.indices.last, entries[last][keyPath: field] == nil else { return }
        entries[last][keyPath: field] = value
    }

    /// Letters of ASCII in either case (RFC 4343); an IPv6 address with or without its brackets.
    private func isSameHost(_ first: String, _ second: String) -> Bool {
        func canonical(_ host: String) -> [UInt8] {
            let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
            return (isBracketed ? host.dropFirst().dropLast() : host[...]).utf8.map { byte in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            }
        }
        return canonical(first) == canonical(second)
    }
}

/// A file that does not hold what it should. Says nothing of the tokens, which may be secret.
package struct NetrcError: Error, Equatable, CustomStringConvertible {
    package let line: Int
    package let reason: String

    package var description: String { "line \(line): \(reason)" }
}

private struct TokenReader {
    private var rest: ArraySlice<UInt8>
    private var line = 1

    init(_ text: [UInt8]) { rest = text[...].withoutByteOrderMark }

    /// The next token where a comment could be as well.
    mutating func keyword() throws(NetrcError) -> String? {
        skipBlanks()
        while rest.first == UInt8(ascii: "#") {
            skipLine()
            skipBlanks()
        }
        return try token()
    }

    /// The next token, quoted or up to a blank; nil at the end of the file.
    mutating func token() throws(NetrcError) -> String? {
        skipBlanks()
        guard let first = rest.first else { return nil }
        let bytes = first == UInt8(ascii: "\"") ? try quoted() : Array(rest.prefix { !isBlank($0) })
        if first != UInt8(ascii: "\"") { rest = rest.dropFirst(bytes.count) }
        guard let token = String(validating: bytes, as: UTF8.self) else { throw NetrcError(line: line, reason: "not UTF-8") }
        return token
    }

    /// To the empty line that ends a macro (netrc(5), "macdef").
    mutating func skipMacro() {
        skipLine()
        while let first = rest.first, first != UInt8(ascii: "\n"), !rest.starts(with: "\r\n".utf8) { skipLine() }
    }

    /// `\n`, `\r` and `\t` are control characters and any other escaped one is itself. Ends on the line where it began.
    private mutating func quoted() throws(NetrcError) -> [UInt8] {
        let controls: [UInt8: UInt8] = [UInt8(ascii: "t"): 0x09, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D]
        var token: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\n") {
            switch byte {
            case UInt8(ascii: "\""): return token
            case UInt8(ascii: "\\"):
                guard let escaped = rest.first, escaped != UInt8(ascii: "\n") else { break }
                token.append(controls[escaped] ?? escaped)
                rest.removeFirst()
            default: token.append(byte)
            }
        }
        throw NetrcError(line: line, reason: "the closing quote is missing")
    }

    private mutating func skipBlanks() {
        while let first = rest.first, isBlank(first) {
            if first == UInt8(ascii: "\n") { line += 1 }
            rest.removeFirst()
        }
    }

    private mutating func skipLine() {
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\n") {
                line += 1
                return
            }
        }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") }
}
