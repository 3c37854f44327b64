// What goes into the state machine of a transfer and what comes out of it: values only.

/// What the request asked for, and what is to be done with its response.
package struct TransferRules {
    /// Responses to HEAD have no content.
    package var isHead = false
    /// Whether a redirect with a target is followed, so that its body is of no interest.
    package var followsRedirects = false
    /// Whether gzip was offered by us; a content coding that the user asked for is kept as it is.
    package var offersGzip = true
    package var asksForRange = false
    /// The part of the body that is there already.
    package var resumption: Request.Resumption?
    /// Whether the decoded body is hashed (SHA-256).
    package var isHashed = false
    /// Whether bodies are kept as they came, chunks and content codings included. They are decoded and proved all the same.
    package var recordsWire = false
    package var kept = Configuration.Bodies.Kept.all
    /// In bytes, after decoding.
    package var maxSize: Int64?
    /// The most that a compressed body may grow, once there are more than 10 MB of it.
    package var maxCompressionRatio: Int?

    package init() {}
}

/// Where the bytes of a body go.
package protocol BodySink: ~Copyable {
    /// Takes all the bytes, full or not.
    mutating func append(_ bytes: UnsafeRawBufferPointer)
    /// Whether the source should wait.
    var isFull: Bool { get }
}

extension BodyCollector: BodySink {}

extension TransferState {
    /// What to do with what came.
    package enum Answer: Equatable {
        /// It is taken; more may come.
        case take
        /// None of it is taken: the same bytes must come again once there is room.
        case pause
        /// Nothing more of this response is of use.
        case abort
    }

    /// How the exchange ended, as far as the layer below can tell.
    package enum End {
        /// The response is over. Where it came as a stream of HTTP/2, `stream` says how that ended; nil is unknown.
        case success(stream: StreamEnd?)
        case failure(FetchError)
        case cancelled
    }

    /// How a stream of HTTP/2 ended.
    package enum StreamEnd {
        /// By END_STREAM: the body is whole (RFC 9113 section 8.1).
        case end
        /// By RST_STREAM, whatever its error code.
        case reset
    }

    /// What became of the exchange.
    package struct Verdict: Equatable {
        /// Nil when there is a final response and its body is whole, as far as HTTP can tell.
        package var error: FetchError?
        /// Nothing but the end of the connection tells where the body ends (RFC 9112 section 6.3, rule 8).
        package var isLengthUnproved = false
        /// A gzip body that ends early: perhaps it is whole without compression.
        package var isCutGzip = false
        /// Where a redirect that is followed leads, as the server wrote it.
        package var location: [UInt8]?
        package var contentRange: ContentRange?
        /// SHA-256 of the decoded body, where it was asked for.
        package var hash: [UInt8]?
        /// Body bytes as they came.
        package var receivedBytes: Int64
        /// Body bytes after decoding.
        package var deliveredBytes: Int64
    }
}

/// How far a transfer has come.
package enum TransferProgress: Comparable {
    /// Before the connection (TLS included) was ready.
    case start
    /// The request was on its way, nothing of a head had come.
    case request
    /// The first line of a response head was here, and not its end.
    case partOfHead
    /// A complete response head was here.
    case head
}
