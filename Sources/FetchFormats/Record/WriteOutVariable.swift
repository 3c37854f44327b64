// The variables of -w. Where jsonl has the fact it is the same one; what curl writes as 0 when there is nothing is 0 here too.

package import FetchKit

/// A name, and what stands for it in the text.
package struct WriteOutVariable: Sendable {
    package let name: StaticString
    /// Shorter numbers get leading zeros.
    package let digits: Int
    /// What must be kept of each hop besides its connection.
    package let recording: Recording
    package let fact: @Sendable (Record) -> Fact

    package init(_ name: StaticString, digits: Int = 1, recording: Recording = [], _ fact: @escaping @Sendable (Record) -> Fact) {
        self.name = name
        self.digits = digits
        self.recording = recording
        self.fact = fact
    }

    package static let named = Dictionary(uniqueKeysWithValues: all.map { ("\($0.name)", $0) })

    /// In the order of curl's `%{json}`, which is that of the names.
    package static let all = (request + response + sizes + times + parts).sorted { "\($0.name)" < "\($1.name)" }

    private static let request = [
        WriteOutVariable("url") { .text($0.outcome.text) },
        WriteOutVariable("urlnum") { .integer($0.outcome.index) },
        WriteOutVariable("xfer_id") { .integer($0.outcome.index) },
        WriteOutVariable("url_effective") { .text($0.effectiveURL) },
        shared("method"),
        WriteOutVariable("referer", recording: .requests) { .text($0.referer) },
        shared("num_redirects"),
        shared("num_retries"),
        shared("num_connects", or: .integer(0)),
        WriteOutVariable("conn_id") { .integer($0.exchange?.connectionID ?? -1) },
        WriteOutVariable("local_ip") { .text($0.exchange?.localAddress ?? "") },
        WriteOutVariable("local_port") { .integer($0.exchange?.localPort ?? 0) },
        shared("remote_ip", or: .text("")),
        shared("remote_port", or: .integer(0)),
    ]

    private static let response = [
        shared("response_code", digits: 3, or: .integer(0)),
        WriteOutVariable("http_code", digits: 3) { .integer($0.outcome.response?.statusCode ?? 0) },
        WriteOutVariable("http_connect", digits: 3) { .integer($0.exchange?.connectCode ?? 0) },
        WriteOutVariable("http_version") { .text($0.httpVersion) },
        // In lower case, as newer versions of curl have it.
        WriteOutVariable("scheme") { $0.finalHop?.remoteAddress == nil ? .missing : .text($0.finalHop?.url.scheme) },
        shared("content_type"),
        WriteOutVariable("redirect_url") { .text($0.redirectURL) },
        WriteOutVariable("filename_effective") { .text($0.file?.path) },
        WriteOutVariable("exitcode") { .integer($0.outcome.error?.exitCode ?? 0) },
        shared("errormsg"),
        WriteOutVariable("ssl_verify_result") { .integer($0.exchange?.verifyResult ?? 0) },
        WriteOutVariable("proxy_ssl_verify_result") { .integer($0.exchange?.proxyVerifyResult ?? 0) },
        WriteOutVariable("proxy_used") { $0.exchange?.usedProxy.map { .integer($0 ? 1 : 0) } ?? .missing },
        WriteOutVariable("num_certs", recording: .certificates) { .integer($0.exchange?.certificates.count ?? 0) },
        WriteOutVariable("certs", recording: .certificates) { .text($0.certificates) },
        // Of what follows we know nothing, and write what curl writes then.
        WriteOutVariable("tls_earlydata") { _ in .integer(0) },
        WriteOutVariable("ftp_entry_path") { _ in .missing },
    ]

    private static let sizes = [
        // Of the last exchange; headers and requests are counted over all of them.
        WriteOutVariable("size_download") { .integer($0.finalHop?.bytesDownloaded ?? 0) },
        WriteOutVariable("size_delivered") { .integer($0.finalHop?.bytesDelivered ?? 0) },
        WriteOutVariable("size_upload") { .integer($0.finalHop?.bytesUploaded ?? 0) },
        shared("size_header", or: .integer(0)),
        shared("size_request", or: .integer(0)),
        shared("speed_download", or: .integer(0)),
        WriteOutVariable("speed_upload") { .integer($0.exchange?.uploadSpeed ?? 0) },
        WriteOutVariable("num_headers") { .integer($0.outcome.response?.fields.count ?? 0) },
    ]

    private static let times = [
        shared("time_queue", or: .seconds(.zero)),
        shared("time_namelookup", or: .seconds(.zero)),
        shared("time_connect", or: .seconds(.zero)),
        shared("time_appconnect", or: .seconds(.zero)),
        shared("time_pretransfer", or: .seconds(.zero)),
        WriteOutVariable("time_posttransfer") { record in
            .seconds(record.exchange?.postTransfer.map { $0 + record.outcome.redirectTime })
        },
        shared("time_starttransfer", or: .seconds(.zero)),
        shared("time_redirect", or: .seconds(.zero)),
        shared("time_total", or: .seconds(.zero)),
    ]

    private static let parts =
        [
            part("url.scheme") { $0.scheme }, part("url.user") { $0.user }, part("url.password") { $0.password },
            part("url.options") { $0.options },
            part("url.host") { $0.host }, part("url.port") { $0.port }, part("url.path") { $0.path }, part("url.query") { $0.query },
            part("url.fragment") { $0.fragment }, part("url.zoneid") { $0.zone },
        ] + [
            effective("urle.scheme") { $0.scheme }, effective("urle.user") { $0.user }, effective("urle.password") { $0.password },
            effective("urle.options") { $0.options }, effective("urle.host") { $0.host }, effective("urle.port") { $0.port },
            effective("urle.path") { $0.path }, effective("urle.query") { $0.query }, effective("urle.fragment") { $0.fragment },
            effective("urle.zoneid") { $0.zone },
        ]

    private static let keys = Dictionary(uniqueKeysWithValues: Key.all.map { ("\($0.name)", $0) })

    /// The fact of jsonl, and what curl writes where that is null.
    private static func shared(_ name: StaticString, digits: Int = 1, or missing: Fact = .missing) -> WriteOutVariable {
        let key = keys["\(name)"]!
        return WriteOutVariable(name, digits: digits) { record in
            let fact = key.fact(record)
            if case .missing = fact { return missing }
            return fact
        }
    }

    private static func part(_ name: StaticString, _ part: @escaping @Sendable (RedactedURL) -> String?) -> WriteOutVariable {
        WriteOutVariable(name) { .text($0.urlParts.flatMap(part)) }
    }

    private static func effective(_ name: StaticString, _ part: @escaping @Sendable (RedactedURL) -> String?) -> WriteOutVariable {
        WriteOutVariable(name) { .text($0.effectiveURLParts.flatMap(part)) }
    }
}

