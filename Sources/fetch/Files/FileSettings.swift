// What is to become of bodies that get files.

import FetchFormats
import FetchKit

/// Where the files of bodies go, what they are called, and what is there already.
struct FileSettings: Sendable {
    enum Existing: Sendable {
        case replace
        case skip
        case number
    }

    var directory = "."
    var template = NameTemplate.default
    var rules = NameRules()
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
