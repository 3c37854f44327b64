// What every request of a run has in common: the options that speak about requests.

package import FetchKit

/// The beginning of every request.
package struct RequestTemplate: Sendable {
    package var method = "GET"
    package var headers: [HeaderField] = []
    package var body: RequestBody?
    /// Stands behind URLs that end with a slash: the name of the file that is sent, percent-encoded.
    package var fileName: String?
    package var credentials: Credentials?
    var timeLimit: Duration?
    /// Appended to each URL's query (`-G`).
    package var query: FormData?
    /// Users and passwords by host.
    package var netrc: Netrc?
    package var schemes: Set<String> = ["http", "https"]
    /// The content of a file that a line of a list names to be sent. Nil where a line may name none, as with a guard: who needs one does not trust
    /// the list.
    package var readFile: (@Sendable (String) throws(InvalidURL) -> RequestBody)?

    package init(readFile: (@Sendable (String) throws(InvalidURL) -> RequestBody)? = nil) { self.readFile = readFile }

    /// `text` is how the user wrote the URL; nil when that cannot be shown. Throws for a scheme that is not allowed.
    package func request(_ url: HTTPURL, text: String?, source: Request.Source?) throws(InvalidURL) -> Request {
        guard schemes.count == 2 || schemes.contains(url.scheme) else {
            throw InvalidURL(reason: "scheme \"\(url.scheme)\" is not allowed (--proto)")
        }
        var url = url
        if let fileName, url.absoluteString.utf8.last == UInt8(ascii: "/") { url = try HTTPURL(url.absoluteString + fileName) }
        if let query { url = try HTTPURL(query.appended(toQueryOf: url.absoluteString)) }
        // What is no ASCII is shown in the form in which it is asked for: two letters that look alike are not the same host.
        var shown = text
        if let text, url.hasCredentials || text != url.absoluteString {
            shown = text.utf8.allSatisfy { $0 < 0x80 } ? HTTPURL.redacted(text) : nil
        }
        var request = Request(url, text: shown, method: method, headers: headers, source: source)
        if let body { request.body = body }
        if let timeLimit { request.timeLimit = timeLimit }
        if let credentials { request.credentials = credentials }
        if credentials == nil, !url.hasCredentials, let known = netrc?.credentials(for: url.host) {
            request.credentials = Credentials(user: known.user, password: known.password)
        }
        return request
    }
}

extension Credentials {
    /// `user:password`, as `-u` takes it; without a colon the password is empty.
    package init(pair: String, scheme: Scheme = .basic) {
        let colon = pair.firstIndex(of: ":") ?? pair.endIndex
        self.init(user: String(pair[..<colon]), password: String(pair[colon...].dropFirst()), scheme: scheme)
    }
}
