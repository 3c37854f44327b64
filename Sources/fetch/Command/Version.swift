// --version: ours, and that of the libcurl which runs, because much depends on it.

import FetchKit

/// The text of `--version`.
enum Version {
    static var text: String {
        let curl = CurlLibrary.current
        let lines = [
            "fetch \(fetchVersion) (libcurl/\(curl.version)\(curl.tls.map { " " + $0 } ?? ""))",
            "Protocols: http https",
            "Features: \(curl.features.joined(separator: " "))",
            "HTTP/2: \(curl.hasSoundHTTP2 ? "default over TLS" : curl.has("HTTP2") ? "with --http2 (default from libcurl 8.4 on)" : "no")",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
