// What the options say about files for bodies.

import ArgumentParser
import FetchFormats

extension FileSettings {
    /// Throws `ValidationError`.
    init(_ options: FileOptions) throws {
        directory = options.outputDir ?? "."
        isSharded = options.shardDirs
        continues = options.continueAt != nil
        // A part that is to be continued needs the time of the whole.
        keepsTime = options.remoteTime || continues
        existing = options.skipExisting ? .skip : options.noClobber ? .number : .replace
        if let name = options.name ?? (options.remoteName ? "{basename}" : nil) { template = try Self.template(name) }
        if template.needsBody && (existing == .skip || continues) {
            throw ValidationError("With {sha256} in its name a file cannot be known before it is there: leave --skip-existing and -C away.")
        }
    }

    /// One file that is named already. Throws `ValidationError`.
    init(continuing file: String) throws {
        let slash = file.utf8.lastIndex(of: UInt8(ascii: "/"))
        let name = slash.map { String(file[file.utf8.index(after: $0)...]) } ?? file
        guard NameRules().path(for: name).description == name else {
            throw ValidationError("-C cannot continue a file that is called \"\(name)\".")
        }
        directory = slash.map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
        template = try Self.template(name.replacing("{", with: "{{").replacing("}", with: "}}"))
        continues = true
        keepsTime = true
    }

    /// Throws `ValidationError`.
    static func template(_ name: String) throws -> NameTemplate {
        do { return try NameTemplate(name) } catch { throw ValidationError("--name: \(error)") }
    }
}
