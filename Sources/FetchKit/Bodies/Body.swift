// The bytes of a body that is here: in memory or on disk, and who reads it need not know where.

internal import Glibc

/// A body, or a part of one. Copies share the bytes; memory and disk are given back with the last copy.
public struct Body: Sendable {
    /// No bytes.
    public static let empty = Body(storage: nil)

    private let storage: Storage?

    /// In bytes.
    public var count: Int {
        switch storage?.place {
        case nil: 0
        case .memory(let bytes): bytes.count
        case .spill(let spill, let tail): spill.count + tail.count
        }
    }

    /// Whether there are no bytes.
    public var isEmpty: Bool { count == 0 }

    /// Calls `receive` with the bytes, in order and in pieces of at most 256 KiB where they lie on disk.
    ///
    /// Reading from disk may block the thread.
    ///
    /// - Throws: What `receive` throws, or `UnreadableBody`.
    public func forEachPiece(_ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch storage?.place {
        case nil: return
        case .memory(let bytes): try bytes.withUnsafeBytes(receive)
        case .spill(let spill, let tail):
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(256 << 10, spill.count), alignment: 16)
            defer { buffer.deallocate() }
            var offset = 0
            while true {
                let count: Int
                do { count = try spill.read(at: offset, into: buffer) } catch { throw UnreadableBody(errno: error.errno) }
                if count == 0 { break }
                try receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                offset += count
            }
            if !tail.isEmpty { try tail.withUnsafeBytes(receive) }
        }
    }

    /// All bytes at once, however many. Reading from disk may block the thread.
    ///
    /// - Throws: `UnreadableBody`.
    public func bytes() throws -> [UInt8] {
        if case .memory(let bytes) = storage?.place { return bytes }
        var all: [UInt8] = []
        all.reserveCapacity(count)
        try forEachPiece { all.append(contentsOf: $0) }
        return all
    }

    /// Bytes that are held in memory, or nil when they lie on disk.
    package var bytesInMemory: [UInt8]? {
        switch storage?.place {
        case nil: []
        case .memory(let bytes): bytes
        case .spill: nil
        }
    }

    private init(storage: Storage?) { self.storage = storage }

    /// Takes over bytes for which `count` bytes are reserved in `memory`.
    package init(bytes: consuming [UInt8], reservedIn memory: BodyMemory) {
        storage = bytes.isEmpty ? nil : Storage(.memory(bytes), memory)
    }

    /// Takes over bytes on disk, and a tail that had no room there, for which its size is reserved in `memory`.
    package init(_ spill: Spill, tail: consuming [UInt8], reservedIn memory: BodyMemory) {
        storage = Storage(.spill(spill, tail: tail), memory)
    }

    private enum Place {
        case memory([UInt8])
        case spill(Spill, tail: [UInt8])
    }

    private final class Storage: Sendable {
        let place: Place
        let memory: BodyMemory

        init(_ place: Place, _ memory: BodyMemory) {
            self.place = place
            self.memory = memory
        }

        deinit {
            switch place {
            case .memory(let bytes), .spill(_, let bytes): memory.release(bytes.count)
            }
        }
    }
}

/// A body on disk that could not be read back.
public struct UnreadableBody: Error, CustomStringConvertible {
    let errno: Int32

    public var description: String { "cannot read a body back from the temporary file: \(String(cString: strerror(errno)))" }
}
