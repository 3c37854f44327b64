// The content of a request. What is in memory stays there; files are read while they are sent, as often as they have to be.

internal import CCurl
internal import Glibc

/// What is sent as the content of a request: bytes in memory, files, or pieces of both.
///
/// A file is not read before its request is sent, and then piece by piece; a retry, a redirect that keeps the content (status 307 and
/// 308) and a challenge send it again from its beginning. Its length is that of the moment when the body was made. If it has another
/// one when the request starts or while it is sent, or cannot be read, the request fails as `FetchError.Kind.localResource`.
public struct RequestBody: Sendable, Hashable, ExpressibleByArrayLiteral {
    let storage: Storage

    enum Storage: Sendable, Hashable {
        case bytes([UInt8])
        /// With a file among them.
        case pieces([Piece])
    }

    enum Piece: Sendable, Hashable {
        case bytes([UInt8])
        case file(File)

        /// In bytes.
        var count: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .file(let file): file.count
            }
        }
    }

    /// A regular file with what was known of it.
    struct File: Sendable, Hashable {
        let path: String
        /// In bytes.
        let count: Int64
        /// Tells versions of a file apart: device, inode and time of the last change in nanoseconds.
        private let identity: [Int64]

        fileprivate init(path: String, status: stat) {
            self.path = path
            count = Int64(status.st_size)
            identity = [
                Int64(truncatingIfNeeded: status.st_dev), Int64(truncatingIfNeeded: status.st_ino),
                Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec),
            ]
        }
    }

    /// A file that cannot be sent.
    public struct UnusableFile: Error, Sendable, CustomStringConvertible {
        /// As it was given.
        public let path: String
        /// Such as "No such file or directory".
        public let reason: String
        /// The error of the system call that failed (errno(3)); 0 when none did.
        public let errno: Int32

        init(_ path: String, _ reason: String) { (self.path, self.reason, errno) = (path, reason, 0) }

        init(_ path: String, errno: CInt) { (self.path, reason, self.errno) = (path, String(cString: strerror(errno)), errno) }

        public var description: String { "cannot read \(path): \(reason)" }
    }

    /// Bytes in memory.
    public static func bytes(_ bytes: [UInt8]) -> RequestBody { RequestBody(storage: .bytes(bytes)) }

    /// A regular file, from its first byte to its last.
    ///
    /// - Throws: `UnusableFile` if there is none at that path that may be read. A directory, a pipe or a device has no length.
    public static func file(_ path: String) throws(UnusableFile) -> RequestBody {
        let (descriptor, status) = try open(path)
        close(descriptor)
        return RequestBody(storage: .pieces([.file(File(path: path, status: status))]))
    }

    /// One after the other.
    public static func joined(_ bodies: [RequestBody]) -> RequestBody {
        let pieces = bodies.flatMap(\.pieces)
        let bytes = pieces.compactMap { if case .bytes(let bytes) = $0 { bytes } else { nil } }
        return RequestBody(storage: bytes.count == pieces.count ? .bytes(Array(bytes.joined())) : .pieces(pieces))
    }

    private var pieces: [Piece] {
        switch storage {
        case .bytes(let bytes): [.bytes(bytes)]
        case .pieces(let pieces): pieces
        }
    }

    public init(arrayLiteral bytes: UInt8...) { storage = .bytes(bytes) }

    private init(storage: Storage) { self.storage = storage }

    /// The path of the file that it is; nil where it is anything else.
    package var path: String? {
        guard case .pieces(let pieces) = storage, pieces.count == 1, case .file(let file) = pieces[0] else { return nil }
        return file.path
    }

    /// In bytes.
    public var count: Int64 { pieces.reduce(0) { $0 + $1.count } }

    /// All of it, read into memory.
    ///
    /// - Throws: `UnusableFile` if a file cannot be read, or has another length by now.
    public func contents() throws(UnusableFile) -> [UInt8] {
        switch storage {
        case .bytes(let bytes): return bytes
        case .pieces(let pieces):
            let reader = try RequestBodyReader(pieces)
            var bytes = [UInt8](repeating: 0, count: Int(count))
            let reading = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(UnusableFile) in
                    var count = 0
                    while count < buffer.count {
                        count += try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
                    }
                }
            }
            try reading.get()
            return bytes
        }
    }

    /// Opens a regular file. What is not regular is not opened, unless it takes the file's place just then; nor is it waited for.
    fileprivate static func open(_ path: String) throws(UnusableFile) -> (descriptor: CInt, status: stat) {
        var status = Glibc.stat()
        guard stat(path, &status) == 0 else { throw UnusableFile(path, errno: Glibc.errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw UnusableFile(path, "not a regular file") }
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw UnusableFile(path, errno: Glibc.errno) }
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw UnusableFile(path, "not a regular file")
        }
        return (descriptor, status)
    }
}

