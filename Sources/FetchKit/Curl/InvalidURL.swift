// What the parser of URLs throws, and who calls it.

/// Why text cannot be fetched as a URL.
public struct InvalidURL: Error, CustomStringConvertible {
    public let reason: String

    public init(reason: String) { self.reason = reason }

    public var description: String { reason }
}
