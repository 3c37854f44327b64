// The end of the pipe: where a body's decoded bytes are kept. It moves from memory to disk by itself and says when it is full,
// so that the transfer can pause; a byte that it was given is never refused.

/// Collects one body, or the next part of one that streams.
struct BodyCollector: ~Copyable {
    /// Bytes that were kept, streamed parts that were taken included.
    private(set) var count: Int64 = 0

    private let memory: BodyMemory
    private let store: SpillStore
    private let threshold: Int
    private var bytes: [UInt8] = []
    private var reserved = 0
    private var spill: Spill?
    /// Set while the body streams: how many bytes may wait for the reader.
    private var streamWindow: Int?
    /// Where the disk is full, the body may stay in memory as long as all bodies hold less than this there, in bytes.
    private var mostInMemory: Int
    /// The same, whatever the others hold.
    private var ownRoom = 0

    init(memory: BodyMemory, store: SpillStore, threshold: Int) {
        self.memory = memory
        self.store = store
        self.threshold = threshold
        mostInMemory = memory.limit
    }

    /// Whether the source should wait. What arrives nevertheless is kept.
    var isFull: Bool {
        if let streamWindow { return spill != nil || bytes.count >= streamWindow }
        // Bytes that wait in memory although they belong on disk: the disk took no more.
        return spill != nil && !bytes.isEmpty && memory.inUse >= mostInMemory && bytes.count >= ownRoom
    }

    var isEmpty: Bool { bytes.isEmpty && spill == nil }

    /// Announces how many bytes will come, if that is known.
    mutating func expect(_ count: Int) {
        if count <= threshold { bytes.reserveCapacity(count) }
    }

    mutating func append(_ piece: UnsafeRawBufferPointer) {
        count += Int64(piece.count)
        if let streamWindow, spill == nil {
            // More of what comes fast will be here before anybody takes it.
            if bytes.isEmpty && piece.count >= 16 << 10 { bytes.reserveCapacity(streamWindow + piece.count) }
            memory.overdraw(piece.count)
            reserved += piece.count
            bytes.append(contentsOf: piece)
            return
        }
        if spill == nil && bytes.count + piece.count <= threshold && memory.reserve(piece.count) {
            reserved += piece.count
            bytes.append(contentsOf: piece)
            return
        }
        moveToDisk()
        let written = bytes.isEmpty ? spill!.append(piece) : 0
        if written < piece.count {
            let rest = UnsafeRawBufferPointer(rebasing: piece[written...])
            memory.overdraw(rest.count)
            reserved += rest.count
            bytes.append(contentsOf: rest)
        }
    }

    /// Tries again to put on disk what had no room there, and lets the body stay in memory as long as all bodies hold less than
    /// `limit` bytes there, or this one less than `own`.
    mutating func retry(upTo limit: Int, atLeast own: Int = 0) {
        guard spill != nil, streamWindow == nil else { return }
        moveToDisk()
        mostInMemory = limit
        ownRoom = own
    }

    /// From now on the body is taken in parts, and its source waits while `window` bytes wait.
    mutating func startStreaming(window: Int) {
        streamWindow = window
    }

    /// Everything that is here. The collector is empty after that and goes on collecting.
    mutating func take() -> Body {
        defer {
            bytes = []
            reserved = 0
            spill = nil
        }
        if let spill, spill.count > 0 { return Body(spill, tail: bytes, reservedIn: memory) }
        return Body(bytes: bytes, reservedIn: memory)
    }

    /// Forgets what is here.
    mutating func discard() {
        memory.release(reserved)
        reserved = 0
        bytes = []
        spill = nil
    }

    private mutating func moveToDisk() {
        let spill = self.spill ?? store.makeSpill()
        self.spill = spill
        guard !bytes.isEmpty else { return }
        let written = bytes.withUnsafeBytes { spill.append($0) }
        memory.release(written)
        reserved -= written
        if written == bytes.count { bytes = [] } else { bytes.removeFirst(written) }
    }
}
