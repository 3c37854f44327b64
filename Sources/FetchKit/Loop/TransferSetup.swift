// The libcurl options that are the same for all transfers of a run. Set once per easy handle: a handle that is used again
// costs only its URL.

internal import CCurl
internal import Glibc

/// How every easy handle of a run is set up.
struct TransferSetup {
    let configuration: Configuration
    private let isHTTP2: Bool
    private let isHTTP3: Bool
    /// Whether transfers share connections. Not where some will be cut short: a server goes on sending what is on its way - up to
    /// 10 MB for each stream with libcurl 8, 32 MB with 7.88 - and only closing the connection stops it at once. Nor with an old
    /// libcurl, where parallel streams break.
    let isMultiplexed: Bool
    /// In milliseconds.
    let connectTimeout: Int
    /// How long QUIC may take before TCP is tried beside it, in milliseconds. libcurl waits half of that if nothing at all has come
    /// over UDP, and not at all once QUIC has failed. Shorter than libcurl's own where the connect timeout would leave TCP no time
    /// (https://curl.se/libcurl/c/CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS.html).
    let timeBeforeFallback: Int
    /// Nil when everything may be dialled.
    let addressGuard: AddressGuard?
    private let proxies: ProxyRules
    private let withoutHTTP3 = OriginsWithoutHTTP3()
    /// nil keeps libcurl's own.
    private let caFile: String?

    init(_ configuration: Configuration) {
        self.configuration = configuration
        connectTimeout = configuration.timeouts.connect.curlMilliseconds
        isHTTP2 =
            switch configuration.http.version {
            case .http1_1: false
            case .http2: CurlLibrary.current.has("HTTP2")
            case .automatic, .http3: CurlLibrary.current.hasSoundHTTP2
            }
        // QUIC needs TLS 1.3 (RFC 9001 section 4.2) and UDP, which a Unix socket is not.
        isHTTP3 =
            configuration.http.version == .http3 && CurlLibrary.current.has("HTTP3") && configuration.addresses.unixSocket == nil
            && configuration.tls.maximumVersion ?? .v1_3 >= .v1_3
        timeBeforeFallback = min(200, max(1, connectTimeout / 3))
        isMultiplexed = (isHTTP3 || isHTTP2 && CurlLibrary.current.hasSoundHTTP2) && configuration.bodies.maxSize == nil
        proxies = ProxyRules(configuration)
        addressGuard = configuration.addressGuard.isActive ? configuration.addressGuard : nil
        caFile = configuration.tls.caFile ?? CurlLibrary.current.defaultCAFile.flatMap { access($0, R_OK) == 0 ? $0 : nil }
    }

    /// What is offered to an origin. HTTP/2 and HTTP/3 are for TLS alone, and QUIC goes through no HTTP or SOCKS proxy of libcurl's.
    func version(for origin: Origin, isProxied: Bool, avoidsHTTP2: Bool) -> OfferedVersion {
        if avoidsHTTP2 { return .http1_1 }
        return isHTTP3 && origin.isSecure && !isProxied && !withoutHTTP3.contains(origin, at: .now) ? .http3 : isHTTP2 ? .http2 : .http1_1
    }

    /// A new connection to an origin to which HTTP/3 was offered speaks that version.
    func noteVersion(_ version: String, of origin: Origin) {
        if version != "3" { withoutHTTP3.insert(origin, at: .now) }
    }

    /// The header fields of one request: the user's, and ours as far as the user has not spoken about them. libcurl's own
    /// options for these two print each of them twice, byte by byte.
    func headers(_ fields: [HeaderField], hasBody: Bool, refusingCompression: Bool) -> [HeaderField] {
        var headers = fields
        if hasBody {
            // libcurl would call any body a form, and wait a second for a server that does not know "Expect".
            for name in ["Content-Type", "Expect"] where !fields.contains(where: { $0.isNamed(name.lowercased()) }) {
                headers.append(HeaderField(name, nil))
            }
        }
        if !fields.contains(where: { $0.isNamed("user-agent") }) {
            headers.append(HeaderField("User-Agent", configuration.http.userAgent.isEmpty ? nil : configuration.http.userAgent))
        }
        if offersGzip(fields) { headers.append(HeaderField("Accept-Encoding", refusingCompression ? "identity" : "gzip")) }
        return headers
    }

