// Everything a run can be told, in one value.

/// How a `Fetcher` works. The defaults are those of the command line tool.
public struct Configuration: Sendable {
    // MARK: How much at once

    /// Transfers at once, over all hosts.
    public var concurrency = 64
    /// Transfers at once for one origin (scheme, host and port).
    public var perHost = 8
    /// Event loops, each with a thread of its own. A host always goes to the same one.
    public var threads = 1
    /// Requests read ahead of the transfers, so that a list sorted by host keeps many hosts busy. Nil means
    /// `max(10_000, 20 * concurrency)`.
    public var lookAhead: Int?
    /// Outcomes that may be finished but wait for an earlier one, or for a streaming body, before no more input is read.
    public var orderBudget = 262_144

    // MARK: Manners

    /// Starts over all hosts, and for one origin, redirects and retries included.
    public var rate: Rate?
    public var perHostRate: Rate?
    /// Whether a host that says "too much" or refuses connections gets less at once, and pauses that it asks for.
    public var isAdaptive = true
    /// Which failures are tried again, and when.
    public var retry = RetryPolicy()
    /// How long a host that cannot be reached pauses at first, then twice as long each time, until it is given up: one that never
    /// answered after four probes, another one after `hostTimeout`. Nil never pauses and never gives up.
    public var breakerDelay: Duration? = .seconds(1)
    /// How long a host that has answered in this run may be away before it is given up; nil is for ever. Its requests wait meanwhile.
    public var hostTimeout: Duration? = .seconds(60)

    // MARK: The whole run

    /// After so long the run ends: what is in flight or waits is cancelled.
    public var deadline: Duration?
    /// The run ends when more have failed.
    public var mostFailures: MostFailures?
    /// Outcomes after which no more input is read.
    public var limit: Int?
    /// Fetches requests with the same method and URL once. Costs up to 32 bytes of memory for each different one.
    public var fetchesEqualOnce = false

    // MARK: Bodies

    /// What happens to the bodies.
    public var bodies = Bodies.keep
    /// Bytes of bodies held in memory, in flight or finished; what is over goes to a file without a name.
    public var bodyMemory = 16 << 20
    /// Where that file lives.
    public var spillDirectory = "/tmp"
    /// Whether a receiver takes bodies that outgrow `streamingThreshold` while they arrive, and in which order.
    public var streaming = Streaming.off
    /// The size in bytes from which a body may stream, and from which it is held on disk.
    public var streamingThreshold = 1 << 20
    /// The largest body in bytes, after content decoding; nil is no limit.
    public var maxFileSize: Int64?
    /// Offers gzip and decodes it.
    public var isCompressionOffered = true
    /// The most that a compressed body may grow, once there are more than 10 MB of it; nil is no limit.
    public var maxCompressionRatio: Int? = 100

    /// Whether a body that streams independently and breaks off is continued where it stopped (`If-Range`), when it is tried again.
    /// The receiver gets another `begin` then, with `Outcome.offset`.
    public var continuesBodies = false
    /// Whether every body is hashed (SHA-256).
    public var hashesBodies = false
    /// What is kept of each hop besides the usual.
    public var recording: Recording = []

    // MARK: Time

    /// For name lookup, connection and TLS handshake of one hop.
    public var connectTimeout: Duration = .seconds(10)
    /// For one request with all its hops, waits of the schedule left out; nil is no limit.
    public var maxTime: Duration?
    /// A transfer below `speedLimit` bytes per second for this long is given up, in whole seconds; zero is never.
    public var speedTime: Duration = .seconds(30)
    /// Bytes per second.
    public var speedLimit = 1

    // MARK: Names and addresses

    /// Lookups at once, each on a thread of its own.
    public var resolverThreads = 32
    public var addressFamily = AddressFamily.any
    /// Hosts whose addresses are known; the last match counts.
    public var resolve: [HostOverride] = []
    /// Hosts that are to be found at another host; the first match counts.
    public var connectTo: [Detour] = []
    /// Which addresses may be dialled.
    public var addressGuard = AddressGuard()
    /// The interface, its address or a host name, that connections come from (`CURLOPT_INTERFACE`).
    public var interface: String?
    /// All connections go to this Unix domain socket.
    public var unixSocket: String?

