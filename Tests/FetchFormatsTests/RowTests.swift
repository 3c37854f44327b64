import FetchKit
import Testing

@testable import FetchFormats

@Suite("Rows of a list") struct RowTests {
    private func candidate(_ line: String) -> Candidate? {
        var lines = RequestLine(template: RequestTemplate(), file: "f")
        return lines.candidate(.whole(Array(line.utf8)[...]), number: 1)
    }

    @Test(
        "That begin with a URL are that URL",
        arguments: [
            ("http://h/ 12", "http://h/"), ("http://h/a\t", "http://h/a"), ("https://h/\ta title\tmore", "https://h/"),
            ("  http://h/  1,024  2026-11-25 10:30:00 ", "http://h/"), ("http://h/ 99.5%\t-1", "http://h/"),
            ("http://h/a,b", "http://h/a,b"),
        ]) func urls(line: String, url: String)
    {
        guard case .request(let request) = candidate(line) else { return #expect(Bool(false), "\(line) is no request") }
        #expect(request.url.absoluteString == url)
    }

    @Test(
        "Are no URL where half of one would be taken, or where none stands in front",
        arguments: ["http://h/my file.pdf", "http://h/a 1 b", "http://h/a -", "h.example 12", "12 http://h/", "http://h/?q=a 3rd"])
    func rejected(line: String) {
        guard case .rejected(let input) = candidate(line) else { return #expect(Bool(false), "\(line) is a request") }
        #expect(input.reason == "a space in a URL must be written %20")
    }
}