    /// Whoever sends `Accept-Encoding` of their own gets the bytes as they come.
    func offersGzip(_ fields: [HeaderField]) -> Bool {
        configuration.bodies.isCompressionOffered && !fields.contains { $0.isNamed("accept-encoding") }
    }

    /// Whether libcurl is to tell what it sends.
    var recordsRequests: Bool { !configuration.recording.isDisjoint(with: [.requests, .wire]) }

    var hasCookies: Bool { configuration.cookies != nil }

    /// The proxy for an origin, which then looks names up itself; nil is the direct way.
    func proxy(for origin: Origin) -> String? { proxies.proxy(for: origin) }

    /// Why nothing may be asked for through a proxy; nil when it may.
    var refusalOfProxied: String? {
        guard let addressGuard, !addressGuard.allowsProxiedRequests else { return nil }
        return "the request goes through a proxy, and the addresses that it connects to cannot be judged"
    }

    /// The host to look up for an origin that is asked directly; nil when libcurl needs no address.
    func target(of origin: Origin) -> Target? {
        if configuration.addresses.unixSocket != nil { return nil }
        if !configuration.addresses.detours.isEmpty {
            let (host, port) = (origin.host, origin.port)
            if let detour = configuration.addresses.detours.first(where: { $0.matches(host, port) }) {
                let name = detour.toHost.isEmpty ? host : detour.toHost
                return Target(host: IPAddress(name)?.text ?? name, port: detour.toPort, lookUpPort: detour.toPort ?? port)
            }
        }
        return origin.needsLookUp ? Target(host: origin.host, port: nil, lookUpPort: origin.port) : nil
    }

