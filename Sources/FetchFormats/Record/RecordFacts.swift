// The facts of a record. `-w` has most of them: what it writes where there is nothing is what curl writes then.

import FetchKit

extension Fact {
    /// All facts, in the order of a JSON line; the body comes after them, and `afterBody` after that.
    static let all = request + response + time + result

    private static let request = [
        Fact("index", writeOut: .none) { .integer($0.outcome.index) },
        Fact("id", writeOut: .none) { .text($0.outcome.id) },
        Fact("input_file", writeOut: .none) { .text($0.outcome.source?.file) },
        Fact("input_line", writeOut: .none) { .integer($0.outcome.source?.line) },
        Fact("input_base64", writeOut: .none) {
            .text($0.outcome.source?.rawLine.map { String(decoding: Base64.encode($0), as: UTF8.self) })
        },
        Fact("url", writeOut: .same()) { .text($0.outcome.text) },
        Fact("url_effective", writeOut: .own { .text($0.last?.url.description ?? $0.outcome.text) }) { .text($0.last?.url.description) },
        Fact("method", writeOut: .same()) { .text($0.last?.method) },
    ]

    private static let response = [
        Fact("response_code", writeOut: .same(absent: .integer(0), digits: 3)) { .integer($0.last?.response?.statusCode) },
        Fact("http_version", writeOut: .own { .text($0.curlVersion) }) { .text($0.last?.response?.httpVersion) },
        // In lower case, as newer versions of curl have it.
        Fact("scheme", writeOut: .own { $0.last?.remoteAddress == nil ? .missing : .text($0.last?.url.scheme) }) {
            .text($0.last?.url.scheme)
        },
        Fact("remote_ip", writeOut: .same(absent: .text(""))) { .text($0.last?.remoteAddress) },
        Fact("remote_port", writeOut: .same(absent: .integer(0))) { .integer($0.last?.remotePort) },
        Fact("content_type", writeOut: .same()) { .field($0.last?.response?.value(of: "content-type")) },
        Fact("headers", inCSV: false, writeOut: .none) { $0.last?.response.map { .headers($0) } ?? .missing },
        // curl's are those of the last exchange.
        Fact("size_download", writeOut: .own { .integer($0.last?.bytesDownloaded ?? 0) }) { $0.sum(\.bytesDownloaded) },
        Fact("size_delivered", writeOut: .same(absent: .integer(0))) { .integer($0.last?.bytesDelivered) },
        Fact("size_header", writeOut: .same(absent: .integer(0))) { $0.sum(\.headerBytes) },
        Fact("size_request", writeOut: .same(absent: .integer(0))) { $0.sum(\.requestBytes) },
        Fact("size_upload", writeOut: .own { .integer($0.last?.bytesUploaded ?? 0) }) { $0.sum(\.bytesUploaded) },
        Fact("num_redirects", writeOut: .same()) { .integer(max(0, $0.outcome.hops.count - 1)) },
        Fact("redirects", inCSV: false, writeOut: .none) { .redirects($0.outcome.hops.dropLast()) },
        Fact("num_retries", writeOut: .same()) { .integer($0.outcome.retryCount) },
        Fact("num_connects", writeOut: .same(absent: .integer(0))) { $0.wasSent ? .integer($0.outcome.connectionCount) : .missing },
    ]

    private static let time = [
        Fact("time_queue", writeOut: .same()) { .seconds($0.outcome.queueTime.microseconds) },
        Fact("time_namelookup", writeOut: .same(absent: .seconds(0))) { $0.moment(\.$nameLookup) },
        Fact("time_connect", writeOut: .same(absent: .seconds(0))) { $0.moment(\.$connect) },
        Fact("time_appconnect", writeOut: .same(absent: .seconds(0))) { $0.moment(\.$appConnect) },
        Fact("time_pretransfer", writeOut: .same(absent: .seconds(0))) { $0.moment(\.$preTransfer) },
        Fact("time_starttransfer", writeOut: .same(absent: .seconds(0))) { $0.moment(\.$startTransfer) },
        Fact("time_redirect", writeOut: .same(absent: .seconds(0))) {
            $0.wasSent ? .seconds($0.outcome.redirectTime.microseconds) : .missing
        },
        Fact("time_total", writeOut: .same(absent: .seconds(0))) { $0.moment(\.$total) },
        Fact("speed_download", writeOut: .same(absent: .integer(0))) { .integer($0.last?.downloadSpeed) },
        Fact("started_at", writeOut: .none) { $0.startedAt.map { .time($0) } ?? .missing },
    ]

    private static let result = [
        Fact("ok", writeOut: .none) { .flag($0.outcome.isOK) },
        Fact("length_unproved", writeOut: .none) { .flag($0.last?.response == nil ? nil : $0.last?.isLengthUnproved) },
        Fact("tls_verified", writeOut: .none) { .flag($0.outcome.isTLSVerified) },
        Fact("error", writeOut: .none) { .text($0.outcome.error?.kind.rawValue) },
        Fact("exitcode", writeOut: .own { .integer($0.outcome.error?.exitCode ?? 0) }) {
            $0.wasSent ? .integer($0.outcome.error == nil ? 0 : $0.outcome.error?.curlCode ?? 0) : .missing
        },
        Fact("errormsg", writeOut: .same()) { .text($0.outcome.error?.message) },
    ]

    static let afterBody = [
        Fact("body_file", writeOut: .none) { .text($0.file?.path) },
        Fact("sha256", writeOut: .none) { .text(($0.file?.sha256 ?? $0.outcome.sha256).map { hexadecimal($0) }) },
    ]
}

extension Record {
    fileprivate var wasSent: Bool { !outcome.hops.isEmpty }

    fileprivate var startedAt: Int64? { wasSent ? outcome.hops[0].startedAt : nil }

    /// In curl's words: "1" is HTTP/1.0, and "0" none.
    fileprivate var curlVersion: String {
        guard let version = last?.response?.httpVersion else { return "0" }
        return version == "1.0" ? "1" : version
    }

    /// Over all exchanges, of which there is mostly one.
    fileprivate func sum(_ count: (Hop) -> Int64) -> FactValue {
        guard let last else { return .missing }
        return .integer(outcome.hops.count == 1 ? count(last) : outcome.sum(count))
    }

    fileprivate func moment(_ moment: (Timings) -> Int64) -> FactValue { wasSent ? .seconds(moment(timings)) : .missing }
}
