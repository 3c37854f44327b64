// Names come from strangers: from URLs, servers and lists. These rules make paths of them that stay in their directory, that no
// shell, web server or terminal takes for something else, and that every file system can hold.

import FetchKit

/// Turns any text into a safe path. The same text always gives the same path, and a safe path gives itself.
package struct NameRules: Sendable {
    private let isPortable: Bool

    /// `isPortable` says whether what others supply is without the characters that Windows and its file systems reserve.
    package init(isPortable: Bool = true) { self.isPortable = isPortable }

    /// Part of a name that a URL, a server or a list supplies: reserved characters are percent-encoded, where names are portable. What
    /// the user writes keeps them.
    package func supplied(_ text: some Collection<UInt8>) -> [UInt8] {
        isPortable ? text.percentEncoded(where: Self.isReserved) : Array(text)
    }

    /// `"*:<>?|` (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
    private static func isReserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x2A, 0x3A, 0x3C, 0x3E, 0x3F, 0x7C: true
        default: false
        }
    }

    package func path(for text: String) -> SafePath { path(for: Array(text.utf8)) }

    package func path(for text: [UInt8]) -> SafePath {
        var components: [String] = []
        for part in text.split(separator: UInt8(ascii: "/")) where part.count > 1 || part.first != UInt8(ascii: ".") {
            components.append(name(for: Array(part), isFirst: components.isEmpty))
        }
        return SafePath(trusting: components.isEmpty ? ["index.html"] : shortened(components))
    }

    /// The path below one of 4096 folders, so that none holds more than a share of the files. Not more of them: making a folder costs
    /// more than making a file.
    package func sharded(_ path: SafePath) -> SafePath {
        let digits = hexadecimal(Array(SHA256.hash(Array(path.description.utf8)).prefix(2)))
        return SafePath(trusting: [String(digits.prefix(3))] + path.components)
    }

    // MARK: One component

    private func name(for part: [UInt8], isFirst: Bool) -> String {
        var name = escaped(part)
        // Windows drops them, so that two names would be one.
        var end = name.endIndex
        while end > 0, name[end - 1] == UInt8(ascii: ".") || name[end - 1] == UInt8(ascii: " ") {
            end -= 1
            name[end] = UInt8(ascii: "_")
        }
        if name[0] == UInt8(ascii: ".") {
            // Hidden, and often read by somebody: .htaccess, .bashrc.
            name[0] = UInt8(ascii: "_")
        } else if name[0] == UInt8(ascii: "-") || (isFirst && name[0] == UInt8(ascii: "~")) {
            // An option or somebody's home to the next command.
            name.insert(UInt8(ascii: "_"), at: 0)
        }
        let stem = name.prefix { $0 != UInt8(ascii: ".") }
        if isDevice(stem) { name.insert(UInt8(ascii: "_"), at: stem.endIndex) }
        return String(decoding: cut(name, original: part), as: UTF8.self)
    }

    /// Well-formed UTF-8 without characters that do things: those, and bytes that are no character, are percent-encoded.
    private func escaped(_ part: [UInt8]) -> [UInt8] {
        if part.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) { return part }
        var result: [UInt8] = []
        result.reserveCapacity(part.count + 8)
        var parser = Unicode.UTF8.ForwardParser()
        var rest = part.makeIterator()
        var position = 0
        while true {
            switch parser.parseScalar(from: &rest) {
            case .valid(let encoded):
                if isHarmless(Unicode.UTF8.decode(encoded)) {
                    result += encoded
                } else {
                    result += encoded.flatMap(\.percentEncoded)
                }
                position += encoded.count
            case .error(let length):
                result += part[position..<(position + length)].flatMap(\.percentEncoded)
                position += length
            case .emptyInput:
                return result
            }
        }
    }

    private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.controlsTerminal && scalar != "/" && scalar != "\\"
    }

    /// Names that are devices in every folder of Windows, whatever extension they have
    /// (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
    private func isDevice(_ stem: ArraySlice<UInt8>) -> Bool {
        var stem = stem
        while stem.last == UInt8(ascii: " ") { stem.removeLast() }
        guard 3...5 ~= stem.count else { return false }
        let name = String(decoding: stem, as: UTF8.self).uppercased()
        if ["CON", "PRN", "AUX", "NUL"].contains(name) { return true }
        return (name.hasPrefix("COM") || name.hasPrefix("LPT")) && name.count == 4 && "123456789¹²³".contains(name.last!)
    }

    // MARK: Lengths

    private func cut(_ name: [UInt8], original: [UInt8]) -> [UInt8] {
        guard name.count > SafePath.mostNameBytes else { return name }
        let ext = shortExtension(of: name)
        let tag = tag(of: original)
        var end = SafePath.mostNameBytes - tag.count - ext.count
        while name[end] & 0xC0 == 0x80 { end -= 1 }
        for sign in [end - 1, end - 2] where name[sign] == UInt8(ascii: "%") {
            // An escape stays whole or goes.
            if hexadecimalDigit(name[sign + 1]) != nil && hexadecimalDigit(name[sign + 2]) != nil { end = sign }
        }
        return name[..<end] + tag + ext
    }

    /// Where folders are too many or too long, one stands for all but the first ones. The file's own name has no say in this, so
    /// that what was in one folder stays together.
    private func shortened(_ components: [String]) -> [String] {
        // Room is left for the file, the slash, and the two folders of `sharded`.
        let mostBytes = SafePath.mostBytes - 255 - 6
        let mostFolders = SafePath.mostComponents - 3
        let folders = components.dropLast()
        guard folders.count > mostFolders || folders.reduce(0, { $0 + $1.utf8.count + 1 }) > mostBytes else { return components }
        var kept: [String] = []
        var room = mostBytes - 18
        for folder in folders.prefix(mostFolders - 1) {
            room -= folder.utf8.count + 1
            if room < 0 { break }
            kept.append(folder)
        }
        let rest = folders[kept.count...].joined(separator: "/")
        return kept + [String(decoding: tag(of: Array(rest.utf8)), as: UTF8.self), components[components.count - 1]]
    }

    /// `~` and 16 digits.
    private func tag(of bytes: [UInt8]) -> [UInt8] {
        Array("~\(hexadecimal(Array(SHA256.hash(bytes).prefix(8))))".utf8)
    }
}
