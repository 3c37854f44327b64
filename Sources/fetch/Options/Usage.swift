// What is printed in place of a run: help, versions, and what is wrong with the command line.

import FetchFormats
import ArgumentParser
import FetchKit
import Glibc

/// Text about the program. Text that was asked for and cannot be written is a failure like that of any other output.
enum Usage {
    /// What the parser has to say, which may be the help that was asked for. A value in it may be a URL with a password.
    static func show(_ error: any Error) -> ExitStatus {
        let message = Fetch.fullMessage(for: error)
        if Fetch.exitCode(for: error).isSuccess { return print(message + "\n") }
        let writer = DescriptorWriter(STDERR_FILENO, name: "standard error")
        for line in message.split(separator: "\n", omittingEmptySubsequences: false) {
            try? writer.write((line.contains("://") ? HTTPURL.redacted(String(line)) : String(line)) + "\n")
        }
        try? writer.flush()
        return .usage
    }

    /// Writes to standard output.
    static func print(_ text: String) -> ExitStatus {
        let writer = DescriptorWriter(.standardOutput)
        do {
            try writer.write(text)
            try writer.flush()
            return .success
        } catch OutputError.readerLeft {
            return .signal(SIGPIPE)
        } catch {
            Message.tell("\(error)")
            return .outputFailed
        }
    }
}
