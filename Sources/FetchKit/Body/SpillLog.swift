// Many small runs of bytes on disk, packed: a spill of its own for each would take a page for every hundred bytes.

/// Appends runs one after the other to shared spills; a spill goes away with the last run in it.
package struct SpillLog {
    /// A run of bytes. Copies share it.
    package struct Range {
        fileprivate var pieces: [(spill: Spill, start: Int, count: Int)] = []

        package func forEachPiece(_ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
            let size = min(256 << 10, pieces.map(\.count).max() ?? 0)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
            defer { buffer.deallocate() }
            for piece in pieces {
                var read = 0
                while read < piece.count {
                    let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(piece.count - read))
                    let count: Int
                    do { count = try piece.spill.read(at: piece.start + read, into: wanted) } catch {
                        throw BodyUnreadable(errno: error.errno)
                    }
                    try receive(UnsafeRawBufferPointer(rebasing: wanted[..<count]))
                    read += count
                }
            }
        }
    }

    /// No room on disk for bytes that must wait.
    package struct Full: Error, CustomStringConvertible {
        package let description = "no room for finished outcomes that wait for their turn: the temporary directory is full"
    }

    private let store: SpillStore
    private var current: Spill

    package init(store: SpillStore) {
        self.store = store
        current = store.makeSpill()
    }

    package func begin() -> Range { Range() }

    package mutating func append(_ bytes: UnsafeRawBufferPointer, to range: inout Range) throws(Full) {
        var rest = bytes
        while !rest.isEmpty {
            if current.count >= SpillStore.blockSize { current = store.makeSpill() }
            let start = current.count
            let room = SpillStore.blockSize - start
            let count = current.append(UnsafeRawBufferPointer(rebasing: rest.prefix(room)))
            if count == 0 { throw Full() }
            if let last = range.pieces.last, last.spill === current, last.start + last.count == start {
                range.pieces[range.pieces.count - 1].count += count
            } else {
                range.pieces.append((current, start, count))
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
