// The options that say how hosts are reached, and which must not be.

import ArgumentParser

struct ConnectionOptions: ParsableArguments {
    @Flag(name: .customLong("http1.1"), help: "HTTP/1.1 only.")
    var http1 = false

    @Flag(name: .customLong("http2"), help: "HTTP/2 over TLS also with a libcurl older than 8.4, which loses the end of some bodies.")
    var http2 = false

    @Flag(name: .customLong("http3"), help: "HTTP/3 where the server has it and libcurl can.")
    var http3 = false

    @Option(
        name: [.customShort("x"), .customLong("proxy")],
        help: ArgumentHelp("A proxy for all requests. (default: what http_proxy and the like say)", valueName: "url"))
    var proxy: String?

    @Option(
        name: [.customShort("U"), .customLong("proxy-user")],
        help: ArgumentHelp("User and password for the proxy.", valueName: "user:password"))
    var proxyUser: String?

    @Option(help: ArgumentHelp("Hosts to ask directly, separated by commas; * is all.", valueName: "hosts"))
    var noproxy: String?

    @Option(help: ArgumentHelp("An interface, its address or a host name that connections come from.", valueName: "name"))
    var interface: String?

    @Option(help: ArgumentHelp("A Unix domain socket that all connections go to.", valueName: "path"))
    var unixSocket: String?

    @Option(help: ArgumentHelp("For all bodies together, in bytes per second; 100k, 2M.", valueName: "rate"))
    var limitRate: ByteCount?
}

struct TLSOptions: ParsableArguments {
    @Flag(name: [.customShort("k"), .customLong("insecure")], help: "Do not verify certificates.")
    var isInsecure = false

    @Option(
        help: ArgumentHelp(
            "Certificate authorities to trust, a PEM file. (default: $CURL_CA_BUNDLE, $SSL_CERT_FILE, the system's)", valueName: "file"))
    var cacert: String?

    @Option(help: ArgumentHelp("The same as a folder. Makes each new connection dearer.", valueName: "folder"))
    var capath: String?

    @Option(
        name: [.customShort("E"), .long],
        help: ArgumentHelp(
            "A client certificate, PEM, perhaps with its key. A colon before the password; one in the file's name is written \\:.",
            valueName: "file[:password]"))
    var cert: String?

    @Option(help: ArgumentHelp("The key of the client certificate, PEM.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("The password of that key.", valueName: "password"))
    var pass: String?

    @Option(help: ArgumentHelp("The only public key to accept: a file, or sha256//BASE64.", valueName: "key"))
    var pinnedpubkey: String?

    @Flag(name: .customLong("tlsv1.0"), help: .hidden) var tls10 = false
    @Flag(name: .customLong("tlsv1.1"), help: .hidden) var tls11 = false
    @Flag(name: .customLong("tlsv1.2"), help: "TLS 1.2 or newer.") var tls12 = false
    @Flag(name: .customLong("tlsv1.3"), help: "TLS 1.3 or newer.") var tls13 = false

    @Option(help: ArgumentHelp("The newest TLS to use: 1.2, 1.3.", valueName: "version"))
    var tlsMax: String?
}

struct NameOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where a host is to be found, instead of looking it up; as in curl. Can be repeated.", valueName: "host:port:addr[,addr]"))
    var resolve: [Resolve] = []

    @Option(
        help: ArgumentHelp("A host and port to ask in place of another; as in curl. Can be repeated.", valueName: "host:port:host:port"))
    var connectTo: [ConnectTo] = []

    @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "IPv4 addresses only.")
    var ipv4 = false

    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "IPv6 addresses only.")
    var ipv6 = false

    @Option(help: ArgumentHelp("Name lookups at once.", valueName: "n"))
    var resolverThreads = PositiveCount(32)
}

struct GuardOptions: ParsableArguments {
    @Flag(help: "Connect to public addresses only, at every hop, whatever name or spelling leads there.")
    var blockPrivate = false

    @Option(help: ArgumentHelp("A host that may be at a private address. Can be repeated.", valueName: "host"))
    var allowHost: [String] = []

    @Option(help: ArgumentHelp("Private addresses to allow, such as 10.1.0.0/16. Can be repeated.", valueName: "range"))
    var allowCidr: [AddressRangeArgument] = []

    @Option(help: ArgumentHelp("Addresses never to connect to. Can be repeated.", valueName: "range"))
    var denyCidr: [AddressRangeArgument] = []

    @Option(help: ArgumentHelp("The only ports to connect to. Can be repeated.", valueName: "port"))
    var allowPort: [PositiveCount] = []

    @Flag(help: "With a proxy, leave it to the proxy which addresses are connected to.")
    var proxyDecides = false
}
