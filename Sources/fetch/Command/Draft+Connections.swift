// What the options about connections, certificates and the guard mean together.

import FetchFormats
import FetchKit

extension Draft {
    private var goesThroughProxy: Bool { configuration.goesThroughProxy(surroundings.variable) }

    func settleConnections() throws {
        let version = configuration.http.version
        if version == .http2 && !surroundings.libcurlHas("HTTP2") { throw UsageError("this libcurl has no HTTP/2") }
        if version == .http3 && !surroundings.libcurlHas("HTTP3") { throw UsageError("this libcurl has no HTTP/3") }
        if configuration.addresses.unixSocket != nil && goesThroughProxy {
            throw UsageError("--unix-socket and a proxy exclude each other; --proxy '' is none")
        }
    }

    mutating func settleTLS() throws {
        // The variables are the curl tool's own business; libcurl does not look at them.
        let variables = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"].lazy.compactMap(surroundings.variable).first { !$0.isEmpty }
        if configuration.tls.caFile == nil { configuration.tls.caFile = variables }
        configuration.tls.certificate = certificate?.file
        configuration.tls.certificatePassword = keyPassword ?? certificate?.password
        let tls = configuration.tls
        if certificate == nil && tls.certificateKey != nil { throw UsageError("--key needs --cert") }
        if certificate == nil && keyPassword != nil { throw UsageError("--pass needs --cert") }
        if let oldest = tls.minimumVersion, let newest = tls.maximumVersion, oldest > newest {
            throw UsageError("--tls-max is older than the oldest TLS that is allowed")
        }
        // Not ten million failed handshakes, but one clear line.
        if tls.verifiesCertificates { try checkReadable(tls.caFile, "CA file") }
        try checkReadable(tls.caDirectory, "CA folder")
        try checkReadable(tls.certificate, "certificate")
        try checkReadable(tls.certificateKey, "key")
        let publicKey = tls.pinnedPublicKey.flatMap { $0.hasPrefix("sha256//") ? nil : $0 }
        try checkReadable(publicKey, "public key")
        for (option, file) in [
            ("--cacert", tls.caFile), ("-E", tls.certificate), ("--key", tls.certificateKey), ("--pinnedpubkey", publicKey),
        ] {
            if let file { read(file, by: option) }
        }
    }

    private func checkReadable(_ file: String?, _ kind: String) throws {
        guard let file, let obstacle = surroundings.obstacle(file) else { return }
        throw UnreadableFile("cannot read the \(kind) \(file): \(obstacle)")
    }

    mutating func settleGuard() throws {
        guard configuration.addressGuard.isActive else { return }
        template.readFile = nil
        // A guard that sees the proxy's address only would be a promise that nobody keeps.
        if goesThroughProxy && !configuration.addressGuard.allowsProxiedRequests {
            throw UsageError(
                "--block-private and the like cannot look behind a proxy: use --proxy-decides if the proxy takes care of it, or --proxy '' for none"
            )
        }
        if configuration.addresses.unixSocket != nil {
            throw UsageError("--unix-socket and --block-private or the like exclude each other")
        }
    }
}
