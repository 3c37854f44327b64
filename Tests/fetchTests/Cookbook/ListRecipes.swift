import Foundation
import Support
import Testing

extension Recipe {
    /// Lists that something else makes.
    static let lists = [
        Recipe("Sitemap to URLs") { folder in
            try await folder.succeed()
            #expect(folder.files(in: "pages/example.com") == ["page/1", "page/2", "text/a%3Fx=1&y=2"])
            #expect(folder.text("pages/example.com/text/a%3Fx=1&y=2") == "/text/a?x=1&y=2\n")
        },
        Recipe("API paging") { folder in
            try await folder.succeed()
            #expect(try folder.records("items.jsonl").map { $0["id"] as? Int } == [1, 2, 3, 4, 5, 6])
        },
        Recipe("Link check") { folder in
            try await folder.succeed()
            let broken = try folder.lines("broken.txt")
            #expect(
                Set(broken.filter { !$0.hasPrefix("#") }) == ["https://example.com/missing/link", "https://example.com/gone?x=1&y=2"])
            #expect(broken.count == 4 && broken.contains { $0.hasSuffix("The requested URL returned error: 404") })
            #expect(try await folder.requests("/missing/link").map(\.method) == ["HEAD"])
            #expect(try await folder.requests("/page/3").contains { $0.method == "HEAD" })
        },
        Recipe("POST from CSV") { folder in
            try folder.write("number,item,note\r\n7,\"nuts, bolts\",\"say \"\"hi\"\"\nthere\"\r\n8,caf\u{e9},\r\n", to: "orders.csv")
            try await folder.succeed()
            var received: [String: [String: String]] = [:]
            for answer in try folder.records("answers.jsonl") {
                #expect(answer["response_code"] as? Int == 201)
                let body = try JSONSerialization.jsonObject(with: Data((answer["body"] as? String ?? "").utf8)) as? [String: Any]
                received[answer["id"] as? String ?? ""] = body?["received"] as? [String: String]
            }
            let (first, second) = (
                ["number": "7", "item": "nuts, bolts", "note": "say \"hi\"\nthere"], ["number": "8", "item": "caf\u{e9}", "note": ""]
            )
            #expect(received == ["7": first, "8": second])
        },
        Recipe("tail -f a queue") { folder in
            try folder.list(["/text/queue/1"], to: "queue.txt")
            let running = try folder.command().start()
            #expect(await folder.wait(for: "answers.jsonl", bytes: 1))
            let queue = try #require(FileHandle(forWritingAtPath: "\(folder.path)/queue.txt"))
            try queue.seekToEnd()
            try queue.write(contentsOf: Data("https://example.com/text/queue/2\n".utf8))
            // The records are of about the same size.
            let size = try #require(folder.text("answers.jsonl")).utf8.count
            #expect(await folder.wait(for: "answers.jsonl", bytes: size * 3 / 2))
            running.send(SIGTERM)
            _ = await running.finish()
            #expect(try folder.records("answers.jsonl").map { $0["body"] as? String } == ["/text/queue/1\n", "/text/queue/2\n"])
        },
    ]
}
