// One record of a WARC file (https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/): named fields, and a
// block of bytes of which the length is known before the first is written.

import FetchKit

/// A record before it is written.
struct WARCRecord {
    let id: RecordID
    /// The fields so far, `WARC/1.1` included.
    private(set) var fields: [UInt8]
    /// The block: a head, and what may be as large as a body.
    var head: [UInt8] = []
    var payload = Payload.none
    /// Whether the payload is an HTTP body, of which the file tells the digest as well.
    var hasPayloadDigest = false
    /// What the index says about it; nil leaves it out of there.
    var entry: CDXEntry?

    init(_ type: StaticString, id: RecordID, date: String) {
        self.id = id
        fields = []
        fields.reserveCapacity(1024)
        fields += "WARC/1.1\r\n".utf8
        add("WARC-Type", "\(type)")
        add("WARC-Record-ID", id.text)
        add("WARC-Date", date)
    }

    /// Adds a field. Whatever the value is, it stays one line.
    mutating func add(_ name: StaticString, _ value: String) {
        name.withUTF8Buffer { fields.append(contentsOf: $0) }
        fields += ": ".utf8
        for byte in value.utf8 { fields.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte) }
        fields += "\r\n".utf8
    }

    mutating func add(_ name: StaticString, _ value: String?) {
        if let value { add(name, value) }
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
        let digits = Array("0123456789abcdef".utf8)
        var text = Array("<urn:uuid:".utf8)
        for place in 0..<32 {
            if [8, 12, 16, 20].contains(place) { text.append(UInt8(ascii: "-")) }
            let half = place < 16 ? version : variant
            text.append(digits[Int(half >> UInt64(60 - place % 16 * 4) & 15)])
        }
        text.append(UInt8(ascii: ">"))
        self.text = String(decoding: text, as: UTF8.self)
    }
}
