import FetchKit
import Testing

@testable import FetchFormats

/// Names that servers give.
@Suite("Content-Disposition") struct ContentDispositionTests {
    @Test(
        "The name is read as RFC 6266 has it",
        arguments: [
            ("attachment; filename=a.txt", "a.txt"), (#"attachment; filename="a b;c.txt""#, "a b;c.txt"),
            ("inline;FileName = a ; x=y", "a"),
            (#"attachment; filename="a\"b\\c""#, "c"), (#"attachment; filename="a\"b""#, "a\"b"), ("filename=a", "a"),
            ("attachment; filename=plain; filename*=UTF-8''%e2%82%ac%20rates", "€ rates"), ("attachment; filename*=iso-8859-1'en'%A3", "£"),
            ("attachment; filename*=UTF-8''%FF; filename=plain", "plain"), ("attachment; filename*=koi8-r''x; filename=plain", "plain"),
            ("attachment; filename*=nonsense", nil), ("attachment", nil), ("", nil), ("attachment; filename=", nil),
            (#"attachment; filename="""#, nil), ("attachment; filename=\"   \"", nil), ("attachment; filename=a; filename=b", "a"),
            ("attachment; filename=\"open", "open"), ("attachment; xfilename=b", nil), (";;=;filename=a", "a"),
        ] as [(String, String?)]) func names(field: String, name: String?)
    {
        #expect(ContentDisposition.fileName(in: Array(field.utf8)[...]).map { String(decoding: $0, as: UTF8.self) } == name)
    }

    @Test(
        "No name leads out of its folder, and what the rules make of it is harmless",
        arguments: [
            ("filename=\"../../etc/passwd\"", "passwd"), ("filename=/etc/passwd", "passwd"), ("filename=.bashrc", "_bashrc"),
            (#"filename="C:\dir\file.txt""#, "file.txt"), (#"filename="..\\..\\x""#, "x"), ("filename*=UTF-8''..%2F..%2Fx", "x"),
            ("filename*=UTF-8''a%00b", "a%00b"), ("filename*=UTF-8''a%1B%5B2J%0A", "a%1B[2J"), ("filename=..", "__"),
            ("filename=-rf", "_-rf"),
            ("filename=\"a|b:c\"", "a%7Cb%3Ac"), ("filename=CON.txt", "CON_.txt"), ("filename=~root", "_~root"),
            ("filename*=UTF-8''%E2%80%AEgpj.exe", "%E2%80%AEgpj.exe"),
        ] as [(String, String)]) func attacks(field: String, path: String) throws
    {
        let name = try #require(ContentDisposition.fileName(in: Array("attachment; \(field)".utf8)[...]))
        let rules = NameRules()
        #expect(rules.path(for: rules.supplied(name)).components == [path])
    }

    @Test("A name that ends in a folder is none", arguments: ["/", "a/", "..%2F", "%5C"]) func folder(name: String) {
        #expect(ContentDisposition.fileName(in: Array("x; filename*=UTF-8''\(name)".utf8)[...]) == nil)
    }
}
