// The host that is looked up for a request.

/// Where a request goes when its host's addresses are known.
struct Target {
    /// A name, or an address without brackets.
    var host: String
    /// nil is the URL's own.
    var port: Int?
    /// What `--resolve` calls it.
    var lookUpPort: Int
}
