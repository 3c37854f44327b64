// The index of WARC files: CDXJ, as pywb and Common Crawl have it (https://pywb.readthedocs.io, "CDXJ format"). One line for each
// response, sorted, so that a replay tool finds a URL by bisection.

import FetchKit
import Glibc

/// The index file: collected while the run goes on, written at its end.
final class CDXIndex {
    private let path: String
    private let target: OutputTarget
    private let lines: SortedLines
    private var isFinished = false

    /// Takes away an index that is there: what it says is no longer true. `target` is the file that gets its name in the end, so that
    /// whoever finds the index finds all of it.
    init(_ target: OutputTarget, path: String, temporaryDirectory: String) {
        self.path = path
        self.target = target
        lines = SortedLines(temporaryDirectory: temporaryDirectory)
        unlink(path)
    }

    deinit { if !isFinished { unlink(target.name) } }

    func add(_ line: [UInt8]) throws { try lines.add(line) }

    func finish() throws {
        let writer = DescriptorWriter(target)
        try lines.forEachLine { try writer.write($0) }
        try writer.settle()
        // Before it is closed, and with that unlocked.
        guard rename(target.name, path) == 0 else { throw OutputError.failed(name: path, errno: errno) }
        isFinished = true
        try writer.close()
    }
}
