// Bytes to a descriptor, all of them. Swift's own `print` loses errors and `FileHandle.write` crashes on a full disk, so it
// is write(2) with every result looked at.

import FetchFormats
import FetchKit
import Glibc

/// Why an output took no more.
enum OutputError: Error, CustomStringConvertible {
    /// The reader of a pipe or socket has gone away.
    case readerLeft
    case failed(name: String, errno: Int32)
    /// The place of the files takes no more; the text says which and why.
    case unusable(String)

    var description: String {
        switch self {
        case .readerLeft: "the reader of the output has gone away"
        case .unusable(let reason): reason
        case .failed(let name, let errno): "cannot write to \(name): \(String(cString: strerror(errno)))"
        }
    }
}

/// Writes to a descriptor through a buffer. What it was told to be whole stays whole in a file, whatever happens to the disk.
final class DescriptorWriter: ByteSink {
    let descriptor: CInt
    private let name: String
    private var buffer: [UInt8] = []
    private static let capacity = 64 << 10

    /// Where our bytes begin in a regular file that is ours alone; nil for a pipe, a terminal, a file that others append to.
    private let start: off_t?
    /// It takes no more, or is closed.
    private(set) var isOver = false
    /// Nothing, or the end of a line, came last.
    private(set) var endsLine = true
    /// Bytes taken so far, and those of them that have reached the descriptor.
    private(set) var position = 0
    private var written = 0
    /// Where records end: the last two on the descriptor, and those behind them.
    private var recordEnds = [0]

    private(set) lazy var isTerminal = isatty(descriptor) == 1

    convenience init(_ target: OutputTarget) { self.init(target.descriptor, name: target.name) }

    init(_ descriptor: CInt, name: String) {
        self.descriptor = descriptor
        self.name = name
        start = Self.start(of: descriptor)
        buffer.reserveCapacity(Self.capacity)
    }

    private static func start(of descriptor: CInt) -> off_t? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, fcntl(descriptor, F_GETFL) & O_APPEND == 0 else {
            return nil
        }
        let offset = lseek(descriptor, 0, SEEK_CUR)
        return offset < 0 ? nil : offset
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        position += bytes.count
        if let last = bytes.last { endsLine = last == UInt8(ascii: "\n") }
        if buffer.count + bytes.count > Self.capacity { try writeBuffer() }
        if bytes.count >= Self.capacity {
            try writeThrough(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    var hasBuffered: Bool { !buffer.isEmpty }

    /// All that was written up to here is of use without what follows.
    func endRecord() {
        if recordEnds[recordEnds.count - 1] != position { recordEnds.append(position) }
    }

    /// Sends everything on. `trailer` is put behind it if that can be undone: in a file, so that it is whole at any time.
    func flush(trailer: [UInt8] = []) throws {
        try writeBuffer()
        if !trailer.isEmpty { try put(trailer) }
    }

    private func writeBuffer() throws {
        guard !buffer.isEmpty else { return }
        // Forgotten first: what could not be written once will not be tried again.
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        try bytes.withUnsafeBytes { try writeThrough($0) }
        if recordEnds.count > 2 { recordEnds = recordEnds.filter { $0 <= written }.suffix(2) + recordEnds.filter { $0 > written } }
    }

    /// Behind the end of what is written, without moving on.
    private func put(_ trailer: [UInt8]) throws {
        guard let start else { return }
        var done = 0
        while done < trailer.count {
            let count = trailer.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress! + done, $0.count - done, start + off_t(written + done))
            }
            if count < 0 && errno != EINTR {
                isOver = true
                throw OutputError.failed(name: name, errno: errno)
            }
            done += max(0, count)
        }
    }

    /// Flushes, and learns what a file system says only when a file is closed (close(2)): closing a copy is enough for that.
    func settle() throws {
        try flush()
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        if copy >= 0 && Glibc.close(copy) != 0 && errno != EINTR { throw OutputError.failed(name: name, errno: errno) }
    }

    /// Flushes and closes: some file systems say only now that there was no room (close(2)).
    func close() throws {
        try flush()
        guard descriptor > STDERR_FILENO else { return }
        isOver = true
        if Glibc.close(descriptor) != 0 && errno != EINTR { throw OutputError.failed(name: name, errno: errno) }
    }

    /// The run ends before its time, perhaps because this takes no more: what is whole is kept, and gets its trailer.
    func abandon(trailer: [UInt8] = []) {
        if !isOver, let end = recordEnds.last, end >= written {
            do {
                buffer.removeLast(position - end)
                position = end
                try write(trailer)
                return try flush()
            } catch {}
        }
        recover(trailer: trailer)
    }

    /// Takes half a record back from a file, so that all that is in it can be used.
    private func recover(trailer: [UInt8]) {
        buffer.removeAll()
        guard let start else { return }
        var status = stat()
        // Not if somebody else has written behind us.
        guard fstat(descriptor, &status) == 0, status.st_size <= start + off_t(max(written, position) + trailer.count) else { return }
        // Where not even the trailer has room, one record more has to go.
        for end in recordEnds.filter({ $0 <= written }).reversed() {
            guard ftruncate(descriptor, start + off_t(end)) == 0 else { return }
            written = end
            position = end
            lseek(descriptor, start + off_t(end), SEEK_SET)
            do { return try put(trailer) } catch { continue }
        }
    }

    private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = PendingWrites.during { Glibc.write(descriptor, rest.baseAddress, rest.count) }
            if count >= 0 {
                written += count
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno == EAGAIN {
                // Somebody else made it non-blocking; wait instead of spinning.
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = PendingWrites.during { poll(&waiting, 1, -1) }
            } else if errno != EINTR {
                isOver = true
                throw errno == EPIPE || errno == ECONNRESET ? OutputError.readerLeft : OutputError.failed(name: name, errno: errno)
            }
        }
    }
}

extension DescriptorWriter {
    /// A line of JSON with its end. On a terminal it is the same JSON without characters that control it.
    func write(jsonLine line: [UInt8]) throws {
        try isTerminal ? write(printable(String(decoding: line.dropLast(), as: UTF8.self)) + "\n") : write(line)
    }
}
