// libcurl's linked list of strings, with one owner.

internal import CCurl

/// A `curl_slist`, as `CURLOPT_HTTPHEADER` and `CURLOPT_CONNECT_TO` take it. libcurl borrows it as long as it is set.
struct StringList: ~Copyable {
    private(set) var pointer: UnsafeMutablePointer<curl_slist>?

    init(_ strings: [String]) {
        for string in strings {
            guard let longer = curl_slist_append(pointer, string) else { fatalError("curl_slist_append: out of memory") }
            pointer = longer
        }
    }

    deinit { curl_slist_free_all(pointer) }
}
