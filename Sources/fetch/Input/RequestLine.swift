// One line of a list into one candidate: a request, or the reason why not.

import FetchKit

/// Reads the lines of one list.
struct RequestLine {
    /// What every request of the run has in common.
    let template: RequestTemplate
    let file: String
    private var neighbour: HTTPURL?

    init(template: RequestTemplate, file: String) {
        self.template = template
        self.file = file
    }

    /// The candidate of a line; nil for a blank line and a comment.
    mutating func candidate(_ line: LineSplitter.Line, number: Int) -> Candidate? {
        switch line {
        case .tooLong(let start):
            return rejected(start, number, "the line is longer than 1 MiB")
        case .whole(let line):
            let text = withoutBlanks(line)
            guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
            if first == UInt8(ascii: "{") { return rejected(text, number, "JSON request lines are not supported yet") }
            do {
                let bytes = Array(text)
                let url = try HTTPURL(bytes: bytes, neighbour: neighbour)
                neighbour = url
                let written = String(validating: bytes, as: UTF8.self)
                let source = Request.Source(file: file, line: number, rawLine: written == nil ? bytes : nil)
                return .request(template.request(url, text: written, source: source))
            } catch {
                return rejected(text, number, error.reason)
            }
        }
    }

    private func rejected(_ line: ArraySlice<UInt8>, _ number: Int, _ reason: String) -> Candidate {
        let bytes = Array(line)
        let rawLine = String(validating: bytes, as: UTF8.self) == nil ? bytes : nil
        let text = maskingCredentials(in: String(decoding: bytes.prefix(2048), as: UTF8.self))
        return .rejected(
            RejectedInput(text: text, source: Request.Source(file: file, line: number, rawLine: rawLine), reason: reason))
    }

    private func withoutBlanks(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }
}

/// What every request of a run has in common: the options that speak about requests.
struct RequestTemplate: Sendable {
    var method = "GET"
    var headers: [HeaderField] = []

    /// `text` is how the user wrote the URL; nil when that cannot be shown.
    func request(_ url: HTTPURL, text: String?, source: Request.Source?) -> Request {
        Request(url, text: text.map { maskingCredentials(in: $0) }, method: method, headers: headers, source: source)
    }
}
