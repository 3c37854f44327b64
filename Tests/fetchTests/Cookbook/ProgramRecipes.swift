import Foundation
import Support
import Testing

extension Recipe {
    /// What other programs make of the output.
    static let programs = [
        Recipe("jq") { folder in
            try folder.list([3, 1, 2].map { "https://api.example.com/items/\($0)" })
            try await folder.succeed()
            #expect(folder.text("items.tsv") == "3\tItem 3\n1\tItem 1\n2\tItem 2\n")
        },
        Recipe("sort") { folder in
            let urls = (1...20).map { "https://example.com/page/\($0)" }
            try folder.list(urls)
            try await folder.succeed()
            let lines = try folder.lines("slowest.txt").map { $0.split(separator: " ").map(String.init) }
            let times = lines.compactMap { Double($0[0]) }
            #expect(times == times.sorted(by: >) && Set(lines.map { $0[1] }) == Set(urls) && times.count == 20)
        },
        Recipe("xargs") { folder in
            try folder.list(["/text/a%20'b", "/missing", "/text/c"])
            // xargs has done its work all the same.
            #expect(try await folder.run().status == 1)
            #expect(folder.files(in: "pages") == ["example.com/text/a 'b.gz", "example.com/text/c.gz"])
            let unpacked = try await Command("gzip", ["-dc", "\(folder.path)/pages/example.com/text/c.gz"]).run()
            #expect(unpacked.text == "/text/c\n")
        },
        Recipe("tar") { folder in
            try await folder.succeed()
            #expect(folder.files(in: "src") == ["README", "data"] && folder.text("src/README") == "Read me.\n")
        },
        Recipe("sqlite3") { folder in
            try folder.list(["/page/1", "/page/2", "/missing"])
            try await folder.succeed()
            #expect(folder.text("status.txt") == "200|2|61\n404|1|13\n")
        },
        Recipe("GNU parallel") { folder in
            try folder.list((1...120).map { "/page/\($0)" } + ["/missing"])
            #expect(try await folder.run().status == 1)
            let titles = (1...120).map { "https://example.com/page/\($0)\tPage \($0)" } + ["https://example.com/missing"]
            #expect(try folder.lines("titles.tsv").sorted() == titles.sorted())
        },
    ]
}
