// What a record tells of: an outcome and what became of its body.

package import FetchKit

/// One outcome, with what belongs to it in the output. A reference: an outcome is large, and each of forty facts would copy it.
package final class Record {
    package let outcome: Outcome
    /// The last exchange; nil when nothing was dispatched.
    let last: Hop?
    let timings: Timings
    /// The body that the stream holds; nil where it has none.
    package let body: Body?
    /// The file that holds the body.
    package let file: SavedFile?

    /// An outcome whose body, if it has one of those, goes into the stream.
    package init(_ outcome: Outcome, bodies: Configuration.Bodies.Kept) {
        self.outcome = outcome
        last = outcome.hops.last
        timings = outcome.timings
        body = bodies.includes(outcome) ? outcome.body : nil
        file = nil
    }

    /// An outcome whose body, if there is one, is in a file.
    package init(_ outcome: Outcome, file: SavedFile?) {
        self.outcome = outcome
        last = outcome.hops.last
        timings = outcome.timings
        self.file = file
        body = nil
    }
}

/// A body that has a file of its own.
package struct SavedFile {
    /// As a program that runs where we run opens it.
    package let path: String
    /// In bytes.
    package let size: Int64
    /// The hash of all that is in it, if it is known.
    package let sha256: [UInt8]?
    /// Whether it could not have the name that it was to have.
    package let isRenamed: Bool

    package init(path: String, size: Int64, sha256: [UInt8]?, isRenamed: Bool = false) {
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.isRenamed = isRenamed
    }
}

extension Configuration.Bodies.Kept {
    /// Whether the body of the outcome is one of those.
    package func includes(_ outcome: Outcome) -> Bool {
        switch self {
        case .none: false
        case .successful: outcome.isOK
        case .all: outcome.isOK || outcome.error?.kind == .http
        }
    }
}
