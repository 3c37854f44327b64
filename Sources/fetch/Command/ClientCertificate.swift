// What -E takes: a file, and perhaps the password of the key in it.

/// A client certificate as curl's `-E` names it (its `parse_cert_parameter`): `file` or `file:password`. In the file's name `\:` is a
/// colon and `\\` a backslash; what follows the first plain colon is the password, as it is.
struct ClientCertificate: Equatable {
    let file: String
    /// Nil without one, and when it is empty.
    let password: String?

    init(_ text: String) {
        var file: [UInt8] = []
        var rest = Array(text.utf8)[...]
        var password: String?
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let next = rest.first, next == UInt8(ascii: ":") || next == byte {
                file.append(next)
                rest.removeFirst()
            } else if byte == UInt8(ascii: ":") {
                password = rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
                break
            } else {
                file.append(byte)
            }
        }
        self.file = String(decoding: file, as: UTF8.self)
        self.password = password
    }
}
