import Foundation
import Support
import Testing

extension Recipe {
    /// What takes more than one run, or patience.
    static let persistence = [
        Recipe("Mirror") { folder in
            let urls = (1...3).map { "/text/mirror/\($0)" }
            try folder.list(Array(urls.prefix(2)))
            try await folder.succeed()
            try folder.list(urls)
            try await folder.succeed()
            #expect(folder.files(in: "mirror") == (1...3).map { "example.com/text/mirror/\($0)" })
            #expect(
                folder.attributes("mirror/example.com/text/mirror/1")[.modificationDate] as? Date
                    == Date(timeIntervalSince1970: 1_577_836_800))
            #expect(try await folder.requests("/text/mirror").map(\.path).sorted() == urls)
            let files = try folder.records("manifest.jsonl").compactMap { $0["file"] as? String }
            #expect(files.sorted() == (1...3).map { "mirror/example.com/text/mirror/\($0)" })
        },
        Recipe("Failed loop") { folder in
            try folder.list(["/fickle/loop/a", "/text/loop", "/fickle/loop/b"])
            let sleep = "sleep() { echo $1 >> pauses; }"
            try await folder.succeed(prelude: sleep)
            #expect(folder.text("pauses") == "1m\n10m\n" && folder.text("pages/example.com/fickle/loop/b") == "loop/b\n")
            #expect(try await folder.requests("/fickle/loop/a").map(\.status) == [404, 404, 200])
            #expect(try await folder.requests("/text/loop").count == 1)
            // What never comes is told by the status, and is in the file.
            try folder.list(["/missing/loop"])
            #expect(try await folder.run(prelude: sleep).status == 1)
            #expect(try folder.lines("failed.txt").last == "https://example.com/missing/loop")
        },
        Recipe("Resume after reboot") { folder in
            try folder.list(["/large/resume", "/text/resume"])
            let running = try folder.command().start()
            #expect(await folder.wait(for: "files/example.com/large/resume.part", bytes: 100_000))
            #expect(await folder.wait(for: "files/example.com/text/resume", bytes: 13))
            running.send(SIGKILL)
            _ = await running.finish()
            try await folder.succeed()
            #expect(folder.files(in: "files/example.com") == ["large/resume", "text/resume"])
            let whole = try #require(FileManager.default.contents(atPath: "\(folder.path)/files/example.com/large/resume"))
            #expect(whole == Data((0..<32768).flatMap { _ in whole.prefix(32) }))
            #expect(try await folder.requests("/large/resume").map(\.status) == [200, 206])
            #expect(try await folder.requests("/text/resume").count == 1)
        },
        Recipe("Rate-limited API with a token") { folder in
            try folder.list((1...30).map { "/limited/\($0)" })
            let run = try await folder.succeed(prelude: "API_TOKEN=sesame")
            let answers = try folder.records("answers.jsonl")
            #expect(answers.count == 30 && answers.allSatisfy { $0["response_code"] as? Int == 200 })
            #expect(answers.reduce(0) { $0 + ($1["num_retries"] as? Int ?? 0) } == 1)
            // 31 requests, 50 ms from one to the next.
            #expect(run.elapsed >= .seconds(1.5))
            #expect(folder.attributes("auth.txt")[.posixPermissions] as? Int == 0o600)
        },
        Recipe("Proxy per run") { folder in
            try folder.list((1...2).map { "http://example.com/text/proxy/\($0)" })
            try folder.write("http://proxy-a.example.com:3128\nhttp://proxy-b.example.com:3129\n", to: "proxies.txt")
            let proxies = """
                for proxy in a:3128 b:3129; do
                    printf '%s\\n' "Port ${proxy#*:}" 'Listen 127.0.0.1' "ViaProxyName \\"proxy-${proxy%:*}\\"" 'LogLevel Critical' > tinyproxy.conf
                    tinyproxy -d -c tinyproxy.conf > /dev/null 2>&1 &
                    until (: < /dev/tcp/127.0.0.1/${proxy#*:}) 2> /dev/null; do sleep 0.05; done
                done
                """
            try await folder.succeed(prelude: proxies)
            let requests = try await folder.requests("/text/proxy")
            for (proxy, seen) in [("proxy-a", requests.prefix(2)), ("proxy-b", requests.dropFirst(2))] {
                #expect(seen.count == 2 && seen.allSatisfy { $0.headers["Via"]?.contains(proxy) == true })
            }
            let tables = try ["proxy-a.example.com:3128.csv", "proxy-b.example.com:3129.csv"].map { name in
                try folder.lines(name).dropFirst().compactMap { $0.split(separator: ",").last.map(String.init) }.sorted()
            }
            #expect(tables[0] == tables[1] && tables[0].count == 2 && tables[0].allSatisfy { $0.count == 64 })
        },
    ]
}
