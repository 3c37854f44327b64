import Foundation
import Support
import Testing

@Suite("Any bytes whatever") struct AnyBytesTests {
    private let server: Server
    private let scratch = Scratch()

    init() throws { server = try Server.faults.get() }

    /// 400 lines: URLs with random bytes, and now and then nothing but those.
    private var list: Data {
        var dice = SplitMix(state: 5)
        var lines = Data()
        for seed in 0..<400 {
            // A space or a control byte makes a line no URL: those are lines, too, but not all.
            let lowest = seed % 4 == 0 ? 1 : 33
            let noise = (0..<dice.next(40)).map { _ in UInt8(lowest + dice.next(256 - lowest)) }.filter { ![10, 13, 127].contains($0) }
            lines += seed % 20 == 19 ? Data([UInt8(ascii: "!")] + noise) : Data("\(server.url)/any-bytes?seed=\(seed)&x=".utf8) + noise
            lines.append(10)
        }
        return lines
    }

    @Test("In URLs, heads and bodies they make no format invalid", arguments: Container.all.filter { $0.format != "body" })
    func formats(container: Container) async throws {
        try list.write(to: URL(fileURLWithPath: "\(scratch.path)/list"))
        var command = Command.shell(
            "OUT=\(scratch.path)/out.warc.gz; $FETCH -s --retry 0 --format \(container.format) -i \(scratch.path)/list -o $OUT; echo $?; \(container.count)"
        )
        command.environment["LC_ALL"] = "C"
        let run = try await command.run()
        let lines = run.text.split(separator: "\n").compactMap { Int($0) }
        #expect(run.status == 0 && lines.count == 2 && lines[0] == 1, "\(run.errorText)")
        let text = try String(contentsOfFile: "\(scratch.path)/list", encoding: .isoLatin1)
        let good = text.split(separator: "\n").count { $0.hasPrefix("http") }
        // One for each line that has something in it; of those that are no URL a WARC file has no response.
        let count = text.split(separator: "\n").count { !$0.hasPrefix("#") && !$0.allSatisfy { $0 == " " || $0 == "\t" } }
        #expect(container.format == "warc" ? lines[1] > 250 && lines[1] <= good : lines[1] == count, "\(lines[1]) of \(count), \(good)")
        guard ["jsonl", "csv", "har"].contains(container.format) else { return }
        #expect(try await Command("iconv", ["-f", "UTF-8", "-o", "/dev/null", "\(scratch.path)/out.warc.gz"]).run().status == 0)
    }
}

/// Random numbers that are the same each time (SplitMix64).
private struct SplitMix {
    var state: UInt64

    mutating func next(_ end: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(max(1, end)))
    }
}
