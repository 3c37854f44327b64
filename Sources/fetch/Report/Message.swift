// What a person must be told outside of a run: why it does not begin, or how it ended.

import FetchFormats
import FetchKit
import Glibc

/// Lines on standard error.
enum Message {
    static func tell(_ text: String) {
        let writer = DescriptorWriter(STDERR_FILENO, name: "standard error")
        // The name of a file may be a URL by mistake, and hold a password.
        let line = "fetch: \(printable(text.contains("://") ? HTTPURL.redacted(text) : text))"
        let width = isatty(STDERR_FILENO) == 1 ? terminalWidth(STDERR_FILENO) : nil
        try? writer.write(line.wrapped(width).joined(separator: "\n") + "\n")
        try? writer.flush()
    }
}
