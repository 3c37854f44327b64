import Testing

@testable import FetchFormats
@testable import FetchKit

@Suite("Parts of tar") struct TarPartTests {
    @Test("Pax records count themselves") func paxRecords() {
        for size in Array(0...1200) + [9_980, 9_981, 9_982, 9_983, 9_984, 99_970, 99_985, 99_986, 99_987, 99_988, 99_989] {
            var records = ByteBuffer()
            TarHeader.append(keyword: "comment", length: size, to: &records) { $0.append([UInt8](repeating: 0x61, count: size)) }
            let length = records.array.prefix { $0 != UInt8(ascii: " ") }
            #expect(Int(String(decoding: length, as: UTF8.self)) == records.count && records.last == 0x0A)
        }
    }

    @Test("Entries past eight gigabytes have their size in a pax record") func largeSize() {
        var headers = ByteBuffer()
        TarHeader.append(name: "a", size: 9_000_000_000, time: -5, comment: ByteBuffer(), to: &headers)
        #expect(headers.string.contains("19 size=9000000000\n"))
        headers.removeAll()
        TarHeader.append(name: "a", size: (1 << 33) - 1, time: .max, comment: ByteBuffer(), to: &headers)
        #expect(headers.count == 3 * 512)
    }

    @Test(
        "Names that the old header cannot hold are whole in a pax record, and there is none for others",
        arguments: [
            (String(repeating: "a", count: 100), false), (String(repeating: "a", count: 101), true), ("h/caf\u{e9}", true), ("h/a", false),
        ])
    func names(name: String, hasRecord: Bool) {
        var headers = ByteBuffer()
        TarHeader.append(name: name, size: 1, time: 0, comment: ByteBuffer(), to: &headers)
        let text = headers.string
        #expect(text.contains(" path=\(name)\n") == hasRecord && text.contains(" path=") == hasRecord)
    }

    @Test("Names are safe, short enough and never the same, whatever the URL") func hostileNames() throws {
        let paths = [
            "", "/", "/a", "/a~1", "/a~1/b", "/a~1.b", "/a.b~1", "/..%2f..%2fetc", "/%2e%2e/%2e%2e/x", "/%2E", "/a//b///c", "/a%00b",
            "/%1b[2J",
            "/%e2%80%ae", "/%ff", "/a?b=/../../c", "?q", "/a\\..\\b", "/\(String(repeating: "%C3%A9", count: 200))",
            "/" + String(repeating: "d/", count: 900), "/-rf", "/~user/x", "/x.tar.gz", "/.htaccess", "/a.", "/CON:",
        ]
        var names: Set<String> = []
        for (index, path) in (paths + paths).enumerated() {
            let request = try Request("http://u:secret@[::1]:8080\(path)")
            let name = TarName.file(Outcome(index: index, request: request), .default, NameRules(), isNumbered: true)
            #expect(names.insert(name).inserted, "\(name)")
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            #expect(parts.allSatisfy { !["", ".", ".."].contains($0) && $0.utf8.count <= 255 }, "\(name)")
            #expect(printable(name) == name && name.utf8.count <= 1300 && !name.contains("\\") && !name.contains("secret"), "\(name)")
            #expect(name.hasPrefix("[%3A%3A1]+8080"))
        }
    }
}
