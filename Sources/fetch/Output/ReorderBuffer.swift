// The bytes of outcomes that are finished before their turn. An outcome is encoded when it finishes and only its bytes wait, so
// that a hundred thousand can wait for a slow one.

import FetchFormats
import DequeModule
import FetchKit

/// Puts what comes in any order into the order of positions 0, 1, 2 ...
struct ReorderBuffer {
    /// The position whose bytes may be written now.
    private(set) var next = 0
    /// What waits at `next + 1`, `next + 2` ...; nil where nothing has come yet.
    private var waiting: Deque<ByteRange?> = []
    private let held: HoldingSink

    init(memory: BodyMemory, store: SpillStore) {
        held = HoldingSink(ByteStore(memory: memory, store: store))
    }

    /// False while more waits than there is room for.
    var hasRoom: Bool { held.bytes.hasRoom }

    /// Keeps the bytes of a later position, which `encode` writes.
    mutating func hold(_ position: Int, _ encode: (any ByteSink) throws -> Void) throws {
        let slot = position - next - 1
        while waiting.count <= slot { waiting.append(nil) }
        held.run = ByteRange()
        try encode(held)
        waiting[slot] = held.run
        held.run = ByteRange()
    }

    /// The position at hand is written: goes on to the next one, and returns the bytes that waited for that, if there are any. To
    /// be called again when they are written.
    mutating func advance() -> ByteRange? {
        next += 1
        return waiting.popFirst() ?? nil
    }

    /// Collects the bytes of one outcome after the other.
    private final class HoldingSink: ByteSink {
        var bytes: ByteStore
        var run = ByteRange()

        init(_ bytes: ByteStore) { self.bytes = bytes }

        func write(_ piece: UnsafeRawBufferPointer) { bytes.append(piece, to: &run) }
        func write(_ body: Body) { bytes.append(body, to: &run) }
    }
}