extension Record {
    fileprivate var finalHop: Hop? { outcome.hops.last }
    fileprivate var exchange: Exchange? { finalHop?.exchange }

    fileprivate var effectiveURL: String { finalHop?.url.description ?? outcome.text }

    /// Of the URL as the user wrote it; nil for what is none.
    fileprivate var urlParts: RedactedURL? {
        (outcome.hops.first?.url ?? (try? HTTPURL(outcome.text))).map { RedactedURL($0, written: outcome.text) }
    }

    fileprivate var effectiveURLParts: RedactedURL? { finalHop.map { RedactedURL($0.url) } ?? urlParts }

    /// In curl's words: "1" is HTTP/1.0, and "0" none.
    fileprivate var httpVersion: String {
        guard let version = outcome.response?.httpVersion else { return "0" }
        return version == "1.0" ? "1" : version
    }

    /// Where a redirect that was not followed leads to.
    fileprivate var redirectURL: String? {
        guard let hop = finalHop, let response = hop.response, 300..<400 ~= response.statusCode,
            let location = response.values(of: "location").last
        else { return nil }
        return (try? hop.url.resolving(location: Array(location)))?.description
    }

    /// A line for each fact of each certificate, and the certificates themselves, as PEM.
    fileprivate var certificates: String {
        let label = "Cert:"
        return (exchange?.certificates ?? []).joined().map { line in
            let line = line.hasPrefix(label) ? line.dropFirst(label.count) : line[...]
            return line.hasSuffix("\n") ? "\(line)" : "\(line)\n"
        }.joined()
    }

    /// As it was sent.
    fileprivate var referer: String? {
        let name = "referer:"
        let lines = exchange?.requestHead.split(separator: UInt8(ascii: "\n")) ?? []
        guard let line = lines.first(where: { String(decoding: $0.prefix(name.utf8.count), as: UTF8.self).lowercased() == name }) else {
            return nil
        }
        let value = line.dropFirst(name.utf8.count).drop { $0 == UInt8(ascii: " ") }
        return String(decoding: value.last == UInt8(ascii: "\r") ? value.dropLast() : value, as: UTF8.self)
    }
}
