import Foundation
import Testing

@testable import FetchKit

@Suite("Spill file") struct SpillTests {
    @Test("Blocks that are given back are used again") func reuse() throws {
        let store = SpillStore(directory: FileManager.default.temporaryDirectory.path)
        let block = [UInt8](repeating: 7, count: SpillStore.blockSize)
        for _ in 0..<20 {
            let spill = store.makeSpill()
            #expect(block.withUnsafeBytes { spill.append($0) } == block.count)
        }
        let first = store.makeSpill()
        let second = store.makeSpill()
        #expect(Array("one".utf8).withUnsafeBytes { first.append($0) } == 3)
        #expect(Array("two".utf8).withUnsafeBytes { second.append($0) } == 3)
        #expect(try text(first) == "one" && text(second) == "two")
    }

    @Test("Without a directory nothing is taken, and nothing breaks") func unusable() {
        let spill = SpillStore(directory: "/nonexistent").makeSpill()
        #expect([1, 2, 3].withUnsafeBytes { spill.append($0) } == 0)
        #expect(spill.count == 0)
    }

    private func text(_ spill: Spill) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = try buffer.withUnsafeMutableBytes { try spill.read(at: 0, into: $0) }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
