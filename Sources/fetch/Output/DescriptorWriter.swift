// Bytes to a descriptor, all of them. Swift's own `print` loses errors and `FileHandle.write` crashes on a full disk, so it
// is write(2) with every result looked at.

import FetchKit
import Glibc
import Synchronization

/// Takes the bytes that a format makes.
protocol ByteSink: AnyObject {
    func write(_ bytes: UnsafeRawBufferPointer) throws
    func write(_ body: Body) throws
}

extension ByteSink {
    func write(_ body: Body) throws {
        try body.forEachPiece { try write($0) }
    }

    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }
}

/// Why an output took no more.
enum OutputError: Error, CustomStringConvertible {
    /// The reader of a pipe or socket has gone away.
    case readerLeft
    case failed(name: String, errno: Int32)

    var description: String {
        switch self {
        case .readerLeft: "the reader of the output has gone away"
        case .failed(let name, let errno): "cannot write to \(name): \(String(cString: strerror(errno)))"
        }
    }
}

/// Whether a write is under way, for those who must not wait for it for ever.
final class WriteProgress: Sendable {
    /// Odd while a write is under way.
    private let state = Atomic(0)

    func begin() { state.add(1, ordering: .relaxed) }
    func end() { state.add(1, ordering: .relaxed) }

    /// A value that stays the same only while nothing happens; nil when nothing is being written.
    var currentWrite: Int? {
        let value = state.load(ordering: .relaxed)
        return value % 2 == 1 ? value : nil
    }
}

/// Writes to a descriptor through a buffer.
final class DescriptorWriter: ByteSink {
    let descriptor: CInt
    private let name: String
    private var buffer: [UInt8] = []
    private static let capacity = 64 << 10

    private let progress: WriteProgress?

    init(_ descriptor: CInt, name: String, progress: WriteProgress? = nil) {
        self.descriptor = descriptor
        self.progress = progress
        self.name = name
        buffer.reserveCapacity(Self.capacity)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        if buffer.count + bytes.count > Self.capacity { try flush() }
        if bytes.count >= Self.capacity {
            try writeThrough(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    func flush() throws {
        guard !buffer.isEmpty else { return }
        // Forgotten first: what could not be written once will not be tried again.
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        try bytes.withUnsafeBytes { try writeThrough($0) }
    }

    private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            progress?.begin()
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            progress?.end()
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno == EAGAIN {
                // Somebody else made it non-blocking; wait instead of spinning.
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno == EPIPE || errno == ECONNRESET {
                throw OutputError.readerLeft
            } else if errno != EINTR {
                throw OutputError.failed(name: name, errno: errno)
            }
        }
    }
}
