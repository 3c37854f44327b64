// What the user named as sources of URLs, opened and checked before the first request.

import FetchFormats
import FetchKit
import Glibc

/// One source of URLs.
enum Input {
    case arguments([String])
    case file(name: String, descriptor: CInt)

    /// Opens what the command line names; `-` is standard input. Throws `UnreadableFile`.
    static func open(urls: [String], lists: [String]) throws -> [Input] {
        var inputs: [Input] = []
        for url in urls {
            if url == "-" {
                inputs.append(.file(name: "-", descriptor: STDIN_FILENO))
            } else if case .arguments(let earlier) = inputs.last {
                inputs[inputs.count - 1] = .arguments(earlier + [url])
            } else {
                inputs.append(.arguments([url]))
            }
        }
        for list in lists { inputs.append(.file(name: list, descriptor: try descriptor(of: list))) }
        return inputs
    }

    /// Bytes that are read at once, and by the first of which a list is judged.
    static let blockSize = 64 << 10

    /// Why one of the inputs is no list of URLs, as far as that can be seen without taking anything from them: in regular files. So nothing
    /// is fetched of the lists before it, and no output is touched.
    static func objection(_ inputs: [Input], template: RequestTemplate) -> String? {
        for case .file(let name, let descriptor) in inputs {
            let position = lseek(descriptor, 0, SEEK_CUR)
            var block = [UInt8](repeating: 0, count: blockSize)
            let count = position < 0 ? 0 : block.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, position) }
            guard count > 0 else { continue }
            if let objection = objection(to: block[..<count], RequestLine(template: template, file: name)) { return objection }
        }
        return nil
    }

    /// Why a list that begins with that block is none.
    static func objection(to block: ArraySlice<UInt8>, _ lines: RequestLine) -> String? {
        ListCheck.objection(block, lines).map { "\(Request.Source(file: lines.file, line: 0).fileName): \($0)" }
    }

    /// Whether somebody writes to standard input, a pipe, and waits for a reader. Takes nothing from it.
    static var hasUnreadBytes: Bool {
        var status = stat()
        guard fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return false }
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&input, 1, 0) == 1 && input.revents & Int16(POLLIN) != 0
    }

    private static func descriptor(of list: String) throws -> CInt {
        if list == "-" { return STDIN_FILENO }
        let descriptor = Glibc.open(list, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw UnreadableFile("cannot read \(list): \(String(cString: strerror(errno)))") }
        var status = stat()
        fstat(descriptor, &status)
        if status.st_mode & S_IFMT == S_IFDIR { throw UnreadableFile("cannot read \(list): it is a directory") }
        return descriptor
    }
}
