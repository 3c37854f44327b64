// Lines in the order of their bytes, however many: what memory has no room for is sorted in runs, which go to disk and are merged
// at the end.

import FetchKit
import Glibc
import HeapModule

/// Takes lines in any order and gives them back sorted.
final class SortedLines {
    private let store: SpillStore
    private let directory: String
    private let capacity: Int
    /// Lines with their line ends, in order of arrival, and where each of them lies.
    private var bytes: [UInt8] = []
    private var places: [Range<Int>] = []
    private var runs: [Spill] = []

    init(temporaryDirectory: String, capacity: Int = 4 << 20) {
        store = SpillStore(directory: temporaryDirectory)
        directory = temporaryDirectory
        self.capacity = capacity
    }

    /// `line` has no line end.
    func add(_ line: [UInt8]) throws {
        if !places.isEmpty && bytes.count + line.count >= capacity { try spill() }
        let start = bytes.count
        bytes += line
        bytes.append(UInt8(ascii: "\n"))
        places.append(start..<bytes.count)
    }

    /// Gives out all lines with their line ends, and forgets them.
    func forEachLine(_ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        if runs.isEmpty { return try forEachInMemory(receive) }
        if !places.isEmpty { try spill() }
        bytes = []
        let room = max(4 << 10, min(256 << 10, capacity / runs.count))
        let readers = runs.map { RunReader($0, directory: directory, room: room) }
        runs = []
        var heap = Heap<Front>()
        for (run, reader) in readers.enumerated() { if let line = try reader.next() { heap.insert(Front(line: line, run: run)) } }
        while let first = heap.min {
            try first.line.withUnsafeBytes(receive)
            if let line = try readers[first.run].next() {
                heap.replaceMin(with: Front(line: line, run: first.run))
            } else {
                heap.removeMin()
            }
        }
    }

    private func forEachInMemory(_ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        try bytes.withUnsafeBytes { bytes in
            places.sort { UnsafeRawBufferPointer(rebasing: bytes[$0]).precedes(UnsafeRawBufferPointer(rebasing: bytes[$1])) }
            for place in places { try receive(UnsafeRawBufferPointer(rebasing: bytes[place])) }
        }
        places.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    private func spill() throws {
        let run = store.makeSpill()
        var block: [UInt8] = []
        block.reserveCapacity(SpillStore.blockSize)
        let writeBlock = {
            guard block.withUnsafeBytes({ run.append($0) }) == block.count else {
                throw OutputError.failed(name: self.directory, errno: ENOSPC)
            }
            block.removeAll(keepingCapacity: true)
        }
        try forEachInMemory { line in
            if block.count + line.count > SpillStore.blockSize { try writeBlock() }
            block.append(contentsOf: line)
        }
        try writeBlock()
        runs.append(run)
    }
}

/// The first line of a run that is not given out yet.
private struct Front: Comparable {
    let line: [UInt8]
    let run: Int

    static func < (a: Front, b: Front) -> Bool { a.line.withUnsafeBytes { a in b.line.withUnsafeBytes { a.precedes($0) } } }
}

extension UnsafeRawBufferPointer {
    fileprivate func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
        let order = isEmpty || other.isEmpty ? 0 : memcmp(baseAddress!, other.baseAddress!, Swift.min(count, other.count))
        return order == 0 ? count < other.count : order < 0
    }
}

/// Reads the lines of a run.
private final class RunReader {
    private let run: Spill
    private let directory: String
    private let room: Int
    private var offset = 0
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ run: Spill, directory: String, room: Int) {
        self.run = run
        self.directory = directory
        self.room = room
    }

    /// The next line with its line end; nil at the end.
    func next() throws -> [UInt8]? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { position = end + 1 }
                return Array(buffer[position...end])
            }
            buffer.removeFirst(position)
            position = 0
            searched = buffer.count
            guard try fill() > 0 else { return nil }
        }
    }

    private func fill() throws -> Int {
        try withUnsafeTemporaryAllocation(byteCount: room, alignment: 16) { piece in
            let count: Int
            do throws(SpillError) { count = try run.read(at: offset, into: piece) } catch {
                throw OutputError.failed(name: directory, errno: error.errno)
            }
            offset += count
            buffer.append(contentsOf: piece[..<count])
            return count
        }
    }
}