    // MARK: Proxy

    /// A proxy for all requests (`CURLOPT_PROXY`); nil is what the environment says, empty is none.
    public var proxy: String?
    /// Hosts that are asked directly (`CURLOPT_NOPROXY`); nil is what the environment says.
    public var noProxy: String?
    public var proxyCredentials: Credentials?

    // MARK: Cookies

    /// Nil sends and keeps no cookies.
    public var cookies: Cookies?

    // MARK: HTTP and TLS

    /// Redirects followed for one request; 0 makes a 3xx response final.
    public var maxRedirects = 20
    /// Whether redirects take everything along to other origins: credentials, header fields, the client certificate.
    public var trustsRedirects = false
    public var httpVersion = HTTPVersion.automatic
    public var userAgent = "fetch/\(fetchVersion)"
    /// Whether certificates are verified.
    public var isTLSVerified = true
    /// A PEM file of certificate authorities to trust in place of libcurl's default.
    public var caFile: String?
    /// A directory of such, as `openssl rehash` makes it. Makes each new connection dearer: see `TransferSetup`.
    public var caDirectory: String?
    /// A client certificate and its key, PEM; the key may be in the certificate's file.
    public var certificate: String?
    public var certificateKey: String?
    /// The password of an encrypted key (`CURLOPT_KEYPASSWD`).
    public var certificatePassword: String?
    /// `sha256//` and base64, or a file (`CURLOPT_PINNEDPUBLICKEY`).
    public var pinnedPublicKey: String?
    public var oldestTLS: TLSVersion?
    public var newestTLS: TLSVersion?
    /// Schemes that may be used, at every hop.
    public var schemes: Set<String> = ["http", "https"]
    /// Bytes per second for the bodies of the whole run; nil is no limit.
    public var downloadRate: Int?

    public init() {}

    public enum MostFailures: Sendable {
        case count(Int)
        /// Of the outcomes so far, once there are twenty.
        case percent(Double)
    }

    public enum Bodies: Sendable {
        /// Every body is part of its outcome.
        case keep
        /// Only bodies of outcomes that are `ok`.
        case keepSuccessful
        /// Bodies are received, decoded, proved and forgotten.
        case discard
    }

    public enum Streaming: Sendable {
        /// Every outcome is whole.
        case off
        /// The body that is next in input order may stream.
        case inInputOrder
        /// The first body that grows past the threshold may stream; while it does, no other outcome is written.
        case inCompletionOrder
        /// Every body that grows past the threshold streams at once, each for itself. A try that fails is repeated from the start:
        /// the receiver gets another `begin` with the same index.
        case independently
    }

    public enum TLSVersion: Int, Sendable, Comparable, CaseIterable {
        case v1_0
        case v1_1
        case v1_2
        case v1_3

        public static func < (a: TLSVersion, b: TLSVersion) -> Bool { a.rawValue < b.rawValue }
    }

    /// One jar for all requests of a run; the public suffix list is respected where libcurl has it.
    public struct Cookies: Sendable {
        /// Cookies to start with, lines of a file in Netscape's format or `Set-Cookie:` lines; what is neither is skipped.
        public var lines: [String] = []
        /// Gets the cookies at the end of the run, before `fetch` returns, as lines of a file in Netscape's format. Called on a
        /// thread of the run.
        public var receive: (@Sendable ([String]) -> Void)?

        public init(lines: [String] = [], receive: (@Sendable ([String]) -> Void)? = nil) {
            self.lines = lines
            self.receive = receive
        }
    }

    public enum HTTPVersion: Sendable {
        /// HTTP/2 over TLS where libcurl's can be trusted (8.4 or newer), else HTTP/1.1.
        case automatic
        case http1_1
        /// HTTP/2 over TLS, also on an older libcurl.
        case http2
        /// HTTP/3 where libcurl has it and the server answers, else what the server can.
        case http3
    }

    /// Whether requests may go through a proxy: one that is set, or one that the environment names.
    package var goesThroughProxy: Bool { ProxyRules(self).haveAny }

    var effectiveLookAhead: Int { lookAhead ?? max(10_000, 20 * concurrency) }
}

/// The version of this package.
public let fetchVersion = "0.1.0"