    func apply(to easy: borrowing EasyHandle, engine: CurlEngine) {
        applyTLS(to: easy)
        applyRoute(to: easy)
        engine.jar?.use(in: easy)
        // Only what we fetch, at every hop; redirects are ours (https://curl.se/libcurl/c/libcurl-security.html).
        easy.set(CURLOPT_PROTOCOLS_STR, configuration.http.schemes.sorted().joined(separator: ","))
        easy.set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_FOLLOWLOCATION, 0)
        easy.set(CURLOPT_UNRESTRICTED_AUTH, 0)
        easy.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        easy.set(CURLOPT_HTTP09_ALLOWED, 0)
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Threads and signals do not mix, and a lookup that hangs must not stop the loop.
        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_QUICK_EXIT, 1)

        easy.set(CURLOPT_HTTP_VERSION, OfferedVersion.http1_1.curlValue)
        if isHTTP3 { easy.set(CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, timeBeforeFallback) }
        easy.set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        if configuration.recording.contains(.wire) { easy.set(CURLOPT_HTTP_TRANSFER_DECODING, 0) }
        // A larger buffer saves calls for large bodies, but each transfer in flight has one.
        easy.set(CURLOPT_BUFFERSIZE, configuration.limits.concurrency <= 128 ? 64 << 10 : 16 << 10)

        easy.set(CURLOPT_MAXLIFETIME_CONN, 300)

        let context = Unmanaged.passUnretained(engine).toOpaque()
        easy.set(
            CURLOPT_CLOSESOCKETFUNCTION,
            callback: { context, descriptor in
                CurlEngine.from(context).socketClosed(descriptor)
                return close(descriptor)
            } as curl_closesocket_callback)
        easy.set(CURLOPT_CLOSESOCKETDATA, pointer: context)
    }

    private func applyTLS(to easy: borrowing EasyHandle) {
        easy.set(CURLOPT_SSL_VERIFYPEER, configuration.tls.verifiesCertificates ? 1 : 0)
        easy.set(CURLOPT_SSL_VERIFYHOST, configuration.tls.verifiesCertificates ? 2 : 0)
        if configuration.recording.contains(.certificates) { easy.set(CURLOPT_CERTINFO, 1) }
        if let caFile {
            easy.set(CURLOPT_CAINFO, caFile)
            // libcurl caches the parsed bundle (CURLOPT_CA_CACHE_TIMEOUT), but not while a directory is set, and Debian's
            // sets one: 30 ms of CPU for each new connection.
            easy.set(CURLOPT_CAPATH, nil)
        }
        if let directory = configuration.tls.caDirectory { easy.set(CURLOPT_CAPATH, directory) }
        if let key = configuration.tls.pinnedPublicKey { easy.set(CURLOPT_PINNEDPUBLICKEY, key) }
        if configuration.tls.minimumVersion != nil || configuration.tls.maximumVersion != nil {
            let number = { (version: Configuration.TLS.Version) in Int(CURL_SSLVERSION_TLSv1_0) + version.rawValue }
            let oldest = configuration.tls.minimumVersion.map(number) ?? Int(CURL_SSLVERSION_DEFAULT)
            let newest = configuration.tls.maximumVersion.map { number($0) << 16 } ?? 0
            easy.set(CURLOPT_SSLVERSION, oldest | newest)
        }
    }

    /// Whether the client certificate is shown to who asks for it.
    func present(_ isPresented: Bool, to easy: borrowing EasyHandle) {
        guard let certificate = configuration.tls.certificate else { return }
        easy.set(CURLOPT_SSLCERT, isPresented ? certificate : nil)
        easy.set(CURLOPT_SSLKEY, isPresented ? configuration.tls.certificateKey ?? certificate : nil)
        // Never nil: OpenSSL would ask for the password at the terminal, and the loop would wait.
        easy.set(CURLOPT_KEYPASSWD, configuration.tls.certificatePassword ?? "")
    }

    /// How connections are made: from an interface, to a socket; by which proxy is decided for each request.
    private func applyRoute(to easy: borrowing EasyHandle) {
        // libcurl looks for a proxy and its exceptions in a dozen variables at each transfer; a run looks once.
        easy.set(CURLOPT_PROXY, "")
        easy.set(CURLOPT_NOPROXY, "")
        if let credentials = configuration.proxy.credentials {
            easy.set(CURLOPT_PROXYUSERNAME, credentials.user)
            easy.set(CURLOPT_PROXYPASSWORD, credentials.password)
            easy.set(CURLOPT_PROXYAUTH, CURLAUTH_BASIC_NUMBER | CURLAUTH_DIGEST_NUMBER)
        }
        // Addresses come from our own resolver, and libcurl walks all of its cache at each transfer's end.
        easy.set(CURLOPT_DNS_CACHE_TIMEOUT, 0)
        easy.set(CURLOPT_IPRESOLVE, configuration.addresses.family.curlValue)
        if let interface = configuration.addresses.interface { easy.set(CURLOPT_INTERFACE, interface) }
        if let path = configuration.addresses.unixSocket { easy.set(CURLOPT_UNIX_SOCKET_PATH, path) }
    }
}

/// The highest version of HTTP that libcurl offers; the server may choose a lower one.
enum OfferedVersion {
    case http1_1
    case http2
    case http3

    var curlValue: Int {
        switch self {
        case .http1_1: Int(CURL_HTTP_VERSION_1_1)
        case .http2: Int(CURL_HTTP_VERSION_2TLS)
        // Not 3ONLY: TCP is tried when QUIC does not come about (https://curl.se/libcurl/c/CURLOPT_HTTP_VERSION.html).
        case .http3: Int(CURL_HTTP_VERSION_3)
        }
    }
}

// Macros with casts, which Swift does not import (curl/curl.h).
let CURLAUTH_BASIC_NUMBER = 1 << 0
let CURLAUTH_DIGEST_NUMBER = 1 << 1

extension AddressFamily {
    var curlValue: Int {
        switch self {
        case .any: Int(CURL_IPRESOLVE_WHATEVER)
        case .ipv4: Int(CURL_IPRESOLVE_V4)
        case .ipv6: Int(CURL_IPRESOLVE_V6)
        }
    }
}
