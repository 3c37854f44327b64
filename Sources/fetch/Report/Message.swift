// What a person must be told outside of a run: why it does not begin, or how it ended.

import FetchFormats
import FetchKit
import Glibc

/// Lines on standard error.
enum Message {
    static func tell(_ text: String) {
        // The name of a file may be a URL by mistake, and hold a password.
        tell(redacted: text.contains("://") ? HTTPURL.redacted(text) : text)
    }

    /// The same for text that shows no more of an argument than may be seen. `usage` are lines that follow it.
    static func tell(redacted text: String, usage: String = "") {
        let writer = DescriptorWriter(STDERR_FILENO, name: "standard error")
        let width = isatty(STDERR_FILENO) == 1 ? terminalWidth(STDERR_FILENO) : nil
        try? writer.write("fetch: \(printable(text))".wrapped(width).joined(separator: "\n") + "\n" + usage)
        try? writer.flush()
    }
}
