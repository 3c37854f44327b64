// What a record tells of: an outcome and, where its body is saved, the file.

package import FetchKit

/// What the output knows of one request: its outcome, and what became of the body.
package struct Record {
    package let outcome: Outcome
    /// The file that holds the body.
    package var file: SavedFile?

    package init(outcome: Outcome, file: SavedFile? = nil) {
        self.outcome = outcome
        self.file = file
    }
}

/// A body that has a file of its own.
package struct SavedFile {
    /// As a program that runs where we run opens it.
    package var path: String
    /// In bytes.
    package var size: Int64
    /// The hash of all that is in it, if it is known.
    package var sha256: [UInt8]?

    package init(path: String, size: Int64, sha256: [UInt8]?) {
        self.path = path
        self.size = size
        self.sha256 = sha256
    }
}
