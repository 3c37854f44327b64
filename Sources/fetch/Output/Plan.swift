// --dry-run: what a run would ask for, a line each, without asking.

import FetchFormats
import FetchKit
import Glibc

/// Says of requests what would become of them.
struct Plan: Sendable {
    /// Where bodies would be saved; nil where they get no files.
    let files: FileSettings?

    /// Method and URL, and after a tab the name of the file, as far as the request alone tells it; nil for a request that would not be
    /// sent.
    func line(_ request: Request, index: Int) -> String? {
        guard let files, let name = files.name(for: request, index: index) else { return "\(request.method) \(request.url)\n" }
        let path = "\(files.directory)\(files.directory.hasSuffix("/") ? "" : "/")\(files.path(for: name))"
        if files.existing == .skip && access(path, F_OK) == 0 { return nil }
        return "\(request.method) \(request.url)\t\(path)\n"
    }
}
