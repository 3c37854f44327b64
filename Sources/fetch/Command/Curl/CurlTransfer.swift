// One URL of a curl command, which may be a pattern for many: written out one at a time, because there may be more than fit in memory.

import FetchFormats
import FetchKit

/// What a curl command asks for with one of its URLs.
struct CurlTransfer {
    let template: RequestTemplate
    let url: String
    /// Whether braces and brackets stand for several URLs.
    let isGlobbing: Bool
    /// The name of the file, in which `#1` is what the first part of the pattern stands for.
    let output: String?
    let timeLimit: Duration?

    func forEachLine(_ take: ([UInt8]) throws -> Void, omitting: (String) -> Void) throws {
        guard isGlobbing, Glob.isPattern(url), var glob = try? Glob(url) else { return try giveLine(url, [], take, omitting) }
        while let url = glob.next() { try giveLine(url, glob.matches, take, omitting) }
    }

    private func giveLine(_ text: String, _ matches: [String], _ take: ([UInt8]) throws -> Void, _ omitting: (String) -> Void) throws {
        if let scheme = Self.guessedScheme(text) {
            return omitting("\(text.shown): curl takes it for \(scheme), and only http and https are spoken")
        }
        do {
            var request = try template.request(try HTTPURL(text), text: nil, source: nil)
            request.timeLimit = timeLimit
            request.output = output.map { Self.name($0, matches) }
            guard let line = try request.line() else {
                return omitting("\(text.shown): the content is longer than a line may be (1 MiB); send it with --data-binary @FILE")
            }
            try take(line)
        } catch let error as InvalidURL {
            omitting("\(text.shown): \(error.reason)")
        } catch let error as RequestBody.UnusableFile {
            throw UnreadableFile(error.description)
        }
    }

    /// curl's guess for a URL without a scheme (curl manual page, "URL").
    private static func guessedScheme(_ url: String) -> String? {
        guard !url.contains("://") else { return nil }
        return ["ftp", "dict", "ldap", "imap", "smtp", "pop3"].first { url.lowercased().hasPrefix("\($0).") }
    }

    /// curl manual page, "-o, --output": a number that no part has stays as it is.
    private static func name(_ output: String, _ matches: [String]) -> String {
        output.replacing(/#([0-9]+)/) { found in
            guard let number = Int(found.output.1), matches.indices.contains(number - 1) else { return String(found.output.0) }
            return matches[number - 1]
        }
    }
}
