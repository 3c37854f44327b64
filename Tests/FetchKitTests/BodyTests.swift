import Foundation
import Support
import Synchronization
import Testing

@testable import FetchKit

@Suite("Bodies") struct BodyTests {
    private let directory = FileManager.default.temporaryDirectory.path

    private func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ ($0 >> 8)) } }

    @Test("Small ones stay in memory, and give it back") func small() throws {
        let memory = BodyMemory(limit: 1000)
        var collector = BodyCollector(memory: memory, store: SpillStore(directory: directory), threshold: 1 << 20)
        pattern(600).withUnsafeBytes { collector.append($0) }
        var body: Body? = collector.take()
        #expect(try body?.bytes() == pattern(600) && body?.bytesInMemory != nil)
        #expect(!memory.reserve(500))
        body = nil
        #expect(memory.reserve(1000))
    }

    @Test("Large ones and those past the budget go to disk", arguments: [(2_500_000, 1 << 30), (5000, 1000)])
    func large(count: Int, limit: Int) throws {
        let memory = BodyMemory(limit: limit)
        var collector = BodyCollector(memory: memory, store: SpillStore(directory: directory), threshold: 1 << 20)
        let bytes = pattern(count)
        for start in stride(from: 0, to: count, by: 777) {
            bytes[start..<min(count, start + 777)].withUnsafeBytes { collector.append($0) }
        }
        let body = collector.take()
        #expect(body.bytesInMemory == nil && body.count == count)
        #expect(try body.bytes() == bytes)
        #expect(memory.reserve(limit))
    }

    @Test("Without room on disk the source must wait, and goes on as far as memory may be used; who reads hears of it once")
    func noRoom() throws {
        let memory = BodyMemory(limit: 100)
        let failures = Mutex<[String]>([])
        let store = SpillStore(directory: "/nonexistent") { reason in failures.withLock { $0.append(reason) } }
        var collector = BodyCollector(memory: memory, store: store, threshold: 1 << 20)
        pattern(500).withUnsafeBytes { collector.append($0) }
        #expect(collector.isFull == true)
        collector.retry(upTo: 501)
        #expect(collector.isFull == false)
        pattern(500).withUnsafeBytes { collector.append($0) }
        #expect(collector.isFull && failures.withLock { $0 } == ["no room for bodies in /nonexistent: No such file or directory"])
        let body = collector.take()
        #expect(try body.bytes() == pattern(500) + pattern(500))
    }

    @Test("Held bytes come back whole, from memory and from disk", arguments: [1 << 20, 600 << 10])
    func held(limit: Int) throws {
        let memory = BodyMemory(limit: limit)
        var held = ByteStore(memory: memory, store: SpillStore(directory: directory))
        let runs = (0..<300).map { number -> (ByteRange, [UInt8]) in
            let bytes = pattern(number * 37 % 9000)
            var run = ByteRange()
            for start in stride(from: 0, to: bytes.count, by: 1000) {
                bytes[start..<min(bytes.count, start + 1000)].withUnsafeBytes { held.append($0, to: &run) }
            }
            return (run, bytes)
        }
        for (run, bytes) in runs {
            var read: [UInt8] = []
            try run.forEachPiece { read.append(contentsOf: $0) }
            #expect(read == bytes)
        }
        #expect(held.hasRoom)
    }

    @Test("Held bytes strain memory when the disk is full, and say so") func strained() throws {
        var held = ByteStore(memory: BodyMemory(limit: 1000), store: SpillStore(directory: "/nonexistent"))
        var run = ByteRange()
        pattern(600_000).withUnsafeBytes { held.append($0, to: &run) }
        #expect(!held.hasRoom)
        var read: [UInt8] = []
        try run.forEachPiece { read.append(contentsOf: $0) }
        #expect(read == pattern(600_000))
        run = ByteRange()
        #expect(held.hasRoom)
    }
}

@Suite("gzip") struct GzipDecoderTests {
    private static func gzip(_ data: Data) async throws -> [UInt8] {
        Array(try await Command("/bin/gzip", ["-c", "-n"]).run(stdin: data).output)
    }

    private func decode(_ pieces: [ArraySlice<UInt8>], stopEvery: Int = .max) -> (decoder: GzipDecoder, output: [UInt8]) {
        let decoder = GzipDecoder()
        var output: [UInt8] = []
        var calls = 0
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 16)
        defer { scratch.deallocate() }
        let deliver = { (piece: UnsafeRawBufferPointer) -> Bool in
            output.append(contentsOf: piece)
            calls += 1
            return calls % stopEvery != 0
        }
        for piece in pieces {
            piece.withUnsafeBytes { decoder.decode($0, scratch: scratch, deliver: deliver) }
            while decoder.hasPending {
                if case .failed = decoder.state { break }
                decoder.resume(scratch: scratch, deliver: deliver)
            }
        }
        return (decoder, output)
    }

    @Test("Any cut of the input gives the same output, with and without stops") func everyCut() async throws {
        let text = Data((0..<500).map { UInt8($0 % 7 + 65) })
        let packed = try await Self.gzip(text) + Self.gzip(text)
        for cut in 0...packed.count {
            for stop in [1, 3, .max] {
                let (decoder, output) = decode([packed[..<cut], packed[cut...]], stopEvery: stop)
                #expect(decoder.isComplete && output == Array(text) + Array(text))
            }
        }
    }

    @Test("A body that is cut anywhere is not complete") func truncated() async throws {
        let packed = try await Self.gzip(Data("hello, hello, hello".utf8))
        for cut in 1..<packed.count { #expect(!decode([packed[..<cut]]).decoder.isComplete) }
        #expect(decode([]).decoder.isComplete)
    }

    @Test("A wrong checksum, a wrong length and what is no gzip fail") func damaged() async throws {
        var packed = try await Self.gzip(Data("hello".utf8))
        packed[packed.count - 1] ^= 1
        #expect(decode([packed[...]]).decoder.state != .atMemberEnd)
        packed[packed.count - 1] ^= 1
        packed[packed.count - 8] ^= 1
        #expect(decode([packed[...]]).decoder.state != .atMemberEnd)
        #expect(!decode([Array("plain".utf8)[...]]).decoder.isComplete)
    }

    @Test("Zero bytes after the end are padding, others are not") func padding() async throws {
        let packed = try await Self.gzip(Data("hello".utf8))
        #expect(decode([(packed + [0, 0, 0])[...]]).decoder.isComplete)
        #expect(!decode([(packed + [1])[...]]).decoder.isComplete)
    }
}
