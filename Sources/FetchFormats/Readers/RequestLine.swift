// One line of a list into one candidate: a request, or the reason why not.

package import FetchKit

/// Reads the lines of one list.
package struct RequestLine {
    /// What every request of the run has in common.
    package let template: RequestTemplate
    package let file: String
    /// Whether candidates carry the bytes of their lines.
    private let keepsLines: Bool
    private var neighbour: HTTPURL?

    package init(template: RequestTemplate, file: String, keepsLines: Bool = false) {
        self.template = template
        self.file = file
        self.keepsLines = keepsLines
    }

    /// The candidate of a line; nil for a blank line and a comment.
    package mutating func candidate(_ line: LineSplitter.Line, number: Int) -> Candidate? {
        let candidate = read(line, number)
        return keepsLines ? candidate?.with(original: line.bytes) : candidate
    }

    private mutating func read(_ line: LineSplitter.Line, _ number: Int) -> Candidate? {
        switch line {
        case .tooLong(let start):
            return rejected(start, number, "the line is longer than 1 MiB")
        case .whole(let line):
            let text = withoutBlanks(line)
            guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
            do {
                if first == UInt8(ascii: "{") {
                    let line = try JSONRequest(text, template: template)
                    return .request(try line.request(try HTTPURL(line.url), source: Request.Source(file: file, line: number)))
                }
                // Such a URL is its own text.
                if let neighbour, let url = text.withUnsafeBytes({ HTTPURL(plain: $0, like: neighbour) }) {
                    let source = Request.Source(file: file, line: number)
                    return .request(try template.request(url, text: url.absoluteString, source: source))
                }
                let bytes = Array(Row.url(in: text))
                let url = try HTTPURL(bytes: bytes)
                neighbour = url
                let written = String(validating: bytes, as: UTF8.self)
                let source = Request.Source(file: file, line: number, rawLine: written == nil ? withoutCredentials(bytes) : nil)
                return .request(try template.request(url, text: written, source: source))
            } catch {
                return rejected(text, number, error.reason)
            }
        }
    }

    private func rejected(_ line: ArraySlice<UInt8>, _ number: Int, _ reason: String) -> Candidate {
        let bytes = Array(line)
        // Such a line may hold passwords under any key: what is shown of it is the URL, if that can be read.
        if bytes.first == UInt8(ascii: "{") {
            let text = JSONRequest.url(in: line).map { HTTPURL.redacted($0) } ?? "{...}"
            return .rejected(RejectedInput(text: text, source: Request.Source(file: file, line: number), reason: reason))
        }
        let rawLine = String(validating: bytes, as: UTF8.self) == nil ? withoutCredentials(bytes) : nil
        let text = HTTPURL.redacted(String(decoding: bytes, as: UTF8.self))
        return .rejected(
            RejectedInput(text: text, source: Request.Source(file: file, line: number, rawLine: rawLine), reason: reason))
    }

    /// Bytes that are no text, with user and password masked.
    private func withoutCredentials(_ bytes: [UInt8]) -> [UInt8] {
        // As Latin-1 every byte is a character and back.
        let text = String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
        return HTTPURL.redacted(text).unicodeScalars.map { UInt8($0.value) }
    }

    private func withoutBlanks(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }
}

extension Candidate {
    /// The same, with what it was read from.
    package consuming func with(original: some Sequence<UInt8>) -> Candidate {
        switch consume self {
        case .request(var request):
            request.original = Array(original)
            return .request(request)
        case .rejected(var input):
            input.original = Array(original)
            return .rejected(input)
        }
    }
}
