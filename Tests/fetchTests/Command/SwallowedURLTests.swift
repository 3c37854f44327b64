import Foundation
import Support
import Testing

@testable import FetchFormats
@testable import fetch

@Suite("An option that took the URL") struct SwallowedURLTests {
    /// Options whose value may be a URL, by letter and by name.
    private static let welcoming = typed { $0.value?.mayBeURL == true && $0.name != "header" }
    /// All others that take one for a run.
    private static let others = typed { option in
        if case .set = option.action { option.value?.mayBeURL == false && option.name != "url" } else { false }
    }

    private static func typed(_ isWanted: (Option) -> Bool) -> [String] {
        OptionTable.all.filter(isWanted).flatMap { option in
            (option.letter.map { ["-\($0)"] } ?? []) + ([option.name] + option.aliases).map { "--\($0)" }
        }.sorted()
    }

    @Test("It is named, where its value is never a URL, whatever else there is to read", arguments: others)
    func never(option: String) async throws {
        for url in ["http://user:c4n4ry@127.0.0.1:1/", "HTTPS://127.0.0.1:1/?a=b"] {
            for arguments in [[option, url], ["-s", "\(option)\(option.hasPrefix("--") ? "=" : "")\(url)"]] {
                let run = try await Command.fetch(arguments).run(stdin: "http://127.0.0.1:1/\n")
                #expect(run.status == 64 && run.errorText.contains("\(option) took \(url.replacing("user:c4n4ry", with: "***"))"))
                #expect(!run.errorText.contains("c4n4ry"))
            }
        }
        if option.count == 2 {
            #expect(try await Command.fetch("-n\(option.dropFirst())", "http://127.0.0.1:1/").run().errorText.contains("\(option) took"))
        }
    }

    @Test("It is named, where its value may be a URL, only when the list is empty", arguments: welcoming)
    func sometimes(option: String) async throws {
        let server = try Server.faults.get()
        // To these what follows an @ is the name of a file.
        let value =
            ["--data-urlencode", "--url-query"].contains(option) ? "http://127.0.0.1" : "http://user:c4n4ry@127.0.0.1:\(server.port)"
        for input in ["", "\n# nothing\n"] {
            let run = try await Command.fetch(option, value).run(stdin: input)
            #expect(run.status == 64 && run.errorText.contains("\(option) took") && !run.errorText.contains("c4n4ry"))
        }
        let run = try await Command.fetch(option, value, "--noproxy", "*").run(stdin: "\(server.url)/text?s=x\n")
        #expect(run.status == 0 && run.text == "x")
    }

    @Test("A proxy takes a URL, and the list comes from elsewhere") func proxy() async throws {
        let server = try Server.faults.get()
        let proxy = try Server.scripted()
        let run = try await Command.fetch("-x", proxy.url).run(stdin: "\(server.url)/text?s=x\n")
        #expect(run.status == 0 && run.text == "x")
    }

    @Test("It is none of our business where there are other URLs") func elsewhere() async throws {
        let scratch = Scratch()
        let server = try Server.faults.get()
        scratch.plant("\(server.url)/text?s=x\n", at: "list")
        scratch.plant("url = \(server.url)/text?s=x\n", at: "config")
        for arguments in [
            ["\(server.url)/text?s=x"], ["--url", "\(server.url)/text?s=x"], ["-i", "\(scratch.path)/list"],
            ["-K", "\(scratch.path)/config"],
        ] {
            let run = try await Command.fetch(["-b", "http://a=b"] + arguments).run()
            #expect(run.status == 0 && run.text == "x", "\(arguments)")
        }
        #expect(try await Command.fetch("-c", "http://h/", "--help").run().status == 0)
        #expect(try await Command.fetch("-K", "http://h/x", "\(server.url)/text").run().status == 66)
        #expect(try await Command.fetch("-b", "no-file").run(stdin: "").status == 0)
    }
}
