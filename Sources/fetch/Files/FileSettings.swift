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
    /// The server may name files.
    var takesRemoteNames = false
    var isSharded = false
    var keepsTime = false
    /// Parts of bodies are kept and continued.
    var continues = false
    /// Which bodies get files.
    var bodies = Configuration.Bodies.Kept.successful
    /// The manifest wants hashes.
    var hashes = false

    /// What the file of a request is to be called, before that is made safe and unique; nil where it has none, or only its body can tell.
    func name(for request: Request, index: Int) -> [UInt8]? { name(for: request, index: index, rules) }

    /// The same with the characters that portable names leave out.
    func wantedName(for request: Request, index: Int) -> [UInt8]? { name(for: request, index: index, NameRules(isPortable: false)) }

    private func name(for request: Request, index: Int, _ rules: NameRules) -> [UInt8]? {
        guard request.method != "HEAD" else { return nil }
        if let output = request.output { return rules.supplied(output.utf8) }
        if template.needsBody { return nil }
        return template.render(NameParts(index: index, id: request.id, url: request.url.absoluteString, bodyHash: nil), rules)
    }

    func path(for name: [UInt8]) -> SafePath {
        let path = rules.path(for: name)
        return isSharded ? rules.sharded(path) : path
    }
}
