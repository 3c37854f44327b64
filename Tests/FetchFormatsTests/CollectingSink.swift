@testable import FetchFormats

/// Takes bytes and keeps them.
final class CollectingSink: ByteSink {
    var bytes: [UInt8] = []

    func write(_ piece: UnsafeRawBufferPointer) { bytes += piece }
}

extension Outlets {
    /// One stream and nothing else.
    init(_ sink: CollectingSink) { self.init(stream: sink, standardOutput: nil, standardError: sink, files: [], archive: nil) }
}
