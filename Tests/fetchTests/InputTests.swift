import Foundation
import Support
import Testing

@Suite("Lists of URLs") struct InputTests {
    private let server: Server

    init() throws { server = try Server.faults.get() }

    @Test("Are streamed: a result is printed while the producer still sleeps") func streamed() async throws {
        let running = try Command.fetch().start()
        for text in ["one", "two", "three"] {
            running.write("\(server.url)/text?s=\(text)%0A\n")
            #expect(await running.waitForOutput { String(decoding: $0, as: UTF8.self).hasSuffix("\(text)\n") })
        }
        running.closeInput()
        let run = await running.finish()
        #expect(run.text == "one\ntwo\nthree\n" && run.status == 0)
    }

    @Test("A producer that sends one URL a second sees results long before it is done") func slowProducer() async throws {
        let seen = Paths.temporary("seen.txt").path
        // The last URL is not sent before the first result is there; with a program that waits for the end nobody would go on.
        let run = try await Command.shell(
            "(for i in 1 2 3; do echo \(server.url)/text?s=$i%0A; sleep 1; done; until [ -s \(seen) ]; do sleep 0.1; done; echo \(server.url)/text?s=4%0A) | $FETCH | tee \(seen)"
        ).run()
        #expect(run.text == "1\n2\n3\n4\n")
    }

    @Test("Oddities of a line are handled, or are an outcome that names the line") func oddities() async throws {
        var list = Data([0xEF, 0xBB, 0xBF])
        let good = "\(server.url)/text?s="
        list += Data("\(good)1\r\n\n# comment\n   \n  \(good)2\t \nhttp://h/a".utf8) + [0] + Data("b\n{\"url\":\"x\",\"y\":1}\n".utf8)
        list +=
            Data("http://h/a b\nftp://h/\n\(good)".utf8) + [0xFF] + Data("\n".utf8) + Data(repeating: 97, count: (1 << 20) + 1)
            + Data("\n\(good)3".utf8)
        let run = try await Command.fetch("--format", "jsonl", "--ordered").run(stdin: list)
        let records = try run.records()
        #expect(records.map { $0.int("input_line") } == [1, 5, 6, 7, 8, 9, 10, 11, 12])
        #expect(records.map { $0.string("error") } == [nil, nil, "input", "input", "input", "input", nil, "input", nil])
        #expect(records.map { $0.string("body") } == ["1", "2", nil, nil, nil, nil, "\u{FFFD}", nil, "3"])
        #expect(records[6].string("input_base64") == (Data(good.utf8) + [0xFF]).base64EncodedString())
        #expect(records.allSatisfy { $0.string("input_file") == "-" })
        #expect(run.status == 1 && run.errorText.contains("fetch: standard input:6: "))
    }

    @Test("Come from several files, from standard input by a dash, and after the arguments") func sources() async throws {
        let first = try Paths.file("first.txt", "\(server.url)/text?s=b\n")
        let second = try Paths.file("second.txt", "\(server.url)/text?s=c")
        let run = try await Command.fetch("\(server.url)/text?s=a", "-i", first, "-i\(second)", "-i-").run(
            stdin: "\(server.url)/text?s=d\n")
        #expect(run.text == "abcd")
        #expect(try await Command.fetch("-").run(stdin: "\(server.url)/text?s=e").text == "e")
        let record = try #require(try await Command.fetch("--format=jsonl", "-i", second).run().records().first)
        #expect(record.string("input_file") == second && record.int("input_line") == 1)
    }

    @Test("That cannot be read are status 66 before the first request") func unreadable() async throws {
        // One of its own: it knows the requests of all tests.
        let server = try Server.scripted()
        for list in ["/nonexistent", "/tmp"] {
            let run = try await Command.fetch("\(server.url)/unread", "-i", list).run()
            #expect(run.status == 66 && run.errorText.contains(list))
        }
        #expect(try await server.log().isEmpty)
    }

    @Test("That are empty are a success") func empty() async throws {
        #expect(try await Command.fetch().run(stdin: "").status == 0)
        #expect(try await Command.fetch().run(stdin: "\n# nothing\n").status == 0)
    }

