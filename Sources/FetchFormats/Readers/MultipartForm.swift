// What curl's -F family makes of its arguments: a form of several parts, some of which are files.

package import FetchKit

/// A form as `multipart/form-data` (RFC 7578; curl manual page, "-F, --form").
package struct MultipartForm {
    /// One option as it was typed.
    package enum Part: Equatable, Sendable {
        /// `--form`: `name=content`, `name=@file` to upload it, `name=<file` for its content alone; then `;type=` and `;filename=`.
        case form(String)
        /// `--form-string`: `name=content`, as it is.
        case string(String)
    }

    package struct Invalid: Error, CustomStringConvertible {
        package let description: String
    }

    private let boundary: String
    package let body: RequestBody

    package var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// `random` makes the boundary, which must not be in the parts. `read` gives a file to send.
    package init(_ parts: [Part], random: (UInt64, UInt64), read: (String) throws -> RequestBody) throws {
        boundary = "------------------------" + [random.0, random.1].map { String($0, radix: 36) }.joined()
        var pieces: [RequestBody] = []
        for part in parts {
            let part = try ParsedPart(part)
            pieces.append(.bytes(Array("--\(boundary)\r\n\(part.head)\r\n\r\n".utf8)))
            pieces.append(try part.file.map(read) ?? .bytes(Array(part.content.utf8)))
            pieces.append([UInt8(ascii: "\r"), UInt8(ascii: "\n")])
        }
        body = .joined(pieces + [.bytes(Array("--\(boundary)--\r\n".utf8))])
    }
}

/// A part, its name and what else was said of it.
private struct ParsedPart {
    private var name: String
    private var isUpload = false
    private var type: String?
    private var fileName: String?
    private(set) var content = ""
    private(set) var file: String?

    init(_ part: MultipartForm.Part) throws(MultipartForm.Invalid) {
        let text =
            switch part {
            case .form(let text), .string(let text): text
            }
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            throw MultipartForm.Invalid(description: "not a part of a form: write name=content or name=@file")
        }
        name = String(text[..<equals])
        var rest = text[text.utf8.index(after: equals)...]
        guard case .form = part else {
            content = String(rest)
            return
        }
        let sign = rest.utf8.first
        if sign == UInt8(ascii: "@") || sign == UInt8(ascii: "<") { rest = rest.dropFirst() }
        rest = rest.drop { $0 == " " || $0 == "\t" }
        let value = Self.value(&rest)
        while let (key, setting) = try Self.setting(&rest) {
            switch key {
            case "type": type = setting
            case "filename": fileName = setting
            default:
                throw MultipartForm.Invalid(
                    description: "a part of a form takes ;type= and ;filename=; quote a value that holds a semicolon")
            }
        }
        guard sign == UInt8(ascii: "@") || sign == UInt8(ascii: "<") else {
            content = value
            return
        }
        if value.isEmpty { throw MultipartForm.Invalid(description: "the name of a file is missing behind \(name)=@") }
        (file, isUpload) = (value, sign == UInt8(ascii: "@"))
    }

    /// Up to the next semicolon. In double quotes a backslash takes away the meaning of a quote or a backslash.
    private static func value(_ rest: inout Substring) -> String {
        guard rest.first == "\"" else {
            let value = rest.prefix { $0 != ";" }
            rest = rest[value.endIndex...]
            return String(value)
        }
        var value = ""
        var isEscaped = false
        for index in rest.indices.dropFirst() {
            let character = rest[index]
            if !isEscaped && character == "\"" {
                rest = rest[rest.index(after: index)...]
                return value
            }
            isEscaped = !isEscaped && character == "\\"
            if !isEscaped { value.append(character) }
        }
        rest = rest[rest.endIndex...]
        return value
    }

    private static func setting(_ rest: inout Substring) throws(MultipartForm.Invalid) -> (key: String, value: String)? {
        guard rest.first == ";" else { return nil }
        rest = rest.dropFirst().drop { $0 == " " }
        let key = rest.prefix { $0 != "=" && $0 != ";" }
        rest = rest[key.endIndex...].dropFirst()
        var value = value(&rest)
        // A type may have parameters: type=text/plain;charset=utf-8.
        while key == "type", rest.first == ";", !["filename=", "type=", "headers=", "encoder="].contains(where: rest.dropFirst().hasPrefix)
        {
            let parameter = rest.dropFirst().prefix { $0 != ";" }
            value += ";\(parameter)"
            rest = rest[parameter.endIndex...]
        }
        return (String(key), value)
    }

    /// The lines before the content.
    var head: String {
        var lines = ["Content-Disposition: form-data; name=\"\(Self.escaped(name))\""]
        if let shown = fileName ?? (isUpload ? file.map(Self.lastComponent) : nil) { lines[0] += "; filename=\"\(Self.escaped(shown))\"" }
        if let type = type ?? (isUpload ? usualType : nil) { lines.append("Content-Type: \(type)") }
        return lines.joined(separator: "\r\n")
    }

    private static func lastComponent(_ path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }

    /// As browsers do (https://html.spec.whatwg.org/#multipart-form-data).
    private static func escaped(_ name: String) -> String {
        name.replacing("\"", with: "%22").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    /// By the name that is sent, else by that of the file.
    private var usualType: String {
        [fileName, file].lazy.compactMap { $0.flatMap(Self.type(of:)) }.first ?? "application/octet-stream"
    }

    /// curl's list.
    private static func type(of file: String) -> String? {
        let types = [
            ".gif": "image/gif", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".svg": "image/svg+xml",
            ".txt": "text/plain", ".htm": "text/html", ".html": "text/html", ".pdf": "application/pdf", ".xml": "application/xml",
        ]
        let name = file.lowercased()
        return types.first { name.hasSuffix($0.key) }?.value
    }
}