/// Reads what is to be sent. One file is open at a time, and none after the end of the reader.
final class RequestBodyReader {
    private let pieces: [RequestBody.Piece]
    private let count: Int64
    private var offset: Int64 = 0
    /// The piece at hand, and where it begins.
    private var index = 0
    private var start: Int64 = 0
    private var file: OpenFile?

    /// Throws for a file that cannot be read or has another length by now.
    init(_ pieces: [RequestBody.Piece]) throws(RequestBody.UnusableFile) {
        self.pieces = pieces
        count = pieces.reduce(0) { $0 + $1.count }
        for piece in pieces {
            if case .file(let file) = piece { _ = try OpenFile(file) }
        }
    }

    /// The next bytes, at most as many as fit; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(RequestBody.UnusableFile) -> Int {
        while index < pieces.count, offset - start == pieces[index].count { advance() }
        guard index < pieces.count, !buffer.isEmpty else { return 0 }
        let read: Int
        switch pieces[index] {
        case .bytes(let bytes):
            let rest = bytes[Int(offset - start)...].prefix(buffer.count)
            buffer.copyBytes(from: rest)
            read = rest.count
        case .file(let file):
            if self.file == nil { self.file = try OpenFile(file) }
            read = try self.file!.read(into: buffer, at: offset - start)
        }
        offset += Int64(read)
        return read
    }

    /// What is read next is the byte at `offset`; false where there is none.
    func seek(to offset: Int64) -> Bool {
        guard (0...count).contains(offset) else { return false }
        (index, start, file) = (0, 0, nil)
        self.offset = offset
        while index < pieces.count, offset - start > pieces[index].count { advance() }
        return true
    }

    private func advance() {
        start += pieces[index].count
        index += 1
        file = nil
    }
}

/// A file to send with its descriptor.
private final class OpenFile {
    private let file: RequestBody.File
    private let descriptor: CInt

    init(_ file: RequestBody.File) throws(RequestBody.UnusableFile) {
        let (descriptor, status) = try RequestBody.open(file.path)
        self.file = file
        self.descriptor = descriptor
        try check(status)
    }

    deinit { close(descriptor) }

    /// The bytes at `offset`, at least one.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(RequestBody.UnusableFile) -> Int {
        let wanted = min(Int64(buffer.count), file.count - offset)
        while true {
            let count = pread(descriptor, buffer.baseAddress, Int(wanted), off_t(offset))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw RequestBody.UnusableFile(file.path, errno: errno) }
            // Fewer bytes than there were, or more behind the last one.
            if count == 0 || offset + Int64(count) == file.count {
                var status = stat()
                guard fstat(descriptor, &status) == 0 else { throw RequestBody.UnusableFile(file.path, errno: errno) }
                try check(status)
                // It was short for a moment only; what comes now is another file.
                if count == 0 { throw lengthChanged }
            }
            return count
        }
    }

    private func check(_ status: stat) throws(RequestBody.UnusableFile) {
        if Int64(status.st_size) != file.count { throw lengthChanged }
    }

    private var lengthChanged: RequestBody.UnusableFile {
        RequestBody.UnusableFile(file.path, "its length has changed; it was \(file.count) bytes")
    }
}