    @Test("That are none are status 65 and one sentence, and nothing is fetched") func noLists() async throws {
        let page = "<!DOCTYPE html>\n<html>\n<head>\n<title>x</title>\n</head>\n<a href='\(server.url)/'>\n"
        for (rubbish, word) in [
            (Data([0xFF, 0xFE, 0x68, 0]), "UTF-16"), (Data([0x1F, 0x8B, 8, 0]), "compressed"),
            (Data((page + "\(server.url)/ok\n").utf8), "HTML"), (Data("[\"\(server.url)/ok\"]".utf8), "JSON array"),
        ] {
            let run = try await Command.fetch("--format=jsonl").run(stdin: rubbish)
            #expect(run.status == 65 && run.errorLines.count == 1 && run.output.isEmpty)
            #expect(run.errorText.hasPrefix("fetch: standard input: ") && run.errorText.contains(word))
        }
        let file = try Paths.file("page.html", page)
        let list = try Paths.file("list.txt", "\(server.url)/ok")
        let output = try Paths.file("earlier.txt", "of an earlier run")
        // Those before it are not fetched either, and what an output holds stays.
        for lists in [["-i", file, "-i", list], ["-i", list, "-i", file], ["-i", list, "-i", file, "-o", output]] {
            let run = try await Command.fetch(lists).run()
            #expect(run.status == 65 && run.errorLines.count == 1 && run.errorText.hasPrefix("fetch: \(file): ") && run.output.isEmpty)
        }
        #expect(try String(contentsOfFile: output, encoding: .utf8) == "of an earlier run")
        let redirected = try await Command.shell("$FETCH -i \(list) -i - < \(file)").run()
        #expect(redirected.status == 65 && redirected.output.isEmpty && redirected.errorText.hasPrefix("fetch: standard input: "))
    }

    @Test("May be tables whose rows begin with a URL") func rows() async throws {
        let run = try await Command.fetch("--ordered").run(stdin: "\(server.url)/text?s=a 12\n\(server.url)/text?s=b\ta title\n")
        #expect(run.text == "ab" && run.status == 0)
    }

    @Test("On standard input that nobody reads are told once, on a terminal only") func unread() async throws {
        // The first line was read, so that the others are there.
        let line = { (options: String) in "seq 3 | (read -r _; $FETCH \(options) \(self.server.url)/ok; cat)" }
        let terminal = [Paths.servers.appendingPathComponent("terminal.py").path, "--columns", "200", "--", "/bin/bash", "-c"]
        for (options, isTold) in [("", true), ("-q", false), ("-d @-", false)] {
            var command = Command(Paths.python, terminal + [line(options)])
            command.environment = ["FETCH": Command.fetchPath]
            let text = try await command.run().text
            #expect(text.contains("standard input was not read") == isTold, "\(options)")
            #expect(text.contains("\"3\"") == (options != "-d @-"), "nothing was taken from it")
        }
        let piped = try await Command.shell(line("")).run()
        #expect(piped.errors.isEmpty && piped.text.hasSuffix("2\n3\n"))
    }

    @Test("Name file and line of what the network has failed") func places() async throws {
        let list = try Paths.file("places.txt", "# a comment\n\(server.url)/status?code=404\n")
        let run = try await Command.fetch("-i", list, "\(server.url)/status?code=500").run()
        #expect(run.errorLines.contains { $0.hasPrefix("fetch: \(list):2: \(server.url)/status?code=404: ") })
        #expect(run.errorLines.contains { $0.hasPrefix("fetch: \(server.url)/status?code=500: ") })
    }

    @Test("Long lines that cannot be used are cut in messages and records, whoever finds the mistake") func longLines() async throws {
        let line = String(repeating: "[", count: 1_000_000)
        let list = "\(line)\nno scheme \(line)\n{\"url\":\"http://h/ \(line)\"}\n{\"\(line)\":1}\n"
        let run = try await Command.fetch("--glob", "--format=jsonl", "--no-summary").run(stdin: list)
        let records = try run.records()
        #expect(records.count == 4 && run.errorLines.count == 4 && run.errors.count < 4 * 2300 && run.output.count < 30_000)
        #expect(records.filter { $0.string("url")?.hasSuffix("...") == true }.count == 3)
        #expect(records.filter { $0.string("errormsg")?.hasSuffix("...") == true }.count == 1)
    }

    @Test("Of rubbish never crash: each line has an outcome") func rubbish() async throws {
        var random = SystemRandomNumberGenerator()
        // No comments, and a host in front: without one in its first lines it would be no list.
        let bytes = Data("x\n".utf8) + Data((0..<200_000).map { _ in UInt8.random(in: 1...255, using: &random) }.filter { $0 != 0x23 })
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().filter { _, line in
            (line.last == UInt8(ascii: "\r") ? line.dropLast() : line).contains { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        }
        // Rubbish such as "7" is a host; whatever it is, it is asked of a proxy that is not there, so that nothing leaves the machine.
        var command = Command.fetch("-s", "--format", "jsonl", "--ordered")
        let nobody = "http://127.0.0.1:\(freePort())"
        command.environment = ["http_proxy": nobody, "https_proxy": nobody, "no_proxy": ""]
        let run = try await command.run(stdin: bytes)
        #expect(run.status == 1)
        let records = try run.records()
        #expect(records.map { $0.int("input_line") } == lines.map { $0.offset + 1 })
        #expect(records.allSatisfy { $0.bool("ok") == false })
    }
}
