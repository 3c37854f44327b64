// The cookies that a fetcher starts with, and where they go at its end.

extension Configuration {
    /// One jar for all requests of an event loop; the public suffix list is respected where libcurl has it.
    public struct Cookies: Sendable {
        /// Cookies to start with, lines of a file in Netscape's format or `Set-Cookie:` lines; what is neither is skipped.
        public var lines: [String] = []
        /// Gets the cookies at the end of the fetcher, before `close` returns, as lines of a file in Netscape's format. Called on a
        /// thread of the fetcher.
        public var receive: (@Sendable ([String]) -> Void)?

        /// A jar with these cookies in it.
        public init(lines: [String] = [], receive: (@Sendable ([String]) -> Void)? = nil) {
            self.lines = lines
            self.receive = receive
        }
    }
}
