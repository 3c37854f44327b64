import Foundation
import Support
import Testing

@testable import fetch

@Suite("Processes that share a directory") struct SharedDirectoryTests {
    private let server: Server
    private let scratch = Scratch()

    init() throws { server = try Server.scripted() }

    private func start(_ options: [String]) throws -> Running {
        try Command.fetch(["--output-dir", scratch.path, "--format=jsonl"] + options + ["-"]).start()
    }

    private func finish(_ running: Running, _ list: String) async throws -> [Support.Record] {
        running.write(list)
        running.closeInput()
        let run = await running.finish(deadline: .seconds(60))
        return try run.records()
    }

    /// Files without folders.
    private var files: [String] {
        scratch.names().filter { scratch.text($0) != nil && !$0.hasSuffix("-part") }
    }

    /// Each body is in one file and each file has one body.
    private func expectBodies(_ bodies: some Sequence<Int>) {
        #expect(files.compactMap { scratch.text($0) }.sorted() == bodies.map { "\($0)" }.sorted(), "\(files)")
    }

    @Test(
        "A URL that another one has fetched meanwhile has one file; the options say whether it is replaced",
        arguments: [[], ["--skip-existing"], ["--no-clobber"], ["-C", "-"]], [["--name", "{query}"], ["--name", "{stem}"]])
    func later(options: [String], name: [String]) async throws {
        let list = (1...5).map { "\(server.url)/text?s=\($0)\n" }.joined()
        // It has begun before the other one writes anything.
        let second = try start(options + name)
        second.write("\(server.url)/text?s=\n")
        #expect(await second.waitForOutput { $0.contains(UInt8(ascii: "\n")) })
        for file in files { try FileManager.default.removeItem(atPath: "\(scratch.path)/\(file)") }
        let first = try await finish(try start(options + name), list)
        let names = files
        #expect(names.count == 5 && first.allSatisfy { $0.bool("ok") == true })
        let inodes = try names.map { try inode($0) }
        let records = try await finish(second, list)
        #expect(records.count == 6 && records.allSatisfy { $0.bool("ok") == true || options == ["--skip-existing"] })
        if options == ["--no-clobber"] {
            #expect(files == (names + names.map { "\($0).1" }).sorted())
        } else {
            #expect(files == names)
            expectBodies(1...5)
            if options != ["-C", "-"] { #expect(try (names.map { try inode($0) } == inodes) == (options == ["--skip-existing"])) }
        }
    }

    private func inode(_ name: String) throws -> UInt64 {
        var status = stat()
        try #require(stat("\(scratch.path)/\(name)", &status) == 0)
        return UInt64(status.st_ino)
    }

    @Test("Two URLs that want one name both get a file, whoever comes first", arguments: ["--no-clobber", "--skip-existing", "-R"], 1...3)
    func sameName(option: String, _: Int) async throws {
        let running = try (1...2).map { _ in try start([option, "--name", "x"]) }
        for (number, process) in running.enumerated() { process.write("\(server.url)/hold?key=k&s=\(number)\n") }
        while try await server.log().count(where: { $0.target.hasPrefix("/hold") }) < 2 { try await Task.sleep(for: .milliseconds(20)) }
        try await server.release("k")
        for (number, process) in running.enumerated() {
            let record = try #require(try await finish(process, "").first)
            let file = try #require(record.string("body_file")).dropFirst(scratch.path.count + 1)
            #expect(scratch.text(String(file)) == "\(number)")
        }
        expectBodies(0...1)
        #expect(files.contains("x"))
    }

    @Test("Three at once, with the same list in any order, make one file for each URL", arguments: [["-R"], ["--skip-existing"]], 1...3)
    func atOnce(options: [String], _: Int) async throws {
        let numbers = Array(1...100)
        let running = try [numbers, numbers.reversed(), numbers.shuffled()].map { numbers in
            let process = try start(options + ["-j5"])
            for number in numbers { process.write("\(server.url)/text?s=\(number)\n") }
            return process
        }
        for process in running {
            for record in try await finish(process, "") where record.bool("ok") == true {
                let file = try #require(record.string("body_file")).dropFirst(scratch.path.count + 1)
                #expect(record.string("url")?.hasSuffix("=\(scratch.text(String(file)) ?? "")") == true)
            }
        }
        expectBodies(numbers)
        #expect(!files.contains { $0.contains("~") })
    }

    @Test("Three at once, with the same list in which all want one name, make one file for each URL", arguments: 1...3)
    func collisions(_: Int) async throws {
        let list = (1...50).map { "\(server.url)/text?s=\($0)\n" }.joined()
        let running = try (1...3).map { _ in try start(["--name", "x", "-j5"]) }
        for process in running { process.write(list) }
        for process in running {
            let records = try await finish(process, "")
            #expect(records.count == 50 && records.allSatisfy { $0.bool("ok") == true })
        }
        expectBodies(1...50)
    }

    @Test("A part that another process writes is left to it, and the error says so") func part() async throws {
        let options = ["-C", "-", "--name", "x"]
        let first = try start(options)
        first.write("\(server.url)/stall?n=200000\n")
        #expect(await scratch.wait(for: "x.part", bytes: 1))
        let record = try #require(try await finish(try start(options), "\(server.url)/stall?n=200000\n").first)
        #expect(
            record.string("error") == "output" && record.string("errormsg")?.contains("x.part: another program is writing to it") == true)
        first.send(SIGTERM)
        _ = await first.finish(deadline: .seconds(60))
        #expect(scratch.names() == ["x.part"])
    }
}
