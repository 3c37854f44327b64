// What is wrong with a command line. Arguments are shown in messages only through `shown`.

import FetchFormats
import FetchKit

/// A command line that must be another one (status 64).
struct UsageError: Error, Equatable, CustomStringConvertible {
    let description: String
    /// Whether to show how the program is called.
    let showsUsage: Bool

    init(_ description: String, showsUsage: Bool = false) { (self.description, self.showsUsage) = (description, showsUsage) }
}

extension StringProtocol {
    /// The text of an argument for a message: without credentials, with control characters escaped, and at most 2 KB of it.
    var shown: String {
        printable(contains("@") ? HTTPURL.redacted(String(self)) : String(self)).excerpt
    }
}
