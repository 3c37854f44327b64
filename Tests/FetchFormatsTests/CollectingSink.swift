@testable import FetchFormats

/// Takes bytes and keeps them.
final class CollectingSink: ByteSink {
    var bytes: [UInt8] = []

    func write(_ piece: UnsafeRawBufferPointer) { bytes += piece }
}
