// The name that a server gives a body (RFC 6266). It is a stranger's: rules must make a safe one of it.

package import FetchKit

/// The field `Content-Disposition`.
package enum ContentDisposition {
    /// The name of the file, without folders; nil where the head has none.
    package static func fileName(of head: ResponseHead) -> [UInt8]? {
        for value in head.values(of: "content-disposition") { if let name = fileName(in: value) { return name } }
        return nil
    }

    /// `filename*` says in which encoding it is and counts more than `filename` (RFC 6266 section 4.3).
    static func fileName(in value: ArraySlice<UInt8>) -> [UInt8]? {
        var plain: [UInt8]?
        var extended: [UInt8]?
        for (name, value) in parameters(of: value) {
            if name.equalsIgnoringCase("filename") { plain = plain ?? value }
            if name.equalsIgnoringCase("filename*") { extended = extended ?? decoded(value) }
        }
        return [extended, plain].lazy.compactMap { $0.flatMap(withoutFolders) }.first
    }

    /// Whatever system the folders are of; nil where nothing is left.
    private static func withoutFolders(_ name: [UInt8]) -> [UInt8]? {
        let last = name[((name.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") } ?? -1) + 1)...].trimmed
        return last.isEmpty ? nil : Array(last)
    }

    /// What stands between semicolons, as names and values; the type at the beginning has no value.
    private static func parameters(of value: ArraySlice<UInt8>) -> [(name: ArraySlice<UInt8>, value: [UInt8])] {
        var parameters: [(ArraySlice<UInt8>, [UInt8])] = []
        var rest = value
        while !rest.isEmpty {
            let name = rest.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "=") }
            rest = rest[name.endIndex...]
            if rest.first == UInt8(ascii: "=") {
                rest = rest.dropFirst().trimmed
                let text = rest.first == UInt8(ascii: "\"") ? quoted(&rest) : []
                // A token, or what nothing is said about.
                let tail = rest.prefix { $0 != UInt8(ascii: ";") }
                rest = rest[tail.endIndex...]
                parameters.append((name.trimmed, text + tail.trimmed))
            }
            rest = rest.dropFirst()
        }
        return parameters
    }

    /// A quoted string. A backslash stands for itself, as paths have it, unless a quote or another one follows.
    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        rest = rest.dropFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            let isEscape = byte == UInt8(ascii: "\\") && (rest.first == UInt8(ascii: "\"") || rest.first == byte)
            text.append(isEscape ? rest.removeFirst() : byte)
        }
        return text
    }

    /// `UTF-8'language'percent-encoded` (RFC 8187); nil for another encoding and for what is not in the one it names.
    private static func decoded(_ value: [UInt8]) -> [UInt8]? {
        let parts = value.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let bytes = parts[2].percentDecoded { _ in false }
        if parts[0].equalsIgnoringCase("utf-8") { return String(validating: bytes, as: UTF8.self) == nil ? nil : bytes }
        // Each byte is the character of that number.
        return parts[0].equalsIgnoringCase("iso-8859-1") ? bytes.flatMap { Array(String(UnicodeScalar($0)).utf8) } : nil
    }
}
