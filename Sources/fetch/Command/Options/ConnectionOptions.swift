// How hosts are reached, how they prove who they are, and which must not be reached.

import FetchKit

extension OptionTable {
    static let connections = [
        Option(turning: "http1.1", "HTTP/1.1 only.") { $0.configuration.http.version = $1 ? .http1_1 : .automatic },
        Option(turning: "http2", "HTTP/2 over TLS also with a libcurl older than 8.4, which loses the end of some bodies.") {
            $0.configuration.http.version = $1 ? .http2 : .automatic
        },
        Option(turning: "http3", "HTTP/3 where the server has it and libcurl can.") {
            $0.configuration.http.version = $1 ? .http3 : .automatic
        },
        Option(
            "proxy", letter: "x", .init("url", mayBeURL: true), "A proxy for all requests.",
            standard: { _ in "what http_proxy and the like say" }, rank: 14, meanings: "--all-proxy --http-proxy --https-proxy"
        ) {
            if Int($1.text) != nil {
                throw UsageError("\($1.option) names a proxy; for \($1.text) transfers at once per host use --per-host \($1.text)")
            }
            $0.configuration.proxy.url = $1.text
        },
        Option(
            "proxy-user", letter: "U", .init("user:password", secret: .everything), "User and password for the proxy.",
            meanings: "--proxy-password --http-proxy-user --http-proxy-passwd --proxy-passwd"
        ) { $0.configuration.proxy.credentials = try $1.credentials() },
        Option("noproxy", .init("hosts"), "Hosts to ask directly, separated by commas; * is all.", meanings: "--no-proxy") {
            $0.configuration.proxy.exceptions = $1.text
        },
        Option(
            "interface", .init("name"), "An interface, its address or a host name that connections come from.", meanings: "--bind-address"
        ) { $0.configuration.addresses.interface = $1.text },
        Option("unix-socket", .init("path", .files), "A Unix domain socket that all connections go to.") {
            $0.configuration.addresses.unixSocket = $1.text
        },
        Option(
            "limit-rate", .size, "Bytes per second for all bodies together: 100k, 2M.",
            meanings: "--max-overall-download-limit --max-download-limit --max-speed"
        ) {
            let bytes = try $1.size()
            $0.configuration.rates.download = bytes == 0 ? nil : bytes
        },
    ]

    static let tls = [
        Option(turning: "insecure", letter: "k", "Do not verify certificates.", rank: 15, meanings: "--no-check-certificate --verify") {
            $0.configuration.tls.verifiesCertificates = !$1
        },
        Option(
            "cacert", .file, "Certificate authorities to trust, a PEM file.",
            standard: { _ in "$CURL_CA_BUNDLE, $SSL_CERT_FILE, the system's" }, meanings: "--ca-certificate --ca-cert"
        ) { $0.configuration.tls.caFile = $1.text },
        Option("capath", .folder, "The same as a folder. Makes connections slower.", meanings: "--ca-directory") {
            $0.configuration.tls.caDirectory = $1.text
        },
        Option(
            "cert", letter: "E", .init("file[:password]", .files, secret: .keyPassword),
            "A client certificate, PEM, perhaps with its key. A colon before the password; one in the file's name is written \\:.",
            meanings: "--certificate"
        ) { $0.certificate = ClientCertificate($1.text) },
        Option("key", .file, "The key of the client certificate, PEM.", meanings: "--private-key --cert-key") {
            $0.configuration.tls.certificateKey = $1.text
        },
        Option("pass", .init("password", secret: .everything), "The password of that key.") { $0.keyPassword = $1.text },
        Option("pinnedpubkey", .init("key", .files), "The only public key to accept: a file, or sha256//BASE64.") {
            $0.configuration.tls.pinnedPublicKey = $1.text
        },
        oldest("tlsv1.0", letter: "1", also: ["tlsv1"], .v1_0, "TLS 1.0 or newer."), oldest("tlsv1.1", .v1_1, "TLS 1.1 or newer."),
        oldest("tlsv1.2", .v1_2, "TLS 1.2 or newer."), oldest("tlsv1.3", .v1_3, "TLS 1.3 or newer."),
        Option(
            "tls-max", .init("version", .choices(["1.0", "1.1", "1.2", "1.3"])), "The newest TLS to use: 1.2, 1.3.",
            meanings: "--secure-protocol"
        ) { $0.configuration.tls.maximumVersion = try $1.version() },
    ]

    private static func oldest(
        _ name: String, letter: Character? = nil, also aliases: [String] = [], _ version: Configuration.TLS.Version, _ help: String
    ) -> Option {
        Option(turning: name, letter: letter, also: aliases, help) { $0.configuration.tls.minimumVersion = $1 ? version : nil }
    }

    static let names = [
        Option(
            "resolve", .init("host:port:addr[,addr]"), "Where a host is to be found, instead of looking it up; as in curl. Can be repeated."
        ) { $0.configuration.addresses.overrides.append(try $1.hostOverride()) },
        Option("connect-to", .init("host:port:host:port"), "A host and port to ask in place of another; as in curl. Can be repeated.") {
            $0.configuration.addresses.detours.append(try $1.detour())
        },
        Option(turning: "ipv4", letter: "4", "IPv4 addresses only.", meanings: "--inet4-only --prefer-family") {
            $0.configuration.addresses.family = $1 ? .ipv4 : .any
        },
        Option(turning: "ipv6", letter: "6", "IPv6 addresses only.", meanings: "--inet6-only") {
            $0.configuration.addresses.family = $1 ? .ipv6 : .any
        },
        Option("resolver-threads", .number, "Name lookups at once.", standard: { "\($0.addresses.resolverThreads)" }) {
            $0.configuration.addresses.resolverThreads = try $1.number()
        },
    ]

    static let addressGuard = [
        Option(turning: "block-private", "Connect to public addresses only, at every hop, whatever name or spelling leads there.") {
            $0.configuration.addressGuard.blocksPrivate = $1
        },
        Option("allow-host", .init("host"), "A host that may be at a private address. Can be repeated.") {
            $0.configuration.addressGuard.allowedHosts.insert($1.text.lowercased())
        },
        Option("allow-cidr", .init("range"), "Private addresses to allow, such as 10.1.0.0/16. Can be repeated.") {
            $0.configuration.addressGuard.allowed.append(try $1.addressRange())
        },
        Option("deny-cidr", .init("range"), "Addresses never to connect to. Can be repeated.") {
            $0.configuration.addressGuard.denied.append(try $1.addressRange())
        },
        Option("allow-port", .init("port"), "The only ports to connect to. Can be repeated.") {
            $0.configuration.addressGuard.allowedPorts.insert(try $1.number(1...65535))
        },
        Option(turning: "proxy-decides", "With a proxy, leave it to the proxy which addresses are connected to.") {
            $0.configuration.addressGuard.allowsProxiedRequests = $1
        },
    ]
}
