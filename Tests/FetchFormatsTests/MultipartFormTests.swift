import FetchKit
import Testing

@testable import FetchFormats

@Suite("Forms of several parts") struct MultipartFormTests {
    private func form(_ parts: MultipartForm.Part...) throws -> MultipartForm {
        try MultipartForm(parts, random: (1, 2)) { .bytes(Array("<\($0)>".utf8)) }
    }

    /// The parts between the boundaries, line ends as `|`.
    private func text(_ parts: MultipartForm.Part...) throws -> [String] {
        let form = try MultipartForm(parts, random: (1, 2)) { .bytes(Array("<\($0)>".utf8)) }
        let text = String(decoding: try form.body.contents(), as: UTF8.self)
        #expect(text.hasPrefix("--------------------------12\r\n") && text.hasSuffix("\r\n--------------------------12--\r\n"))
        return text.split(separator: "--------------------------12").dropLast().map {
            String($0.dropFirst().dropLast()).replacing("\r\n", with: "|")
        }
    }

    @Test(
        "A part is read as curl reads it",
        arguments: [
            ("a=b", #"name="a"||b"#), ("a=", #"name="a"||"#), ("a= b ", #"name="a"||b "#),
            ("a=@f.png;filename=g", #"name="a"; filename="g"|Content-Type: image/png||<f.png>"#), ("a=b=c", #"name="a"||b=c"#),
            ("a=b;type=text/x", #"name="a"|Content-Type: text/x||b"#),
            (#"a="b;c""#, #"name="a"||b;c"#), (#"a="b\"c""#, #"name="a"||b"c"#), ("a=<f", #"name="a"||<f>"#),
            ("a=@d/f.txt", #"name="a"; filename="f.txt"|Content-Type: text/plain||<d/f.txt>"#),
            ("a=@f", #"name="a"; filename="f"|Content-Type: application/octet-stream||<f>"#),
            ("a=@f.JPG;type=x/y", #"name="a"; filename="f.JPG"|Content-Type: x/y||<f.JPG>"#),
            ("a=@f;filename=g.html", #"name="a"; filename="g.html"|Content-Type: text/html||<f>"#),
            ("a=b;filename=g", #"name="a"; filename="g"||b"#),
            (#"a=@"x;y""#, #"name="a"; filename="x;y"|Content-Type: application/octet-stream||<x;y>"#),
            ("a=b;type=text/plain;charset=utf-8", #"name="a"|Content-Type: text/plain;charset=utf-8||b"#),
            (#"q"q=b"#, #"name="q%22q"||b"#),
        ]) func part(typed: String, expected: String) throws
    {
        #expect(try text(.form(typed)) == ["Content-Disposition: form-data; \(expected)"])
    }

    @Test("A string is as it stands") func string() throws {
        #expect(try text(.string("a=@b;type=c")) == [#"Content-Disposition: form-data; name="a"||@b;type=c"#])
    }

    @Test("Parts follow one another") func order() throws {
        #expect(try text(.form("a=1"), .form("b=2"), .string("a=3")).map { String($0.last!) } == ["1", "2", "3"])
        #expect(try form(.form("a=1")).contentType == "multipart/form-data; boundary=------------------------12")
    }

    @Test("What is no part is refused", arguments: ["a", "", "a=@", "a=b;headers=x", "a=b;encoder=base64"]) func invalid(typed: String) {
        #expect(throws: MultipartForm.Invalid.self) { try form(.form(typed)) }
    }
}
