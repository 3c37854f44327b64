// What the parser of URLs throws, and who calls it.

/// Why text cannot be fetched as a URL.
public struct InvalidURL: Error, CustomStringConvertible {
    /// Why, for people; one line, without the URL.
    public let reason: String

    /// An error with that reason.
    public init(reason: String) { self.reason = reason }

    public var description: String { reason }
}
