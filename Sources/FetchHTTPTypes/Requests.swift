// Requests of the ecosystem's type, made into those that are fetched.

public import FetchKit
public import HTTPTypes

extension Request {
    /// A request with the method, URL and header fields of an `HTTPRequest`.
    ///
    /// - Parameters:
    ///   - request: Its method is sent as it is. A field that must not be sent (RFC 9112 section 6.3) makes the request fail as
    ///     `FetchError.Kind.input` when it is fetched; see `Request.defect`.
    ///   - body: What is sent as content; nil is none.
    /// - Throws: `InvalidURL` as `HTTPURL.init(_:)` does.
    public init(_ request: HTTPRequest, body: RequestBody? = nil) throws(InvalidURL) {
        self.init(try HTTPURL(request), method: request.method.rawValue, headers: [HeaderField](request.headerFields))
        self.body = body
    }
}

extension HTTPURL {
    /// The URL of an `HTTPRequest`: its target URI (RFC 9110 section 7.1).
    ///
    /// - Throws: `InvalidURL` if scheme, authority or path is missing, as in a request for a tunnel (CONNECT) or for a server as a
    ///   whole (`OPTIONS *`), or if they make no `http` or `https` URL.
    public init(_ request: HTTPRequest) throws(InvalidURL) {
        guard let scheme = request.scheme else { throw InvalidURL(reason: "the request has no scheme") }
        guard let authority = request.authority, !authority.isEmpty else { throw InvalidURL(reason: "the request has no authority") }
        guard let path = request.path, path.hasPrefix("/") else { throw InvalidURL(reason: "the request has no path") }
        try self.init("\(scheme)://\(authority)\(path)")
    }
}

extension [HeaderField] {
    /// The same fields in the same order, under the names as they were written.
    ///
    /// `Cookie` fields become one, where the first of them stands: HTTP/1.1 has room for one only (RFC 6265 section 5.4, RFC 9113
    /// section 8.2.3). Bytes of a value that are not UTF-8 are replaced by U+FFFD.
    public init(_ fields: HTTPFields) {
        self.init()
        reserveCapacity(fields.count)
        var hasCookie = false
        for field in fields where field.name != .cookie || !hasCookie {
            let isCookie = field.name == .cookie
            append(HeaderField(field.name.rawName, isCookie ? fields[.cookie] : field.value))
            hasCookie = hasCookie || isCookie
        }
    }
}
