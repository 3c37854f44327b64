// What is asked for: method, headers, content; and who asks.

import FetchFormats
import FetchKit

extension OptionTable {
    private static let data = Option.Value("data", mayBeURL: true)

    /// curl's text, and the name of a file where it is that.
    private static func content(
        _ name: String, letter: Character? = nil, also aliases: [String] = [], _ help: String, rank: Int? = nil, meanings: String = "",
        _ piece: @escaping @Sendable (String) -> FormData.Piece
    ) -> Option {
        Option(name, letter: letter, also: aliases, data, help, rank: rank, meanings: meanings) { $0.content.append(piece($1.text)) }
    }

    static let requests = [
        Option("request", letter: "X", .init("method"), "The HTTP method.", rank: 10, meanings: "--method") {
            guard isToken($1.text) else { throw $1.isNot("an HTTP method") }
            $0.method = $1.text
        },
        Option(turning: "head", letter: "I", "Method HEAD: the head only.", meanings: "--spider --probe") { $0.isHead = $1 },
        Option(
            "header", letter: "H", .init("header", secret: .headerValue, mayBeURL: true),
            "A header to send, \"Name: value\". \"Name:\" removes one, @FILE reads them from a file (up to 1 MiB). Can be repeated.",
            rank: 9
        ) { $0.template.headers += try $0.headerFields($1) },
        Option("user-agent", letter: "A", .init("name", mayBeURL: true), "The User-Agent to send.", standard: { $0.http.userAgent }) {
            $0.configuration.http.userAgent = try $1.fieldValue()
        },
        Option("referer", letter: "e", .init("url", mayBeURL: true), "The Referer to send.", meanings: "--referrer") {
            $0.referer = try $1.fieldValue()
        },
        content(
            "data", letter: "d", also: ["data-ascii"],
            "Content to POST, as in curl. @FILE reads it from a file (up to 1 GiB). Can be repeated.", rank: 11,
            meanings: "--post-data --body-data"
        ) { .data($0) },
        content("data-raw", "The same, but an @ is one.") { .raw($0) },
        content("data-binary", "The same, but of a file line ends are kept.", meanings: "--post-file --body-file") { .binary($0) },
        content("data-urlencode", "The same, but what is sent is encoded: content, =content, name=content, @file, name@file.") {
            .urlEncoded($0)
        },
        Option(
            "json", also: ["data-json"], data, "JSON to POST, with the headers for it. @FILE reads it from a file. Can be repeated.",
            rank: 12
        ) {
            $0.content.append(.binary($1.text))
            $0.isJSON = true
        },
        Option(
            "upload-file", letter: "T", .file,
            "A file to send, method PUT. It is read while it is sent; - is standard input (up to 1 GiB). Its name stands behind a URL that "
                + "ends with a slash."
        ) { $0.uploads.append($1.text) },
        Option(
            "form", letter: "F", .init("name=content"),
            "A part of a form to POST: name=content, name=@FILE to upload it, name=<FILE for its content; ;type= and ;filename= may follow. "
                + "Files are read while they are sent. Can be repeated.", meanings: "--post-form"
        ) { $0.parts.append(.form($1.text)) },
        Option("form-string", .init("name=content"), "The same, but the content is as it stands.") {
            $0.parts.append(.string($1.text))
        },
        Option(turning: "get", letter: "G", "Append what -d says to the URL's query.") { $0.isGet = $1 },
        Option(
            "url-query", .init("data", mayBeURL: true),
            "Append to the URL's query: what --data-urlencode takes; after a + as it is. Can be repeated."
        ) { $0.query.append($1.text.hasPrefix("+") ? .raw(String($1.text.dropFirst())) : .urlEncoded($1.text)) },
        Option("range", letter: "r", .init("range"), "Bytes to ask for, such as 0-499.", meanings: "--start-pos") {
            $0.range = try $1.fieldValue()
        },
        Option(turning: "compressed", "Offer gzip, and decode it. (default: on)", meanings: "--compression --http-accept-gzip") {
            $0.configuration.bodies.isCompressionOffered = $1
        },
        Option(
            "max-redirs", .number, "Redirects to follow. 0 makes a 3xx response final.", standard: { "\($0.http.maxRedirects)" },
            meanings: "--max-redirect --max-redirects"
        ) { $0.configuration.http.maxRedirects = try $1.number(0...1_000_000) },
        Option(
            turning: "location-trusted",
            "Send everything to other origins too, after redirects: credentials, every header, the client certificate."
        ) { $0.configuration.http.trustsRedirects = $1 },
        Option(
            "proto", .init("schemes"), "Schemes to speak, at every hop: =https, -http.",
            meanings: "--proto-redir --https-only --require-https"
        ) { $0.configuration.http.schemes = try $1.schemes() },
    ]

    static let authentication = [
        Option(
            "user", letter: "u", .init("user:password", secret: .everything), "User and password for the hosts of the URLs.", rank: 13,
            meanings: "--http-user --http-password --password --auth --http-passwd"
        ) { $0.user = $1 },
        Option(turning: "digest", "Answer the server's challenge instead of sending the password (-u).") { $0.isDigest = $1 },
        Option("oauth2-bearer", .init("token", secret: .everything), "A bearer token to send.", meanings: "--bearer") {
            $0.bearer = try $1.fieldValue()
        },
        Option(turning: "netrc", letter: "n", also: ["netrc-optional"], "Users and passwords from ~/.netrc.") {
            guard $1 else { return $0.template.netrc = nil }
            try $0.readNetrc("\($0.surroundings.variable("HOME") ?? "/")/.netrc", isNeeded: false, for: "-n")
        },
        Option("netrc-file", .file, "The same from another file (up to 1 MiB).", meanings: "--netrc-path") {
            try $0.readNetrc($1.text, isNeeded: true, for: $1.option)
        },
        Option(
            "cookie", letter: "b", .init("data|file", .files, secret: .cookies),
            "Cookies to send, \"a=1; b=2\". Or a file of them (up to 256 MiB) to start with. Can be repeated.", meanings: "--load-cookies"
        ) {
            // As in curl: with a = it is a cookie, else a file.
            if $1.text.contains("=") { $0.cookies.append(try $1.fieldValue()) } else { $0.cookieFiles.append($1.text) }
        },
        Option("cookie-jar", letter: "c", .file, "Keep cookies, and write them to a file at the end.", meanings: "--save-cookies") {
            $0.output.cookieJar = $1.text
        },
    ]
}
