// What the options about connections mean for the run.

import FetchFormats
import ArgumentParser
import FetchKit
import Glibc

extension Settings {
    mutating func set(_ options: ConnectionOptions) throws {
        let versions = [options.http1, options.http2, options.http3].count { $0 }
        guard versions < 2 else { throw ValidationError("--http1.1, --http2 and --http3 exclude each other.") }
        if options.http2 && !CurlLibrary.current.has("HTTP2") { throw ValidationError("This libcurl has no HTTP/2.") }
        if options.http3 && !CurlLibrary.current.has("HTTP3") { throw ValidationError("This libcurl has no HTTP/3.") }
        configuration.http.version = options.http1 ? .http1_1 : options.http2 ? .http2 : options.http3 ? .http3 : .automatic
        configuration.proxy.url = options.proxy
        configuration.proxy.exceptions = options.noproxy
        configuration.proxy.credentials = try options.proxyUser.map { try Self.credentials($0, option: "-U") }
        configuration.addresses.interface = options.interface
        configuration.addresses.unixSocket = options.unixSocket
        if options.unixSocket != nil && configuration.goesThroughProxy {
            throw ValidationError("--unix-socket and a proxy exclude each other.")
        }
        configuration.rates.download = options.limitRate.flatMap { $0.bytes == 0 ? nil : $0.bytes }
    }

    mutating func set(_ options: TLSOptions) throws {
        configuration.tls.isVerified = !options.isInsecure
        // The variables are the curl tool's own business; libcurl does not look at them.
        let variables = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"].lazy.compactMap { (name: String) in getenv(name).map { String(cString: $0) } }
        configuration.tls.caFile = options.cacert ?? variables.first { !$0.isEmpty }
        configuration.tls.caDirectory = options.capath
        let certificate = options.cert.map { ClientCertificate($0) }
        configuration.tls.certificate = certificate?.file
        configuration.tls.certificateKey = options.key
        configuration.tls.certificatePassword = options.pass ?? certificate?.password
        if options.key != nil && options.cert == nil { throw ValidationError("--key needs --cert.") }
        if options.pass != nil && options.cert == nil { throw ValidationError("--pass needs --cert.") }
        configuration.tls.pinnedPublicKey = options.pinnedpubkey
        // Not ten million failed handshakes, but one clear line.
        if !options.isInsecure { try Self.checkReadable(configuration.tls.caFile, "CA file") }
        try Self.checkReadable(options.capath, "CA folder")
        try Self.checkReadable(certificate?.file, "certificate")
        try Self.checkReadable(options.key, "key")
        if let key = options.pinnedpubkey, !key.hasPrefix("sha256//") { try Self.checkReadable(key, "public key") }
        let oldest: [(Bool, Configuration.TLS.Version)] = [
            (options.tls10, .v1_0), (options.tls11, .v1_1), (options.tls12, .v1_2), (options.tls13, .v1_3),
        ]
        configuration.tls.oldest = oldest.last { $0.0 }?.1
        if let newest = options.tlsMax {
            let versions: [String: Configuration.TLS.Version] = ["1.0": .v1_0, "1.1": .v1_1, "1.2": .v1_2, "1.3": .v1_3]
            guard let version = versions[newest] else { throw ValidationError("--tls-max takes 1.0, 1.1, 1.2 or 1.3.") }
            configuration.tls.newest = version
            if let oldest = configuration.tls.oldest, oldest > version {
                throw ValidationError("--tls-max is older than the oldest TLS that is allowed.")
            }
        }
    }

    mutating func set(_ options: NameOptions) throws {
        if options.ipv4 && options.ipv6 { throw ValidationError("-4 and -6 exclude each other.") }
        configuration.addresses.family = options.ipv4 ? .ipv4 : options.ipv6 ? .ipv6 : .any
        configuration.addresses.overrides = options.resolve.map(\.override)
        configuration.addresses.detours = options.connectTo.map(\.detour)
        configuration.addresses.resolverThreads = options.resolverThreads.value
    }

    mutating func set(_ options: GuardOptions) throws {
        configuration.addressGuard.blocksPrivate = options.blockPrivate
        configuration.addressGuard.allowed = options.allowCidr.map(\.range)
        configuration.addressGuard.denied = options.denyCidr.map(\.range)
        configuration.addressGuard.allowedHosts = Set(options.allowHost.map { $0.lowercased() })
        configuration.addressGuard.allowedPorts = Set(options.allowPort.map(\.value))
        configuration.addressGuard.leavesProxiedRequests = options.proxyDecides
        guard configuration.addressGuard.isActive else { return }
        template.readFile = nil
        // A guard that sees the proxy's address only would be a promise that nobody keeps.
        if configuration.goesThroughProxy && !options.proxyDecides {
            throw ValidationError(
                "--block-private and the like cannot look behind a proxy: use --proxy-decides if the proxy takes care of it, or --proxy '' for none."
            )
        }
        if configuration.addresses.unixSocket != nil {
            throw ValidationError("--unix-socket and --block-private or the like exclude each other.")
        }
    }

    private static func checkReadable(_ file: String?, _ kind: String) throws {
        guard let file, access(file, R_OK) != 0 else { return }
        throw UnreadableFile("cannot read the \(kind) \(file): \(String(cString: strerror(errno)))")
    }

    static func credentials(_ pair: String, option: String, scheme: Credentials.Scheme = .basic) throws -> Credentials {
        guard pair.contains(":") else { throw ValidationError("\(option) takes user:password; leave the password empty with user:") }
        return Credentials(pair: pair, scheme: scheme)
    }
}
