// What the libcurl of this process is and can do. The library that runs may be newer than the headers we were built with,
// so features are asked for at run time (https://curl.se/libcurl/c/curl_version_info.html).

internal import CCurl
internal import Glibc

/// The libcurl that this process runs with.
public struct CurlLibrary: Sendable {
    /// Such as `7.88.1`.
    public let version: String
    /// The TLS library behind it, such as `OpenSSL/3.0.15`; nil without TLS.
    public let tls: String?
    /// Such as `HTTP2`, `IDN`, `zstd`; in libcurl's order.
    public let features: [String]
    /// The CA bundle that libcurl was built to use; nil when it has none.
    public let defaultCAFile: String?
    /// libcurl and the libraries behind it, as `curl --version` begins (`curl_version`).
    public let summary: String
    let number: UInt32
    /// Whether debug callbacks are told of the frames of HTTP/2.
    let tracesHTTP2: Bool
    /// Whether they are told how streams of HTTP/3 end; in words that depend on the library behind it.
    let tracesHTTP3: Bool

    /// Loads libcurl on first use. `curl_global_init` is thread-safe from 7.84 on, and a lazy global runs once anyway.
    public static let current = CurlLibrary()

    private init() {
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        let info = curl_version_info(CURLVERSION_TENTH).pointee
        version = info.version.map { String(cString: $0) } ?? "unknown"
        tls = info.ssl_version.map { String(cString: $0) }
        summary = String(cString: curl_version())
        number = info.version_num
        defaultCAFile = info.cainfo.map { String(cString: $0) }
        tracesHTTP2 = Self.trace("http/2")
        tracesHTTP3 = info.quic_version.map { String(cString: $0).hasPrefix("ngtcp2") } ?? false && Self.trace("http/3")
        features = Self.knownFeatures.compactMap { info.features & Int32($0.bit) != 0 ? $0.name : nil }
    }

    /// Only handles with CURLOPT_VERBOSE are traced (https://curl.se/libcurl/c/curl_global_trace.html). The function is newer than the
    /// oldest headers that we build with.
    private static func trace(_ component: String) -> Bool {
        guard let symbol = dlsym(nil, "curl_global_trace") else { return false }
        typealias Trace = @convention(c) (UnsafePointer<CChar>) -> CURLcode
        return unsafeBitCast(symbol, to: Trace.self)(component) == CURLE_OK
    }

    /// What a multi handle takes of descriptors and cannot do without.
    package var descriptorsOfMulti: Int { number >= 0x080000 ? 2 : 0 }

    /// Whether HTTP/2 results can be believed: before 8.4 a body that was cut short over HTTP/2 may be reported whole, and
    /// parallel streams break in several ways (fixed from 8.0.0 to 8.4.0: curl #10693, #10646, #10988, #11052).
    public var hasSoundHTTP2: Bool { features.contains("HTTP2") && number >= 0x080400 }

    /// Whether it has a feature, by its name in `features`.
    public func has(_ feature: String) -> Bool { features.contains(feature) }

    private static let knownFeatures: [(name: String, bit: Int)] = [
        ("AsynchDNS", Int(CURL_VERSION_ASYNCHDNS)), ("brotli", Int(CURL_VERSION_BROTLI)),
        ("HTTP2", Int(CURL_VERSION_HTTP2)), ("HTTP3", Int(CURL_VERSION_HTTP3)),
        ("HTTPS-proxy", Int(CURL_VERSION_HTTPS_PROXY)), ("IDN", Int(CURL_VERSION_IDN)),
        ("IPv6", Int(CURL_VERSION_IPV6)), ("libz", Int(CURL_VERSION_LIBZ)), ("PSL", Int(CURL_VERSION_PSL)),
        ("SSL", Int(CURL_VERSION_SSL)), ("threadsafe", Int(CURL_VERSION_THREADSAFE)),
        ("UnixSockets", Int(CURL_VERSION_UNIX_SOCKETS)), ("zstd", Int(CURL_VERSION_ZSTD)),
    ]
}
