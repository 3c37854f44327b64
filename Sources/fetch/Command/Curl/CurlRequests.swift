// curl commands as the lines of a list that ask for the same (`--from-curl`). What stands in the lines is what the same options mean to a run
// of ours; everything else holds for a whole run here, or is not done at all, and is told by name.

import FetchFormats
import FetchKit

/// The requests of one or several curl commands.
struct CurlRequests {
    private var transfers: [CurlTransfer] = []
    /// What the lines do not say, each thing once.
    private(set) var omissions: [String] = []

    /// Reads commands as they are written for a POSIX shell. Throws `UsageError` for what a shell or curl would refuse, and `UnreadableFile`.
    init(_ text: String, in surroundings: Surroundings) throws {
        let shell: ShellWords
        do { shell = try ShellWords(text) } catch {
            throw UsageError("--from-curl: the command has \(error)")
        }
        for redirection in shell.redirections { omit("'\(redirection.shown)': redirections are left to the shell") }
        var hasCurl = false
        for words in shell.commands {
            guard words[0] == "curl" || words[0].hasSuffix("/curl") else {
                omit("\(words[0].shown): only what curl does is read")
                continue
            }
            hasCurl = true
            do {
                let arguments = try CurlArgument.read(words.dropFirst())
                for part in arguments.split(omittingEmptySubsequences: false, whereSeparator: { $0.name == "next" }) {
                    try read(Array(part), surroundings)
                }
            } catch let error as UsageError {
                throw UsageError("--from-curl: \(error)")
            }
        }
        guard hasCurl else { throw UsageError("--from-curl takes a command that begins with curl") }
    }

    /// Gives each request as a line. What cannot be one is told as an omission.
    func forEachLine(_ take: ([UInt8]) throws -> Void, omitting: (String) -> Void) throws {
        for transfer in transfers { try transfer.forEachLine(take, omitting: omitting) }
    }

    /// One part of a command: options, and the URLs that they hold for.
    private mutating func read(_ arguments: [CurlArgument], _ surroundings: Surroundings) throws {
        if arguments.contains(where: { ["help", "manual", "version"].contains($0.name) }) {
            throw UsageError("the command asks curl about itself")
        }
        var draft = try CurlDraft(arguments, in: surroundings)
        transfers += try draft.transfers()
        for omission in draft.omissions { omit(omission) }
    }

    private mutating func omit(_ text: String) {
        if !omissions.contains(text) { omissions.append(text) }
    }
}
