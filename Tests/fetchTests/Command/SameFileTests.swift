import Foundation
import Support
import Testing

@Suite("A file in two roles") struct SameFileTests {
    private let server: Server
    private let scratch = Scratch()

    init() throws { server = try Server.faults.get() }

    /// Ways to read the file IN.
    static let readings: [[String]] = [
        ["-i", "IN"], ["-K", "IN"], ["-K", "OUTER"], ["-H", "@IN"], ["-d", "@IN"], ["--data-binary", "@IN"],
        ["--data-urlencode", "name@IN"],
        ["--data-json", "@IN"], ["-b", "IN"], ["--netrc-file", "IN"], ["-n"], ["--cacert", "IN"], ["-E", "IN"],
        ["-E", "CERT", "--key", "IN"],
        ["-w", "@IN"], ["--pinnedpubkey", "IN"],
    ]
    /// Ways to write it.
    static let writings: [[String]] = [
        ["-o", "OUT"], ["--manifest", "OUT", "--output-dir", "DIR"], ["--stats", "OUT"], ["-c", "OUT"], ["-w", "%output{OUT}x"],
        ["-w", "%output{>>OUT}x"], ["--format", "warc", "-o", "OUT"],
    ]

    @Test("An output that is read as well is refused, and stays as it is", arguments: readings) func refused(reading: [String]) async throws
    {
        let certificate = try Certificates.shared.get().good.chain
        let text = "# one\n"
        for writing in Self.writings
        where !(reading[0] == "-w" && ["-w", "--format"].contains(writing[0])) && !(reading[0] == "-b" && writing[0] == "-c") {
            // By its name, by another one, and by a second one.
            for out in ["IN", "sub/../in", "link", "symlink"] {
                let scratch = Scratch()
                scratch.plant(text, at: "in")
                scratch.plant("config = IN\n".replacing("IN", with: "\(scratch.path)/in"), at: "outer")
                try scratch.makeDirectory("sub")
                #expect(link("\(scratch.path)/in", "\(scratch.path)/link") == 0 && symlink("in", "\(scratch.path)/symlink") == 0)
                if reading == ["-n"] { #expect(link("\(scratch.path)/in", "\(scratch.path)/.netrc") == 0) }
                let path = out == "IN" ? "\(scratch.path)/in" : "\(scratch.path)/\(out)"
                // In one pass: the random name of the folder may hold any of these words.
                let values = [
                    "OUTER": "\(scratch.path)/outer", "IN": "\(scratch.path)/in", "OUT": path, "DIR": "\(scratch.path)/sub",
                    "CERT": certificate,
                ]
                let arguments =
                    (reading + writing).map { $0.replacing(/OUTER|OUT|IN|DIR|CERT/) { values[String($0.output)]! } } + [
                        "\(server.url)/text?s=x"
                    ]
                var command = Command.fetch(arguments)
                command.environment["HOME"] = scratch.path
                let run = try await command.run()
                #expect(run.status == 64 && run.errorText.contains("cannot be the file of"), "\(arguments) \(run.errorText)")
                #expect(scratch.text("in") == text)
            }
        }
    }

    @Test("A jar may be read and written") func jar() async throws {
        scratch.plant("# Netscape HTTP Cookie File\n\n127.0.0.1\tFALSE\t/\tFALSE\t0\ta\tb\n", at: "jar")
        let jar = "\(scratch.path)/jar"
        let run = try await Command.fetch("-b", jar, "-c", jar, "\(server.url)/echo").run()
        #expect(run.status == 0 && run.text.contains("Cookie: a=b") && scratch.text("jar")?.contains("a\tb") == true)
    }

    @Test("Standard input and output count as well") func standard() async throws {
        let list = "\(server.url)/text?s=x\n"
        scratch.plant(list, at: "list")
        for line in [
            "-o LIST < LIST", "-c LIST < LIST", "--stats LIST - < LIST", "-i LIST >> LIST", ">> LIST < LIST", "-d @- -o LIST u < LIST",
        ] {
            let run = try await Command.shell("$FETCH " + line.replacing("LIST", with: "\(scratch.path)/list")).run()
            #expect(run.status == 64 && scratch.text("list") == list, "\(line)")
        }
    }

    @Test("Two outputs are two files, also when they are still to be made") func outputs() async throws {
        for other in ["x", "./x", "DIR/../x"] {
            try? scratch.makeDirectory("DIR")
            for option in ["--stats", "-c"] {
                let run = try await Command.shell("cd \(scratch.path); $FETCH -o x \(option) \(other) \(server.url)/text").run()
                #expect(run.status == 64 && scratch.names() == ["DIR"], "\(option) \(other)")
            }
        }
        let run = try await Command.shell("cd \(scratch.path); $FETCH --format warc -o x.warc --stats x.cdxj \(server.url)/text").run()
        #expect(run.status == 64 && scratch.names() == ["DIR"])
    }
}
