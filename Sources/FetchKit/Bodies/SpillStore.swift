// Where bytes go that memory has no room for: one unlinked file for the whole run, handed out in blocks. One descriptor
// serves a hundred thousand waiting bodies, and what is read is given back to the disk at once.

internal import CLinux
internal import Glibc
internal import Synchronization

/// Disk space for bytes in transit. The file has no name, so that it goes away with the process, however that ends.
package final class SpillStore: Sendable {
    /// A block is address space, not disk space: a body of 1 KB uses one page of its block.
    package static let blockSize = 1 << 20

    private struct State {
        var descriptor: CInt = -1
        var freeBlocks: [Int] = []
        var blockCount = 0
        var hasFailed = false
    }

    private let directory: String
    private let onFailure: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// `onFailure` is told once why there is no room, from whatever thread has noticed.
    package init(directory: String, onFailure: @escaping @Sendable (String) -> Void = { _ in }) {
        self.directory = directory
        self.onFailure = onFailure
    }

    fileprivate func fail(_ errno: Int32) {
        let isFirst = state.withLock { state in
            defer { state.hasFailed = true }
            return !state.hasFailed
        }
        if isFirst { onFailure("no room for bodies in \(directory): \(String(cString: strerror(errno)))") }
    }

    deinit {
        state.withLock { if $0.descriptor >= 0 { _ = close($0.descriptor) } }
    }

    /// A new run of bytes, empty.
    package func makeSpill() -> Spill { Spill(store: self) }

    /// The file's descriptor and the offset of a block that nobody else uses. Throws when no file can be made.
    fileprivate func takeBlock() throws(SpillError) -> (descriptor: CInt, offset: Int) {
        try state.withLock { state throws(SpillError) in
            if state.descriptor < 0 { state.descriptor = try openUnnamedFile() }
            if let block = state.freeBlocks.popLast() { return (state.descriptor, block * Self.blockSize) }
            state.blockCount += 1
            return (state.descriptor, (state.blockCount - 1) * Self.blockSize)
        }
    }

    fileprivate func giveBack(_ offsets: [Int]) {
        guard !offsets.isEmpty else { return }
        state.withLock { state in
            for offset in offsets {
                // A hole is what frees the disk; where the file system has none, the block is reused all the same.
                _ = clinux_punch_hole(state.descriptor, offset, Self.blockSize)
                state.freeBlocks.append(offset / Self.blockSize)
            }
        }
    }

    private func openUnnamedFile() throws(SpillError) -> CInt {
        let flags = O_RDWR | O_CLOEXEC | O_EXCL
        // O_TMPFILE: a file that never had a name (open(2)); not every file system has it.
        let unnamed = open(directory, flags | 0o20000000 | O_DIRECTORY, 0o600)
        if unnamed >= 0 { return unnamed }
        var template = Array("\(directory)/fetch-XXXXXX".utf8CString)
        let named = mkstemp(&template)
        guard named >= 0 else { throw SpillError(errno: errno) }
        _ = fcntl(named, F_SETFD, FD_CLOEXEC)
        unlink(template)
        return named
    }
}

/// Why bytes could not be put on disk or read back.
package struct SpillError: Error {
    package let errno: Int32
}

/// A run of bytes in a `SpillStore`: appended by one owner, then read. Its blocks go back when it does.
package final class Spill: @unchecked Sendable {
    // Unchecked: appended to by the one thread that fills it, and handed on only when that is over.
    private let store: SpillStore
    private var descriptor: CInt = -1
    private var blocks: [Int] = []
    package private(set) var count = 0

    fileprivate init(store: SpillStore) { self.store = store }

    deinit { store.giveBack(blocks) }

    /// Appends all bytes or, when the disk is full, as many as fit: returns how many.
    package func append(_ bytes: UnsafeRawBufferPointer) -> Int {
        var written = 0
        while written < bytes.count {
            let used = count % SpillStore.blockSize
            if used == 0 && count == blocks.count * SpillStore.blockSize {
                do throws(SpillError) {
                    let block = try store.takeBlock()
                    descriptor = block.descriptor
                    blocks.append(block.offset)
                } catch {
                    store.fail(error.errno)
                    return written
                }
            }
            let piece = UnsafeRawBufferPointer(rebasing: bytes[written...].prefix(SpillStore.blockSize - used))
            let result = pwrite(descriptor, piece.baseAddress, piece.count, blocks[blocks.count - 1] + used)
            if result < 0 {
                if errno == EINTR { continue }
                store.fail(errno)
                return written
            }
            written += result
            count += result
        }
        return written
    }

    /// Reads bytes from `offset` on into `buffer`; returns how many, 0 at the end.
    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SpillError) -> Int {
        guard offset < count else { return 0 }
        let (block, start) = offset.quotientAndRemainder(dividingBy: SpillStore.blockSize)
        let wanted = min(buffer.count, SpillStore.blockSize - start, count - offset)
        while true {
            let result = pread(descriptor, buffer.baseAddress, wanted, blocks[block] + start)
            if result > 0 { return result }
            if result < 0 && errno == EINTR { continue }
            throw SpillError(errno: result < 0 ? errno : EIO)
        }
    }
}
