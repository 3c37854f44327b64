// --failed: the lines that failed, as a list to fetch again. Each is as it was read, below a comment that says why.

import FetchFormats
import FetchKit

/// The list of what has failed.
final class FailedLines {
    private let writer: DescriptorWriter

    init(_ writer: DescriptorWriter) { self.writer = writer }

    /// Adds the line of an outcome that failed.
    func write(_ outcome: Outcome) throws {
        guard let error = outcome.error else { return }
        let place = outcome.source.map { "\($0.fileName):\($0.line): " } ?? ""
        try writer.write("# \(printable("\(place)\(error.kind.rawValue): \(error.message)"))\n")
        if let line = outcome.original {
            // What is no request now will be none later.
            if error.kind == .input { try writer.write("#") }
            // An argument may have line ends in it.
            try writer.write(line.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 } + [UInt8(ascii: "\n")])
        }
        writer.endRecord()
    }

    func flush() throws { try writer.flush() }

    func finish(isInputRead: Bool) throws {
        if !isInputRead { try writer.write("# the input was not read to its end: what was not read is not here\n") }
        try writer.close()
    }

    func abandon() { if !writer.isOver { writer.abandon() } }
}
