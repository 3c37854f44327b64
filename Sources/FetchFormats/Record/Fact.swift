// What is known of an outcome, fact by fact, under the names that all formats share: curl's names and units wherever curl has the
// fact (https://curl.se/docs/manpage.html#-w). jsonl writes all of them, csv the chosen ones.

package import FetchKit

/// One value, in no format yet.
package enum Fact {
    case missing
    case integer(Int)
    case seconds(Duration)
    case flag(Bool)
    case text(String)
    /// Bytes of a header: UTF-8 when they are valid UTF-8, else each byte a character, as HTTP once had it (ISO-8859-1).
    case field(ArraySlice<UInt8>)
    case headers(ResponseHead)
    case redirects(ArraySlice<Hop>)

    package static func integer(_ value: (some BinaryInteger)?) -> Fact { value.map { .integer(Int(truncatingIfNeeded: $0)) } ?? .missing }
    package static func seconds(_ value: Duration?) -> Fact { value.map { .seconds($0) } ?? .missing }
    static func flag(_ value: Bool?) -> Fact { value.map { .flag($0) } ?? .missing }
    package static func text(_ value: String?) -> Fact { value.map { .text($0) } ?? .missing }
    package static func field(_ value: ArraySlice<UInt8>?) -> Fact { value.map { .field($0) } ?? .missing }
}

/// A fact's name, and where it comes from.
package struct Key: Sendable {
    package let name: StaticString
    package let fact: @Sendable (Record) -> Fact

    package init(_ name: StaticString, _ fact: @escaping @Sendable (Record) -> Fact) {
        self.name = name
        self.fact = fact
    }
}

extension Key {
    /// All facts, in the order of a JSON line; the body comes after them, and `afterBody` after that.
    package static let all: [Key] = request + response + time + result

    private static let request = [
        Key("index") { .integer($0.outcome.index) },
        Key("id") { .text($0.outcome.id) },
        Key("input_file") { .text($0.outcome.source?.file) },
        Key("input_line") { .integer($0.outcome.source?.line) },
        Key("input_base64") { .text($0.outcome.source?.rawLine.map { String(decoding: Base64.encode($0), as: UTF8.self) }) },
        Key("url") { .text($0.outcome.text) },
        Key("url_effective") { .text($0.last?.url.description) },
        Key("method") { .text($0.last?.method) },
    ]

    private static let response = [
        Key("response_code") { .integer($0.outcome.response?.statusCode) },
        Key("http_version") { .text($0.outcome.response?.httpVersion) },
        Key("scheme") { .text($0.last?.url.scheme) },
        Key("remote_ip") { .text($0.last?.remoteAddress) },
        Key("remote_port") { .integer($0.last?.remotePort) },
        Key("content_type") { .field($0.outcome.response?.values(of: "content-type").first) },
        Key("headers") { $0.outcome.response.map { .headers($0) } ?? .missing },
        Key("size_download") { $0.sum(\.bytesDownloaded) },
        Key("size_delivered") { .integer($0.last?.bytesDelivered) },
        Key("size_header") { $0.sum(\.headerBytes) },
        Key("size_request") { $0.sum(\.requestBytes) },
        Key("size_upload") { $0.sum(\.bytesUploaded) },
        Key("num_redirects") { .integer(max(0, $0.outcome.hops.count - 1)) },
        Key("redirects") { .redirects($0.outcome.hops.dropLast()) },
        Key("num_retries") { .integer($0.outcome.retries) },
        Key("num_connects") { $0.wasSent ? .integer($0.outcome.connects) : .missing },
    ]

    private static let time = [
        Key("time_queue") { .seconds($0.outcome.queueTime) },
        Key("time_namelookup") { $0.moment(\.nameLookup) },
        Key("time_connect") { $0.moment(\.connect) },
        Key("time_appconnect") { $0.moment(\.appConnect) },
        Key("time_pretransfer") { $0.moment(\.preTransfer) },
        Key("time_starttransfer") { $0.moment(\.startTransfer) },
        Key("time_redirect") { $0.wasSent ? .seconds($0.outcome.redirectTime) : .missing },
        Key("time_total") { $0.moment(\.total) },
        Key("speed_download") { .integer($0.last?.downloadSpeed) },
        Key("started_at") { .text($0.outcome.hops.first.map { timestamp($0.startedAt) }) },
    ]

    private static let result = [
        Key("ok") { .flag($0.outcome.isOK) },
        Key("length_unproved") { .flag($0.outcome.response == nil ? nil : $0.last?.isLengthUnproved) },
        Key("tls_verified") { .flag($0.outcome.isTLSVerified) },
        Key("error") { .text($0.outcome.error?.kind.rawValue) },
        Key("exitcode") { $0.wasSent ? .integer($0.outcome.error == nil ? 0 : $0.outcome.error?.curlCode ?? 0) : .missing },
        Key("errormsg") { .text($0.outcome.error?.message) },
    ]

    static let afterBody = [
        Key("body_file") { .text($0.file?.path) },
        Key("sha256") { .text(($0.file?.sha256 ?? $0.outcome.sha256).map { hexadecimal($0) }) },
    ]
}

extension Record {
    fileprivate var last: Hop? { outcome.hops.last }
    fileprivate var wasSent: Bool { !outcome.hops.isEmpty }

    fileprivate func sum(_ count: (Hop) -> Int64) -> Fact { wasSent ? .integer(outcome.sum(count)) : .missing }

    fileprivate func moment(_ moment: (Timings) -> Duration) -> Fact { wasSent ? .seconds(moment(outcome.timings)) : .missing }
}
