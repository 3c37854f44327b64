import Foundation
import Support
import Testing

extension Recipe {
    /// What is kept, and proved to be what it should be.
    static let archives = [
        Recipe("Checksums") { folder in
            let hashes = [
                "dbc1b7bc761ec169a58c58a40718521a22a1954652f18635abca2718932003dc",
                "628b0dc8358191e9fca9108b1e21b1ac723c8edfe34f436647efe05811068f5c",
            ]
            let sums = { (second: String) in "\(hashes[0])  release-1.txt\n\(second)  release-2.txt\n" }
            try folder.write(sums(hashes[0]), to: "SHA256SUMS")
            let wrong = try await folder.run()
            #expect(wrong.status == 1 && folder.files(in: "files") == ["release-1.txt"] && wrong.errorText.contains("SHA-256"))
            try folder.write(sums(hashes[1]), to: "SHA256SUMS")
            try await folder.succeed()
            #expect(folder.files(in: "files") == ["release-1.txt", "release-2.txt"])
        },
        Recipe("WARC replay with pywb") { folder in
            try folder.list(["/page/1", "/missing"])
            try await folder.succeed()
            #expect(folder.text("replayed.html") == "<title>Page 1</title>\ntext \n")
        },
        Recipe("HAR in a viewer") { folder in
            try folder.list(["/page/1", "/missing"])
            try await folder.succeed()
            let entries = try folder.lines("waits.txt").map { $0.split(separator: " ", maxSplits: 1) }
            #expect(Set(entries.map { $0[1] }) == ["200 https://example.com/page/1", "404 https://example.com/missing"])
            #expect(entries.allSatisfy { Double($0[0]) ?? 0 > 0 })
        },
        Recipe("Images to webdataset tar") { folder in
            let samples = [("cat-1", "/image/1.png"), ("cat", "/image/2.png"), ("dog", "/missing.png"), ("cat1", "/image/3.png")]
            let lines = samples.map { #"{"key":"\#($0)","url":"https://example.com\#($1)","caption":"a\ttab, a \"quote\""}"# }
            try folder.list(lines, to: "samples.jsonl")
            try await folder.succeed()
            // As the readers of such archives do it: neighbours with the same name up to the first dot.
            let reader = """
                import itertools, json, tarfile
                with tarfile.open("samples-000000.tar") as archive:
                    for key, members in itertools.groupby(archive, lambda member: member.name.partition(".")[0]):
                        parts = {member.name.partition(".")[2]: archive.extractfile(member).read() for member in members}
                        print(key, sorted(parts), parts["png"][:4] == b"\\x89PNG", json.loads(parts["json"])["caption"] == 'a\\ttab, a "quote"')
                """
            let read = try await folder.inside(Paths.python, ["-c", reader]).run()
            #expect(read.text == ["cat-1", "cat", "cat1"].map { "\($0) ['json', 'png'] True True\n" }.joined(), "\(read.errorText)")
        },
    ]
}
