// What the options say about files for bodies, checked.

import FetchFormats
import FetchKit

/// What the options say about files for bodies.
struct FileSettings: Sendable {
    enum Existing: Sendable {
        case replace
        case skip
        case number
    }

    var directory: String
    var template = NameTemplate.default
    var existing = Existing.replace
    var isSharded = false
    var keepsTime = false
    /// Parts of bodies are kept and continued.
    var continues = false
    /// Which bodies get files.
    var bodies = Configuration.Bodies.Kept.successful
    /// The manifest wants hashes.
    var hashes = false
}
