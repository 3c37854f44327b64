// --version: ours, and that of the libcurl which runs, because much depends on it.

import FetchKit
import Glibc

/// The text of `--version`.
enum Version {
    static func print() -> ExitStatus {
        let curl = CurlLibrary.current
        let lines = [
            "fetch \(fetchVersion) (libcurl/\(curl.version)\(curl.tls.map { " " + $0 } ?? ""))",
            "Protocols: http https",
            "Features: \(curl.features.joined(separator: " "))",
            "HTTP/2: \(curl.hasSoundHTTP2 ? "default over TLS" : curl.has("HTTP2") ? "with --http2 (default from libcurl 8.4 on)" : "no")",
        ]
        let writer = DescriptorWriter(STDOUT_FILENO, name: "standard output")
        do {
            try writer.write(lines.joined(separator: "\n") + "\n")
            try writer.flush()
        } catch {
            return .outputFailed
        }
        return .success
    }
}
