// What the options about a file for each body mean together.

import FetchFormats
import FetchKit

extension Draft {
    mutating func settleFiles() throws {
        if isRemoteName { nameTemplate = nameTemplate ?? Self.remoteName }
        if isContinued, template.headers.contains(where: { $0.name.lowercased() == "range" }) {
            throw UsageError("-C - asks for ranges itself: leave -r away")
        }
        if isContinued, !savesBodies, let file = output.file { return try settleContinuation(of: file) }
        guard savesBodies else {
            let hasEntries = format.options.contains(.entryNames)
            if hasEntries, let nameTemplate { formatSettings.entryNames = try Self.template(nameTemplate) }
            let ofEntries = hasEntries ? ["--name", "--no-portable-names"] : []
            if let option = needingFiles.first(where: { !ofEntries.contains($0) }) {
                throw UsageError("\(option) needs --output-dir or -O")
            }
            return
        }
        if let file = output.file, format.options.contains(.bodyName) {
            // As with curl, a name below the directory.
            guard !output.isOneOfSeveral, nameTemplate == nil else {
                throw UsageError("-o names one file: with --output-dir it goes with a single URL, or with a --format of records")
            }
            nameTemplate = Self.literal(file)
            output.file = nil
        }
        if files.takesRemoteNames { try settleRemoteNames() }
        if let nameTemplate { files.template = try Self.template(nameTemplate) }
        // A part that is to be continued needs the time of the whole.
        files.continues = isContinued
        if isContinued { files.keepsTime = true }
        if formatSettings.includesFailedBodies { files.bodies = .all }
        if files.template.needsBody && (files.existing == .skip || isContinued) {
            throw UsageError("with {sha256} in its name a file cannot be known before it is there: leave --skip-existing and -C away")
        }
        output.directory = files
    }

    private mutating func settleRemoteNames() throws {
        if files.existing == .skip || isContinued {
            throw UsageError("with -J a file cannot be known before the server has named it: leave --skip-existing and -C away")
        }
        if let nameTemplate, nameTemplate != Self.remoteName {
            throw UsageError("-J takes names from the server: leave --name and -o away")
        }
        // A server must not choose which file it replaces.
        files.existing = .number
    }

    /// `-C - -o FILE`, as with curl: one body, of which the file may hold the first part.
    private mutating func settleContinuation(of file: String) throws {
        guard format.options.contains(.bodyName), !output.isOneOfSeveral else {
            throw UsageError("-C - with -o takes one URL and --format body; use --output-dir for several")
        }
        if let option = needingFiles.first(where: { !["-C", "-R", "--manifest"].contains($0) }) {
            throw UsageError("\(option) needs --output-dir or -O")
        }
        let slash = file.utf8.lastIndex(of: UInt8(ascii: "/"))
        let name = slash.map { String(file[file.utf8.index(after: $0)...]) } ?? file
        guard NameRules().path(for: name).description == name else {
            throw UsageError("-C cannot continue a file that is called '\(name.shown)'")
        }
        files = FileSettings()
        files.directory = slash.map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
        files.template = try Self.template(Self.literal(name))
        files.continues = true
        files.keepsTime = true
        output.directory = files
        output.file = nil
    }

    /// The last part of a URL's path.
    private static let remoteName = "{basename}"

    private static func literal(_ name: String) -> String { name.replacing("{", with: "{{").replacing("}", with: "}}") }

    private static func template(_ name: String) throws -> NameTemplate {
        do { return try NameTemplate(name) } catch { throw UsageError("--name: \(error)") }
    }
}
