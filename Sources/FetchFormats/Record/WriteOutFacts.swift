// The facts that only `-w` has. What curl writes as 0 when there is nothing is 0 here too.

import FetchKit

extension Fact {
    static let writeOutOnly = request + response + other + parts

    private convenience init(
        variable name: StaticString, digits: Int = 1, needs: Recording = [], _ value: @escaping @Sendable (Record) -> FactValue
    ) {
        self.init(name, writeOut: .same(digits: digits), needs: needs, value)
    }

    private static let request = [
        Fact(variable: "urlnum") { .integer($0.outcome.index) },
        Fact(variable: "xfer_id") { .integer($0.outcome.index) },
        Fact(variable: "referer", needs: .requests) { .text($0.referer) },
        Fact(variable: "conn_id") { .integer($0.exchange?.connectionID ?? -1) },
        Fact(variable: "local_ip") { .text($0.exchange?.localAddress ?? "") },
        Fact(variable: "local_port") { .integer($0.exchange?.localPort ?? 0) },
    ]

    private static let response = [
        Fact(variable: "http_code", digits: 3) { .integer($0.outcome.response?.statusCode ?? 0) },
        Fact(variable: "http_connect", digits: 3) { .integer($0.exchange?.connectCode ?? 0) },
        Fact(variable: "redirect_url") { .text($0.redirectURL) },
        Fact(variable: "filename_effective") { .text($0.file?.path) },
        Fact(variable: "num_headers") { .integer($0.outcome.response?.fields.count ?? 0) },
        Fact(variable: "ssl_verify_result") { .integer($0.exchange?.verifyResult ?? 0) },
        Fact(variable: "proxy_ssl_verify_result") { .integer($0.exchange?.proxyVerifyResult ?? 0) },
        Fact(variable: "proxy_used") { $0.exchange?.usedProxy.map { .integer($0 ? 1 : 0) } ?? .missing },
        Fact(variable: "num_certs", needs: .certificates) { .integer($0.exchange?.certificates.count ?? 0) },
        Fact(variable: "certs", needs: .certificates) { .text($0.certificates) },
    ]

    private static let other = [
        Fact(variable: "speed_upload") { .integer($0.exchange?.uploadSpeed ?? 0) },
        Fact(variable: "time_posttransfer") { record in
            .seconds(record.exchange?.postTransfer.map { ($0 + record.outcome.redirectTime).microseconds })
        },
        // Of what follows we know nothing, and write what curl writes then.
        Fact(variable: "tls_earlydata") { _ in .integer(0) },
        Fact(variable: "ftp_entry_path") { _ in .missing },
    ]

    /// Of the URL as it was given and of the last one.
    private static let parts: [Fact] = {
        let parts: [(given: StaticString, effective: StaticString, part: @Sendable (RedactedURL) -> String?)] = [
            ("url.scheme", "urle.scheme", { $0.scheme }), ("url.user", "urle.user", { $0.user }),
            ("url.password", "urle.password", { $0.password }), ("url.options", "urle.options", { $0.options }),
            ("url.host", "urle.host", { $0.host }), ("url.port", "urle.port", { $0.port }), ("url.path", "urle.path", { $0.path }),
            ("url.query", "urle.query", { $0.query }), ("url.fragment", "urle.fragment", { $0.fragment }),
            ("url.zoneid", "urle.zoneid", { $0.zone }),
        ]
        return parts.flatMap { given, effective, part in
            [
                Fact(variable: given) { .text($0.urlParts.flatMap(part)) },
                Fact(variable: effective) { .text($0.effectiveURLParts.flatMap(part)) },
            ]
        }
    }()
}

extension Record {
    fileprivate var exchange: Exchange? { last?.exchange }

    /// Of the URL as the user wrote it; nil for what is none.
    fileprivate var urlParts: RedactedURL? {
        (outcome.hops.first?.url ?? (try? HTTPURL(outcome.text))).map { RedactedURL($0, written: outcome.text) }
    }

    fileprivate var effectiveURLParts: RedactedURL? { last.map { RedactedURL($0.url) } ?? urlParts }

    /// Where a redirect that was not followed leads to.
    fileprivate var redirectURL: String? {
        guard let hop = last, let response = hop.response, 300..<400 ~= response.statusCode,
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
        let head = HeadFields(exchange?.requestHead ?? [])
        return head.fields.first { head.isNamed($0, "referer") }.map { String(decoding: head.value($0), as: UTF8.self) }
    }
}
