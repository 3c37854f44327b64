// Where a file goes, once nothing about its name can do harm. A type of its own, so that no text from a server or a list reaches
// the file system by accident.

/// A relative path that `NameRules` made: no component is empty, hidden, `.` or `..`, or longer than the limit.
///
/// Not Equatable: two paths that differ only in Unicode normalisation are equal as `String`, and yet two files on Linux.
package struct SafePath: Sendable, CustomStringConvertible {
    /// The longest name that the rules make. The rest of the 255 bytes that file systems have is for one number, one tag and
    /// `.part`.
    static let mostNameBytes = 200
    package static let mostBytes = 1024
    static let mostComponents = 32
    private static let mostTagBytes = 24

    /// Folders and, last, the file. Never empty.
    package let components: [String]

    /// For those who know that the components are safe.
    package init(trusting components: [String]) { self.components = components }

    package var name: String { components[components.count - 1] }
    package var folders: ArraySlice<String> { components.dropLast() }
    package var description: String { components.joined(separator: "/") }

    /// The same for two paths that some file system takes for the same: folded in case, with nothing of what ext4's casefold and
    /// APFS ignore. To be compared as a `String`, whose equality is Unicode's canonical equivalence: that takes care of NFC and NFD.
    package var collisionKey: String {
        let text = description
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        let visible = text.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint }
        // Up and down again, because small letters alone leave ß and ss, ς and σ apart.
        return String(String.UnicodeScalarView(visible)).uppercased().lowercased()
    }

    /// `name.1`, as curl's --no-clobber has it.
    package func numbered(_ number: Int) -> SafePath { renamed("\(name).\(number)") }

    /// `stem~tag.ext`. A tag is letters and digits of our own; anything else in it becomes `_`.
    package func suffixed(_ tag: String) -> SafePath {
        let tag = tag.utf8.prefix(Self.mostTagBytes).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            default: UInt8(ascii: "_")
            }
        }
        let bytes = Array(name.utf8)
        let ext = shortExtension(of: bytes)
        return renamed(String(decoding: bytes[..<ext.startIndex] + "~".utf8 + tag + ext, as: UTF8.self))
    }

    /// The same with another name for the folder that many folders down: one that a file of the same name leaves free.
    package func sidestepping(_ depth: Int) -> SafePath {
        var components = components
        components[depth] += "~d"
        return SafePath(trusting: components)
    }

    /// `name.part`: what is there of a file that a later run may complete.
    package var partial: SafePath { renamed("\(name).part") }

    /// The same with another name for the file, one that the rules have made.
    package func renamed(_ name: String) -> SafePath { SafePath(trusting: folders + [name]) }
}

/// The last dot and what follows, when it is short enough to mean something; else nothing, at the end.
func shortExtension(of name: [UInt8]) -> ArraySlice<UInt8> {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0, name.count - dot <= 16 else { return name[name.endIndex...] }
    return name[dot...]
}
