// A line of a list that is a JSON object: a URL with all that a request may need. A key that nobody knows is an error, because
// it is a request that would not be made as it was meant.

import FetchKit

/// What one JSON line asks for.
struct JSONRequest {
    static let keys = [
        "url", "method", "headers", "body", "body_base64", "body_file", "id", "output", "timeout", "sha256", "user", "bearer", "range",
    ]

    let url: String
    private var template: RequestTemplate
    private var id: String?
    private var sha256: [UInt8]?
    private var output: String?

    /// Starts from what the options say about all requests.
    init(_ line: ArraySlice<UInt8>, template: RequestTemplate) throws(InvalidURL) {
        guard let (value, repeatedKey) = try? JSONReader.read(line), case .object(let object) = value else {
            throw InvalidURL(reason: "the line begins with { but is no JSON object")
        }
        if let repeatedKey { throw InvalidURL(reason: "the key \"\(repeatedKey)\" is there twice") }
        if let unknown = object.keys.filter({ !Self.keys.contains($0) }).min() {
            throw InvalidURL(reason: "the key \"\(unknown)\" is not known; known are \(Self.keys.joined(separator: ", "))")
        }
        self.template = template
        guard case .string(let url)? = object["url"] else { throw InvalidURL(reason: "the key \"url\" is missing or no text") }
        self.url = url
        try readBody(object)
        for (key, value) in object.sorted(by: { $0.key < $1.key }) where value != .null { try read(key, value) }
    }

    /// The URL of a line that cannot be used, if it can be read.
    static func url(in line: ArraySlice<UInt8>) -> String? {
        guard case .object(let object)? = try? JSONReader.read(line).value, case .string(let url)? = object["url"] else { return nil }
        return url
    }

    func request(_ url: HTTPURL, source: Request.Source) throws(InvalidURL) -> Request {
        var request = try template.request(url, text: self.url, source: source)
        request.id = id
        if let sha256 { request.sha256 = sha256 }
        if let output { request.output = output }
        return request
    }

    private mutating func read(_ key: String, _ value: JSONValue) throws(InvalidURL) {
        switch (key, value) {
        case ("url", _), ("body", _), ("body_base64", _), ("body_file", _): break
        case ("method", .string(let method)):
            guard isToken(method) else { throw InvalidURL(reason: "\"\(method)\" is no HTTP method") }
            template.method = method
        case ("headers", .object(let headers)):
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) { try readHeader(name, value) }
        case ("id", .string(let id)), ("id", .number(let id)): self.id = id
        case ("timeout", .number(let number)):
            guard let seconds = Double(number), seconds > 0, seconds < 1e9 else {
                throw InvalidURL(reason: "\"timeout\" takes seconds, more than 0 and less than 1e9")
            }
            template.timeLimit = .microseconds(Int64(seconds * 1_000_000))
        case ("output", .string(let name)):
            guard !name.isEmpty else { throw InvalidURL(reason: "\"output\" is empty") }
            output = name
        case ("sha256", .string(let text)):
            guard let hash = bytes(hexadecimal: text), hash.count == 32 else {
                throw InvalidURL(reason: "\"sha256\" takes 64 hexadecimal digits")
            }
            sha256 = hash
        case ("user", .string(let pair)): template.credentials = Credentials(pair: pair, scheme: template.credentials?.scheme ?? .basic)
        case ("bearer", .string(let token)): try readHeader("Authorization", .string("Bearer \(token)"))
        case ("range", .string(let range)): try readHeader("Range", .string("bytes=\(range)"))
        default: throw InvalidURL(reason: "the key \"\(key)\" has a value of the wrong kind")
        }
    }

    /// A field replaces those of the same name in the options; null takes them out, an array sends several.
    private mutating func readHeader(_ name: String, _ value: JSONValue) throws(InvalidURL) {
        guard isToken(name) else { throw InvalidURL(reason: "\"\(name)\" is no header name") }
        let values: [String?]
        switch value {
        case .string(let text), .number(let text): values = [text]
        case .null: values = [nil]
        case .array(let items):
            values = items.map { if case .string(let text) = $0 { text } else { nil } }
            if values.contains(nil) { throw InvalidURL(reason: "the header \"\(name)\" has a value of the wrong kind") }
        default: throw InvalidURL(reason: "the header \"\(name)\" has a value of the wrong kind")
        }
        for case let text? in values where !isFieldValue(text) {
            throw InvalidURL(reason: "the header \"\(name)\" contains a line break or another control character")
        }
        template.headers.removeAll { $0.name.lowercased() == name.lowercased() }
        template.headers += values.map { HeaderField(name, $0) }
    }

    private mutating func readBody(_ object: [String: JSONValue]) throws(InvalidURL) {
        let given = ["body", "body_base64", "body_file"].filter { object[$0] != nil && object[$0] != .null }
        guard let key = given.first else { return }
        guard given.count == 1 else { throw InvalidURL(reason: "\(given[0]) and \(given[1]) exclude each other") }
        guard case .string(let text)? = object[key] else { throw InvalidURL(reason: "the key \"\(key)\" takes text") }
        switch key {
        case "body_base64":
            guard let bytes = Base64.decode(text) else { throw InvalidURL(reason: "\"body_base64\" is no base64") }
            template.body = .bytes(bytes)
        case "body_file":
            guard let readFile = template.readFile else {
                throw InvalidURL(reason: "\"body_file\" is not allowed together with --block-private and the like")
            }
            template.body = try readFile(text)
        default: template.body = .bytes(Array(text.utf8))
        }
        if template.method == "GET" { template.method = "POST" }
    }
}
