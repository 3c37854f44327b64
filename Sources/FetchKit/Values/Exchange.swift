// What only some want to know of a hop: the messages as they were on the wire, and the connection they took. Kept apart, because
// it costs, and most runs do without.

/// The two messages of a hop and their connection, as far as `Configuration.recording` asks for them.
public final class Exchange: Sendable {
    /// The request's first line and header lines as they were sent; empty when nothing was.
    public let requestHead: [UInt8]
    /// What was sent as content; a file is read once more for it, and nil when that has become impossible.
    public let requestBody: [UInt8]?
    /// The response's body before chunks and content codings are undone, as far as it came.
    public let wireBody: Body
    /// The address of this end, without brackets.
    public let localAddress: String?
    /// The port of this end.
    public let localPort: Int?
    /// The same for all exchanges over one connection (`CURLINFO_CONN_ID`, libcurl 8.2); nil with an older libcurl.
    public let connectionID: Int?
    /// The request was sent, counted from the transfer's start (`CURLINFO_POSTTRANSFER_TIME_T`, libcurl 8.10); nil with an older one.
    public let postTransfer: Duration?
    /// OpenSSL's result of the verification; 0 is good (`CURLINFO_SSL_VERIFYRESULT`).
    public let verifyResult: Int
    /// The same for the certificate of a proxy (`CURLINFO_PROXY_SSL_VERIFYRESULT`).
    public let proxyVerifyResult: Int
    /// The status of a proxy's answer to CONNECT; 0 without (`CURLINFO_HTTP_CONNECTCODE`).
    public let connectCode: Int
    /// Whether a proxy was between (`CURLINFO_USED_PROXY`, libcurl 8.7); nil with an older one.
    public let usedProxy: Bool?
    /// Bytes per second (`CURLINFO_SPEED_UPLOAD_T`).
    public let uploadSpeed: Int64
    /// The server's chain, the leaf first, each as libcurl's lines "name:value" (`CURLINFO_CERTINFO`). Empty unless it is recorded,
    /// and where the connection was there already.
    public let certificates: [[String]]

    init(
        requestHead: [UInt8], requestBody: [UInt8]?, wireBody: Body, localAddress: String?, localPort: Int?, connectionID: Int?,
        postTransfer: Duration?, verifyResult: Int, proxyVerifyResult: Int, connectCode: Int, usedProxy: Bool?, uploadSpeed: Int64,
        certificates: [[String]]
    ) {
        self.requestHead = requestHead
        self.requestBody = requestBody
        self.wireBody = wireBody
        self.localAddress = localAddress
        self.localPort = localPort
        self.connectionID = connectionID
        self.postTransfer = postTransfer
        self.verifyResult = verifyResult
        self.proxyVerifyResult = proxyVerifyResult
        self.connectCode = connectCode
        self.usedProxy = usedProxy
        self.uploadSpeed = uploadSpeed
        self.certificates = certificates
    }
}

/// What is recorded of each hop besides the usual.
public struct Recording: OptionSet, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Facts about the connection.
    public static let connection = Recording(rawValue: 1)
    /// Request heads and contents as they were sent.
    public static let requests = Recording(rawValue: 2)
    /// Bodies as they came, chunks and content codings included, those of redirects too. They are proved as ever, but outcomes have
    /// no decoded body.
    public static let wire = Recording(rawValue: 4)
    /// The certificates of servers.
    public static let certificates = Recording(rawValue: 8)
}
