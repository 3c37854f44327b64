// What an entry of an archive is called: as a file of --output-dir would be, in a form that is safe to extract wherever the URL came
// from.

import FetchKit

/// Names of entries.
enum TarName {
    /// `host/path/name~INDEX.ext`. The number keeps two bodies apart that would have the same name, because an archive does not
    /// know what is in it already; a run for one URL has none, nor has a name that is like no other anyway.
    static func file(_ outcome: Outcome, _ template: NameTemplate, _ rules: NameRules, isNumbered: Bool) -> String {
        let path = rules.path(for: template.render(NameParts(outcome), rules))
        guard isNumbered else { return path.description }
        // A folder must not have the name of a file with its number.
        let folders = path.folders.map { $0.utf8.contains(UInt8(ascii: "~")) ? $0.replacing("~", with: "%7E") : $0 }
        return SafePath(trusting: folders + [path.name]).suffixed("\(outcome.index)").description
    }

    /// `host/`.
    static func folder(_ outcome: Outcome, _ rules: NameRules) -> String {
        guard outcome.hops.first?.url ?? (try? HTTPURL(outcome.text)) != nil else { return "invalid/" }
        return rules.path(for: NameTemplate.default.render(NameParts(outcome), rules)).components[0] + "/"
    }
}
