// One record of a WARC file (https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/): named fields, and a
// block of bytes of which the length is known before the first is written.

import FetchKit

/// A record before it is written.
final class WARCRecord {
    let id: RecordID
    /// The fields so far, `WARC/1.1` included.
    private(set) var fields = WARCFields()
    /// The block: a head, and what may be as large as a body.
    var head: [UInt8] = []
    var payload = Payload.none
    /// Whether the payload is an HTTP body, of which the file tells the digest as well.
    var hasPayloadDigest = false
    /// What the index says about it; nil leaves it out of there.
    var entry: CDXEntry?

    init(_ type: StaticString, id: RecordID, date: String) {
        self.id = id
        fields.text.append("WARC/1.1\r\n")
        add("WARC-Type", "\(type)")
        add("WARC-Record-ID", id.text)
        add("WARC-Date", date)
    }

    func add(_ name: StaticString, _ value: String?) {
        if let value { fields.add(name, value) }
    }
}

/// Named fields, one a line (`application/warc-fields`).
struct WARCFields: ~Copyable {
    var text = ByteBuffer(capacity: 1024)

    /// Adds a field. Whatever the value is, it stays one line.
    mutating func add(_ name: StaticString, _ value: String) {
        text.append(name)
        text.append(": ")
        let start = text.count
        text.append(value)
        text.replace(from: start, with: UInt8(ascii: " ")) { $0 < 0x20 || $0 == 0x7F }
        text.append("\r\n")
    }
}

/// What lies behind the head of a block.
enum Payload {
    case none
    case bytes(ArraySlice<UInt8>)
    case body(Body)

    var count: Int {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .body(let body): body.count
        }
    }

    func forEachPiece(_ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch self {
        case .none: break
        case .bytes(let bytes): try bytes.withUnsafeBytes(receive)
        case .body(let body): try body.forEachPiece(receive)
        }
    }
}

/// The name of a record in all the world: a random UUID (RFC 9562 section 5.4).
struct RecordID {
    let text: String

    init(_ random: () -> UInt64) {
        let version = random() & ~0xF000 | 0x4000
        let variant = random() & ~(3 << 62) | 1 << 63
        let digits: StaticString = "0123456789abcdef"
        var text = ByteBuffer(capacity: 48)
        text.append("<urn:uuid:")
        for place in 0..<32 {
            if place == 8 || place == 12 || place == 16 || place == 20 { text.append(UInt8(ascii: "-")) }
            let half = place < 16 ? version : variant
            text.append(digits.utf8Start[Int(half >> UInt64(60 - place % 16 * 4) & 15)])
        }
        text.append(UInt8(ascii: ">"))
        self.text = text.string
    }
}
