// libcurl's linked list of header lines, with one owner.

internal import CCurl

/// A `curl_slist` of request headers in the form that `CURLOPT_HTTPHEADER` takes.
struct HeaderList: ~Copyable {
    private(set) var pointer: UnsafeMutablePointer<curl_slist>?

    init(_ fields: [HeaderField]) {
        for field in fields {
            // A header without content is written "Name;": "Name:" would remove it (CURLOPT_HTTPHEADER).
            let line =
                switch field.value {
                case .some(""): "\(field.name);"
                case .some(let value): "\(field.name): \(value)"
                case nil: "\(field.name):"
                }
            guard let longer = curl_slist_append(pointer, line) else { fatalError("curl_slist_append: out of memory") }
            pointer = longer
        }
    }

    deinit { curl_slist_free_all(pointer) }
}
