// The URL of a transfer in libcurl's own parts.

internal import CCurl
internal import Glibc

/// The parts of the URLs that an easy handle asks for, one after the other. From parts libcurl parses nothing, and puts no normal form
/// together (https://curl.se/libcurl/c/CURLOPT_CURLU.html): that is a tenth of its work for a small response over HTTP/1.1.
struct TransferURL: ~Copyable {
    private let url = CurlURL()
    /// Of the URL that is there, if that has no user and password.
    private var origin: Origin?

    /// The URL's parts for `CURLOPT_CURLU`, valid until the next one is set; nil when libcurl does not accept it.
    mutating func set(_ next: HTTPURL) -> UnsafeMutableRawPointer? {
        if next.hasCredentials || next.origin != origin || !setPath(of: next) {
            origin = nil
            guard curl_url_set(url.pointer, CURLUPART_URL, next.absoluteString, 0) == CURLUE_OK else { return nil }
            if !next.hasCredentials { origin = next.origin }
        }
        return UnsafeMutableRawPointer(url.pointer)
    }

    /// Replaces path and query alone. False for a percent sign: libcurl changes the case of its digits in parts, and not in whole URLs.
    private func setPath(of next: HTTPURL) -> Bool {
        var text = next.absoluteString
        let start = next.origin.text.utf8.count
        return text.withUTF8 { bytes in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count - start + 1) { path in
                let count = bytes.count - start
                memcpy(path.baseAddress!, bytes.baseAddress! + start, count)
                path[count] = 0
                if strchr(path.baseAddress!, Int32(UInt8(ascii: "%"))) != nil { return false }
                var query = strchr(path.baseAddress!, Int32(UInt8(ascii: "?")))
                if let mark = query {
                    mark.pointee = 0
                    query = mark + 1
                }
                return curl_url_set(url.pointer, CURLUPART_PATH, path.baseAddress, 0) == CURLUE_OK
                    && curl_url_set(url.pointer, CURLUPART_QUERY, query, 0) == CURLUE_OK
            }
        }
    }
}
