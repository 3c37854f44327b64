// Finished bytes that wait for their turn, packed: an array of its own for each of a hundred thousand small outcomes would
// cost more than the outcomes. Full segments stay in memory as far as the budget goes, then they are written to disk.

/// Takes ranges of bytes and keeps them until they are read.
package struct ByteStore {
    /// Where bytes lie.
    fileprivate class Holder {
        func read(_ start: Int, _ count: Int, _ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
            preconditionFailure("a holder of nothing")
        }
    }

    fileprivate final class Chain: Holder {
        var ranges: [ByteRange] = []

        func append(_ piece: ByteRange) {
            let last = ranges[ranges.count - 1]
            if last.holder === piece.holder && last.start + last.count == piece.start {
                ranges[ranges.count - 1].count += piece.count
            } else {
                ranges.append(piece)
            }
        }

        override func read(_ start: Int, _ count: Int, _ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
            for range in ranges { try range.forEachPiece(receive) }
        }
    }

    /// A body that lies on disk already, or is too large for a copy, stays where it is.
    private final class WholeBody: Holder {
        let body: Body

        init(_ body: Body) { self.body = body }

        override func read(_ start: Int, _ count: Int, _ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
            try body.forEachPiece(receive)
        }
    }

    private let memory: BodyMemory
    private let store: SpillStore
    private var current: Segment?
    private let usage = Usage()

    package init(memory: BodyMemory, store: SpillStore) {
        self.memory = memory
        self.store = store
    }

    /// False while bytes wait in memory that have no room there.
    package var hasRoom: Bool { usage.strained == 0 }

    package mutating func append(_ bytes: UnsafeRawBufferPointer, to range: inout ByteRange) {
        var rest = bytes
        while !rest.isEmpty {
            let segment = current ?? Segment(memory, usage)
            let start = segment.count
            let count = segment.append(rest)
            var piece = ByteRange()
            (piece.holder, piece.start, piece.count) = (segment, UInt32(start), UInt32(count))
            range.append(piece)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            current = segment.isFull ? nil : segment
            if segment.isFull { segment.close(store) }
        }
    }

    package mutating func append(_ body: Body, to range: inout ByteRange) {
        // A larger one is in memory only because the disk is full.
        if let bytes = body.bytesInMemory, bytes.count <= SpillStore.blockSize {
            bytes.withUnsafeBytes { append($0, to: &range) }
        } else {
            var piece = ByteRange()
            piece.holder = WholeBody(body)
            range.append(piece)
        }
    }

    private final class Usage {
        /// Segments in memory.
        var segments = 0
        /// Segments in memory that belong on disk, because that is full.
        var strained = 0
    }

    private final class Segment: Holder {
        private static let size = 256 << 10

        private let memory: BodyMemory
        private let usage: Usage
        private var bytes: [UInt8] = []
        private var spill: Spill?
        private let fitsInMemory: Bool
        private var isStrained = false
        private(set) var count = 0

        /// What waits may take half of the memory: the other half is for what is in flight, or that would go to disk piece by
        /// piece.
        init(_ memory: BodyMemory, _ usage: Usage) {
            self.memory = memory
            self.usage = usage
            fitsInMemory = (usage.segments + 1) * Self.size <= memory.limit / 2 && memory.reserve(Self.size)
            // A segment is filled in memory even if it cannot stay there.
            if !fitsInMemory { memory.overdraw(Self.size) }
            usage.segments += 1
            bytes.reserveCapacity(Self.size)
        }

        deinit {
            if spill == nil { leaveMemory() }
            if isStrained { usage.strained -= 1 }
        }

        private func leaveMemory() {
            bytes = []
            memory.release(Self.size)
            usage.segments -= 1
        }

        var isFull: Bool { count == Self.size }

        func append(_ piece: UnsafeRawBufferPointer) -> Int {
            let taken = min(piece.count, Self.size - count)
            bytes.append(contentsOf: piece.prefix(taken))
            count += taken
            return taken
        }

        /// Moves to disk what does not fit in memory.
        func close(_ store: SpillStore) {
            guard !fitsInMemory else { return }
            let spill = store.makeSpill()
            guard bytes.withUnsafeBytes({ spill.append($0) }) == count else {
                isStrained = true
                usage.strained += 1
                return
            }
            self.spill = spill
            leaveMemory()
        }

        override func read(_ start: Int, _ count: Int, _ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
            guard let spill else {
                return try bytes.withUnsafeBytes { try receive(UnsafeRawBufferPointer(rebasing: $0[start..<(start + count)])) }
            }
            try withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { buffer in
                var filled = 0
                while filled < count {
                    do throws(SpillError) {
                        filled += try spill.read(at: start + filled, into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                    } catch {
                        throw UnreadableBody(errno: error.errno)
                    }
                }
                try receive(UnsafeRawBufferPointer(buffer))
            }
        }
    }
}

/// One range of bytes. Copies share it; a segment goes away with the last run in it. Small, because there may be very many.
package struct ByteRange {
    fileprivate var holder: ByteStore.Holder?
    fileprivate var start: UInt32 = 0
    fileprivate var count: UInt32 = 0

    package init() {}

    package func forEachPiece(_ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        try holder?.read(Int(start), Int(count), receive)
    }

    /// Adds what comes next. It mostly lies right behind; where it does not, the run becomes a chain.
    fileprivate mutating func append(_ piece: ByteRange) {
        if holder == nil {
            self = piece
        } else if holder === piece.holder && start + count == piece.start {
            count += piece.count
        } else if let chain = holder as? ByteStore.Chain {
            chain.append(piece)
        } else {
            let chain = ByteStore.Chain()
            chain.ranges = [self, piece]
            self = ByteRange()
            holder = chain
        }
    }
}
