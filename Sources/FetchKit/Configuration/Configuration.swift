// Everything a fetcher can be told, grouped by topic. Each group is a small value in a file of its own.

/// How a `Fetcher` works. The defaults are those of the command-line tool.
public struct Configuration: Sendable {
    /// How much at once, and when a run ends early.
    public var limits = Limits()
    /// How many starts and bytes per second.
    public var rates = RateLimits()
    /// Which failures are tried again, and when a host is given up.
    public var retry = Retry()
    /// What happens to bodies.
    public var bodies = Bodies()
    /// Time limits of one request.
    public var timeouts = Timeouts()
    /// Where connections go to and come from.
    public var addresses = Addresses()
    /// Which addresses may be dialled.
    public var addressGuard = AddressGuard()
    /// Which proxy requests go through.
    public var proxy = Proxy()
    /// What is spoken, and how redirects are followed.
    public var http = HTTP()
    /// How servers prove who they are, and this end who it is.
    public var tls = TLS()
    /// Nil sends and keeps no cookies.
    public var cookies: Cookies?
    /// What is kept of each hop besides its facts.
    public var recording: Recording = []

    /// The defaults.
    public init() {}
}

/// The version of this package.
public let fetchVersion = "0.1.0"
