// Where requests come from. A source is asked only when there is room, so that a list is never held whole.

/// A stream of candidates.
public protocol RequestSource: Sendable {
    /// The next candidates, at least one; nil at the end. Called again only after it has returned.
    ///
    /// Must return soon after its task was cancelled. Throws only when the source as a whole cannot go on.
    func next() async throws -> [Candidate]?
}

/// Requests that are already here.
public final class RequestList<Requests: Sequence>: RequestSource, @unchecked Sendable where Requests.Element == Request {
    // Unchecked: `next` is called by one task at a time, as the protocol says.
    private var rest: Requests.Iterator

    /// `requests` is iterated while the run goes on, 256 elements at a time, and never held whole: it may be a lazy sequence.
    public init(_ requests: sending Requests) { rest = requests.makeIterator() }

    public func next() async throws -> [Candidate]? {
        var batch: [Candidate] = []
        while batch.count < 256, let request = rest.next() { batch.append(.request(request)) }
        return batch.isEmpty ? nil : batch
    }
}
