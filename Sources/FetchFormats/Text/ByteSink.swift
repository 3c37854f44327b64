// Where bytes go that somebody makes: a descriptor, or memory.

package import FetchKit

/// Takes the bytes that a format makes.
package protocol ByteSink: AnyObject {
    func write(_ bytes: UnsafeRawBufferPointer) throws
    func write(_ body: Body) throws
}

extension ByteSink {
    package func write(_ body: Body) throws {
        try body.forEachPiece { try write($0) }
    }

    package func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }
}
