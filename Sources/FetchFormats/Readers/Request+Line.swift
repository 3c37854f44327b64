// A request as the line that JSONRequest reads.

package import FetchKit

extension Request {
    /// The request as a JSON object in one line, secrets included. Content in memory is part of it, a file is named. Throws for other files
    /// that cannot be read, and returns nil for a line that would be too long for a list.
    package func line() throws(RequestBody.UnusableFile) -> [UInt8]? {
        let content = body?.path == nil ? try body?.contents() : nil
        if let content, content.count > LineSplitter.limit { return nil }
        var json = JSONWriter()
        json.object { json in
            json.add("url", url.absoluteString)
            if method != (body == nil ? "GET" : "POST") { json.add("method", method) }
            if !headers.isEmpty { json.object("headers") { add(headers, to: &$0) } }
            if let path = body?.path {
                json.add("body_file", path)
            } else if let content {
                if let text = String(validating: content, as: UTF8.self) {
                    json.add("body", text)
                } else {
                    json.add("body_base64", String(decoding: Base64.encode(content), as: UTF8.self))
                }
            }
            if let id { json.add("id", id) }
            if let output { json.add("output", output) }
            if let timeLimit {
                let (seconds, fraction) = timeLimit.components
                if fraction == 0 { json.add("timeout", seconds) } else { json.add("timeout", seconds: timeLimit) }
            }
            if let sha256 { json.add("sha256", hexadecimal(sha256)) }
            if let credentials { json.add("user", "\(credentials.user):\(credentials.password)") }
        }
        return json.bytes.count > LineSplitter.limit ? nil : json.bytes
    }

    /// Fields of one name are a member together; a value of null takes the field out.
    private func add(_ fields: [HeaderField], to json: inout JSONWriter) {
        var written: Set<String> = []
        for field in fields where written.insert(field.name.lowercased()).inserted {
            let values = fields.filter { $0.name.lowercased() == field.name.lowercased() }.compactMap(\.value)
            switch values.count {
            case 0: json.addNull(text: field.name)
            case 1: json.add(text: field.name, values[0])
            default: json.array(text: field.name, values)
            }
        }
    }
}
