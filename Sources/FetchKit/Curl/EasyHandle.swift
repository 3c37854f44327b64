// One owner for one `CURL *`. Setters carry the names of libcurl's own kinds of argument; a refused option is a broken
// program, never the user's input, so `set` traps.

internal import CCurl

/// A libcurl easy handle: one transfer (https://curl.se/libcurl/c/libcurl-easy.html).
struct EasyHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer

    init() {
        guard let pointer = curl_easy_init() else { fatalError("curl_easy_init: out of memory") }
        self.pointer = pointer
    }

    deinit { curl_easy_cleanup(pointer) }

    func set(_ option: CURLoption, _ value: Int) {
        check(ccurl_easy_set_long(pointer, option, value), option)
    }

    func set(_ option: CURLoption, offset value: Int64) {
        check(ccurl_easy_set_offset(pointer, option, curl_off_t(value)), option)
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String?) {
        if let value {
            // Passed as it is, it would be copied first.
            value.withCString { check(ccurl_easy_set_string(pointer, option, $0), option) }
        } else {
            check(ccurl_easy_set_string(pointer, option, nil), option)
        }
    }

    /// libcurl keeps the pointer: it must live as long as the handle or until it is set anew.
    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
        check(ccurl_easy_set_pointer(pointer, option, value), option)
    }

    /// libcurl borrows the list until the transfer's end.
    func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) {
        check(ccurl_easy_set_slist(pointer, option, list), option)
    }

    func set(_ option: CURLoption, callback: @escaping curl_write_callback) {
        check(ccurl_easy_set_write(pointer, option, callback), option)
    }

    /// Under a name of its own: in Swift it has the type of `curl_write_callback`.
    func set(_ option: CURLoption, reader: @escaping curl_read_callback) {
        check(ccurl_easy_set_read(pointer, option, reader), option)
    }

    func set(_ option: CURLoption, callback: @escaping curl_seek_callback) {
        check(ccurl_easy_set_seek(pointer, option, callback), option)
    }

    func set(_ option: CURLoption, callback: @escaping curl_opensocket_callback) {
        check(ccurl_easy_set_opensocket(pointer, option, callback), option)
    }

    func set(_ option: CURLoption, callback: @escaping curl_closesocket_callback) {
        check(ccurl_easy_set_closesocket(pointer, option, callback), option)
    }

    func set(_ option: CURLoption, callback: @escaping curl_prereq_callback) {
        check(ccurl_easy_set_prereq(pointer, option, callback), option)
    }

    /// Lets a transfer go on that its write callback has paused. Calls that callback before it returns; an error is the end of the
    /// transfer (https://curl.se/libcurl/c/curl_easy_pause.html).
    func unpause() -> CURLcode { curl_easy_pause(pointer, CURLPAUSE_CONT) }

    func set(_ option: CURLoption, callback: @escaping curl_debug_callback) {
        check(ccurl_easy_set_debug(pointer, option, callback), option)
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        ccurl_easy_get_long(pointer, info, &value)
        return value
    }

    func offset(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        ccurl_easy_get_offset(pointer, info, &value)
        return Int64(value)
    }

    /// For what not every libcurl knows: nil when this one does not.
    func offsetIfKnown(_ info: CURLINFO) -> Int64? {
        var value: curl_off_t = 0
        return ccurl_easy_get_offset(pointer, info, &value) == CURLE_OK ? Int64(value) : nil
    }

    /// The same for a number of the machine's size.
    func longIfKnown(_ info: CURLINFO) -> Int? {
        var value = 0
        return ccurl_easy_get_long(pointer, info, &value) == CURLE_OK ? value : nil
    }

    func string(_ info: CURLINFO) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        ccurl_easy_get_string(pointer, info, &value)
        return value.map { String(cString: $0) }
    }

    /// The chain of this transfer's own handshake, if `CURLOPT_CERTINFO` asked for it.
    var certificates: [[String]] {
        var value: UnsafeMutableRawPointer?
        ccurl_easy_get_pointer(pointer, CURLINFO_CERTINFO, &value)
        guard let chain = value?.assumingMemoryBound(to: curl_certinfo.self).pointee, chain.num_of_certs > 0 else { return [] }
        return (0..<Int(chain.num_of_certs)).map { number in
            var lines: [String] = []
            var next = chain.certinfo[number]
            while let line = next?.pointee {
                lines.append(String(cString: line.data))
                next = line.next
            }
            return lines
        }
    }

    private func check(_ code: CURLcode, _ option: CURLoption) {
        precondition(code == CURLE_OK, "libcurl refused option \(option.rawValue): \(String(cString: curl_easy_strerror(code)))")
    }
}

/// The pointer that `CURLOPT_PRIVATE` stored in an easy handle that libcurl names in a message.
func privatePointer(of easy: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    var value: UnsafeMutableRawPointer?
    ccurl_easy_get_pointer(easy, CURLINFO_PRIVATE, &value)
    return value
}
