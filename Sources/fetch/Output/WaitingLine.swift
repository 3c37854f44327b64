// The bytes of outcomes that are finished before their turn. An outcome is encoded when it finishes and only its bytes wait:
// in memory as far as the budget goes, then on disk, so that a hundred thousand can wait for a slow one.

import DequeModule
import FetchKit

/// Puts what comes in any order into the order of positions 0, 1, 2 ...
struct WaitingLine {
    /// The position whose bytes may be written now.
    private(set) var next = 0
    /// False while bytes wait in memory that belong on disk, because that is full.
    var hasRoom: Bool { overdrawn == 0 }
    private var overdrawn = 0
    private var waiting: Deque<Held?> = []
    private var log: SpillLog
    private let memory: BodyMemory

    private enum Held {
        case nothing
        case memory(Body)
        case overdrawn(Body)
        case disk(SpillLog.Range)
    }

    init(memory: BodyMemory, store: SpillStore) {
        self.memory = memory
        log = SpillLog(store: store)
    }

    /// Keeps the bytes of a later position, which `encode` writes.
    mutating func hold(_ position: Int, _ encode: (any ByteSink) throws -> Void) throws {
        let slot = position - next - 1
        while waiting.count <= slot { waiting.append(nil) }
        let holding = HoldingSink(log: log, memory: memory)
        try encode(holding)
        waiting[slot] = holding.result()
        log = holding.log
        if case .overdrawn = waiting[slot] { overdrawn += 1 }
    }

    /// The position at hand is written: goes on to the next one, and writes what waited and has its turn now.
    mutating func advance(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
        next += 1
        while let first = waiting.popFirst(), let held = first {
            switch held {
            case .nothing: break
            case .memory(let body): try body.forEachPiece(write)
            case .overdrawn(let body):
                overdrawn -= 1
                try body.forEachPiece(write)
            case .disk(let range): try range.forEachPiece(write)
            }
            next += 1
        }
    }

    /// Collects one outcome's bytes: in memory at first, on disk when they are many or memory is full, and in memory after
    /// all when the disk is full too.
    private final class HoldingSink: ByteSink {
        var log: SpillLog
        private let memory: BodyMemory
        private var bytes: [UInt8] = []
        private var range: SpillLog.Range?
        private var isOverdrawn = false
        private static let largest = 64 << 10

        init(log: SpillLog, memory: BodyMemory) {
            self.log = log
            self.memory = memory
        }

        deinit { memory.release(bytes.count) }

        func write(_ piece: UnsafeRawBufferPointer) throws {
            if !isOverdrawn {
                if range == nil && bytes.count + piece.count <= Self.largest && memory.reserve(piece.count) {
                    bytes.append(contentsOf: piece)
                    return
                }
                do { return try writeToDisk(piece) } catch { try readBack() }
            }
            memory.overdraw(piece.count)
            bytes.append(contentsOf: piece)
        }

        private func writeToDisk(_ piece: UnsafeRawBufferPointer) throws {
            var range = self.range ?? log.begin()
            if !bytes.isEmpty {
                try bytes.withUnsafeBytes { try log.append($0, to: &range) }
                memory.release(bytes.count)
                bytes = []
            }
            // Only a piece that is whole on disk counts.
            try log.append(piece, to: &range)
            self.range = range
        }

        /// The disk is full: what is there already comes back, so that the bytes stay in one place.
        private func readBack() throws {
            isOverdrawn = true
            let later = bytes
            bytes = []
            try range?.forEachPiece { bytes.append(contentsOf: $0) }
            memory.overdraw(bytes.count)
            bytes += later
            range = nil
        }

        func result() -> Held {
            if let range { return .disk(range) }
            if bytes.isEmpty { return .nothing }
            let body = Body(bytes: bytes, reservedIn: memory)
            bytes = []
            return isOverdrawn ? .overdrawn(body) : .memory(body)
        }
    }
}
